#include <rondo/data.h>
#include <rondo/data/gzip.h>
#include <rondo/tests/support/values.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

using namespace rondo::data;
using rondo::Tensor;
using support::check_error;
using support::check_values;

namespace {

using Bytes = std::vector<uint8_t>;

// {1, 2, 3; 4, 5, 6} of int16.
const Bytes kSmall = {0, 0, 0x0b, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 1, 0, 2, 0, 3, 0, 4, 255, 251, 0, 6};
// gzip files. "abc" a hundred times in a block of fixed codes; "rondo" in a stored block, with every optional field of
// the header; 300 letters a to d in a block of codes of its own.
const Bytes kFixed = {31, 139, 8,   0,  0, 0,   0,   0,   0,   3,  75, 76, 74, 78,
                      28, 69,  196, 33, 0, 132, 184, 196, 208, 44, 1,  0,  0};
const Bytes kStored = {31,  139, 8,   30,  0,   0,   0,   0,   0,   3,   2,   0,  88, 89, 110, 97,
                       109, 101, 0,   99,  111, 109, 109, 101, 110, 116, 0,   71, 57, 1,  5,   0,
                       250, 255, 114, 111, 110, 100, 111, 167, 151, 160, 184, 5,  0,  0,  0};
const Bytes kOwnCodes = {31,  139, 8,   0,   0,   0,   0,   0,   0,   3,   53,  144, 97,  26,  0,   48,  4,   66,  207,
                         234, 213, 253, 207, 48,  97,  251, 129, 47,  73,  86,  72,  170, 126, 29,  168, 169, 156, 178,
                         65,  146, 58,  58,  32,  201, 65,  150, 69,  29,  189, 155, 50,  78,  135, 193, 13,  52,  83,
                         30,  138, 75,  68,  101, 164, 102, 222, 8,   86,  80,  215, 25,  253, 70,  217, 5,   193, 173,
                         41,  19,  91,  44,  173, 106, 159, 206, 14,  196, 250, 93,  190, 214, 29,  55,  16,  131, 73,
                         202, 93,  49,  119, 148, 59,  114, 70,  107, 207, 128, 219, 93,  119, 127, 197, 252, 255, 133,
                         117, 203, 184, 95,  203, 60,  48,  118, 67,  169, 44,  1,   0,   0};

std::string unpacked(const Bytes& bytes) {
  const Bytes content = gunzip(bytes);
  return std::string(content.begin(), content.end());
}

struct Folder {
  Folder() : path(std::filesystem::temp_directory_path() / ("rondo_files_" + std::to_string(std::random_device()()))) {
    std::filesystem::create_directory(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  void write(const std::string& name, const Bytes& bytes) const {
    std::ofstream(path / name, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }
  std::filesystem::path path;
};

Bytes images_of(uint32_t count) {
  Bytes bytes = {0, 0, 8, 3, 0, 0, 0, static_cast<uint8_t>(count), 0, 0, 0, 28, 0, 0, 0, 28};
  for (uint32_t i = 0; i < count * 28 * 28; ++i) bytes.push_back(static_cast<uint8_t>(i / (28 * 28) * 51));
  return bytes;
}
Bytes labels_of(const Bytes& labels) {
  Bytes bytes = {0, 0, 8, 1, 0, 0, 0, static_cast<uint8_t>(labels.size())};
  bytes.insert(bytes.end(), labels.begin(), labels.end());
  return bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(files)

BOOST_AUTO_TEST_CASE(idx_of_every_type) {
  const Tensor small = read_idx(kSmall);
  BOOST_TEST(small.scalar_type() == rondo::kShort);
  BOOST_TEST(small.sizes() == (std::vector<int64_t>{2, 3}));
  check_values(small, {1, 2, 3, 4, -5, 6});
  check_values(read_idx(Bytes{0, 0, 0x08, 1, 0, 0, 0, 2, 1, 255}), {1, 255});
  check_values(read_idx(Bytes{0, 0, 0x09, 1, 0, 0, 0, 2, 1, 255}), {1, -1});
  check_values(read_idx(Bytes{0, 0, 0x0c, 0, 0, 1, 0, 2}), {65538});
  check_values(read_idx(Bytes{0, 0, 0x0d, 0, 0x3f, 0xc0, 0, 0}), {1.5});
  check_values(read_idx(Bytes{0, 0, 0x0e, 1, 0, 0, 0, 1, 0xbf, 0xf8, 0, 0, 0, 0, 0, 0}), {-1.5});
  BOOST_TEST(read_idx(Bytes{0, 0, 0x08, 2, 0, 0, 0, 0, 0, 0, 0, 7}).sizes() == (std::vector<int64_t>{0, 7}));
}

BOOST_AUTO_TEST_CASE(unsound_idx) {
  const auto refused = [](Bytes bytes, const std::string& needle) {
    check_error([&] { read_idx(bytes, "x.idx"); }, needle);
  };
  refused({}, "x.idx: 0 bytes are too few");
  refused({0, 1, 8, 1}, "begins with two zeros");
  refused({0, 0, 0x0a, 1}, "unknown type of numbers 0x0a");
  refused({0, 0, 8, 9}, "9 dimensions; at most 8");
  refused({0, 0, 8, 2, 0, 0, 0, 1}, "too few for 2 sizes");
  refused({0, 0, 8, 1, 0, 0, 0, 3, 1, 2}, "2 bytes follow the sizes (3,); need 3");
  refused({0, 0, 8, 1, 0, 0, 0, 1, 1, 2}, "2 bytes follow the sizes (1,); need 1");
  refused({0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0}, "are too large");
  for (size_t length = 0; length < kSmall.size(); ++length) {
    BOOST_CHECK_THROW(read_idx(Bytes(kSmall.begin(), kSmall.begin() + static_cast<std::ptrdiff_t>(length))),
                      rondo::Error);
  }
}

BOOST_AUTO_TEST_CASE(gzip_files) {
  std::string hundred;
  for (int i = 0; i < 100; ++i) hundred += "abc";
  BOOST_TEST(unpacked(kFixed) == hundred);
  BOOST_TEST(unpacked(kStored) == "rondo");
  const std::string letters = unpacked(kOwnCodes);
  BOOST_TEST(letters.size() == 300u);
  BOOST_TEST(letters.substr(0, 20) == "abcccaaaacaabacaaaad");
  BOOST_TEST(std::count(letters.begin(), letters.end(), 'a') == 152);
  Bytes two = kStored;
  two.insert(two.end(), kFixed.begin(), kFixed.end());
  BOOST_TEST(unpacked(two) == "rondo" + hundred);
  BOOST_TEST(is_gzip(kFixed));
  BOOST_TEST(!is_gzip(kSmall));
}

BOOST_AUTO_TEST_CASE(unsound_gzip_files) {
  for (const Bytes& whole : {kFixed, kStored, kOwnCodes}) {
    for (size_t length = 0; length < whole.size(); ++length) {
      BOOST_CHECK_THROW(gunzip(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length))),
                        rondo::Error);
    }
    Bytes longer = whole;
    longer.insert(longer.end(), 512, 0);
    BOOST_TEST(gunzip(longer) == gunzip(whole));
    longer.push_back(1);
    BOOST_CHECK_THROW(gunzip(longer), rondo::Error);
    // A change is found, or is in a field that says nothing of the content.
    const Bytes content = gunzip(whole);
    for (size_t bit = 0; bit < 8 * whole.size(); ++bit) {
      Bytes changed = whole;
      changed[bit / 8] = static_cast<uint8_t>(changed[bit / 8] ^ 1 << bit % 8);
      try {
        BOOST_TEST(gunzip(changed) == content);
      } catch (const rondo::Error&) {}
    }
  }
  check_error([] { gunzip(Bytes{1, 2, 3}); }, "it is no gzip file");
}

BOOST_AUTO_TEST_CASE(the_real_files) {
  const char* data = std::getenv("RONDO_DATA");
  const std::filesystem::path path = std::filesystem::path(data ? data : "") / "mnist/t10k-labels-idx1-ubyte.gz";
  if (data && std::filesystem::exists(path)) {
    const Tensor labels = read_idx_file(path.string());
    BOOST_TEST(labels.size(0) == 10000);
    BOOST_TEST(labels.eq(1).sum().item<int64_t>() == 1135);
  }
}

BOOST_AUTO_TEST_CASE(mnist_folders) {
  const Folder folder;
  const std::string root = folder.path.string();
  check_error([&] { datasets::MNIST{root}; }, "Error opening images file at");
  folder.write("train-images-idx3-ubyte", images_of(3));
  check_error([&] { datasets::MNIST{root}; }, "Error opening targets file at");
  folder.write("train-labels-idx1-ubyte", labels_of({7, 8, 9}));
  datasets::MNIST train(root);
  BOOST_TEST(train.is_train());
  BOOST_TEST(*train.size() == 3u);
  BOOST_TEST(train.images().sizes() == (std::vector<int64_t>{3, 1, 28, 28}));
  BOOST_TEST(train.get(2).data.max().item<float>() == 102.0f / 255);
  BOOST_TEST(train.get(1).target.item<int64_t>() == 8);
  folder.write("t10k-images-idx3-ubyte", images_of(2));
  folder.write("t10k-labels-idx1-ubyte", labels_of({1}));
  check_error([&] { datasets::MNIST(root, datasets::MNIST::Mode::kTest); }, "2 images have 1 labels");
  folder.write("t10k-labels-idx1-ubyte", labels_of({1, 10}));
  check_error([&] { datasets::MNIST(root, datasets::MNIST::Mode::kTest); }, "holds the label 10; need 0 to 9");
  folder.write("t10k-labels-idx1-ubyte", kSmall);
  check_error([&] { datasets::MNIST(root, datasets::MNIST::Mode::kTest); }, "need uint8 of (N,)");
  folder.write("t10k-images-idx3-ubyte", kSmall);
  check_error([&] { datasets::MNIST(root, datasets::MNIST::Mode::kTest); }, "need uint8 of (N, 28, 28)");
}

BOOST_AUTO_TEST_SUITE_END()
