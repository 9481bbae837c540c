#include <rondo/autograd/serialize/npy.h>
#include <rondo/tests/serialize/files.h>
#include <rondo/tests/support/values.h>

#include <cstdio>

using rondo::Tensor;
using support::check_error;
using support::check_values;

namespace {

// Version 1 of the format with this header.
std::string array(const std::string& header, size_t bytes) {
  std::string file("\x93NUMPY\1\0", 8);
  file.push_back(static_cast<char>(header.size() & 0xff));
  file.push_back(static_cast<char>(header.size() >> 8));
  return file + header + std::string(bytes, '\1');
}

// What a program prints, "" where there is none.
std::string output_of(const std::string& command) {
  std::string text;
  if (FILE* pipe = ::popen(command.c_str(), "r")) {
    char buffer[256];
    while (const size_t got = std::fread(buffer, 1, sizeof(buffer), pipe)) text.append(buffer, got);
    ::pclose(pipe);
  }
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(npy)

BOOST_AUTO_TEST_CASE(arrays_of_numpy) {
  const auto load = [](const char* name) { return rondo::load_npy(files::fixture(name)); };
  check_values(load("c.npy"), {0, 1, 2, 3, 4, 5});
  BOOST_TEST((load("c.npy").sizes() == rondo::IntArrayRef({2, 3})));
  const Tensor fortran = load("fortran.npy");
  BOOST_TEST((fortran.strides() == rondo::IntArrayRef({1, 2, 6})));
  BOOST_TEST(rondo::equal(fortran, rondo::arange(24, rondo::kInt).reshape({2, 3, 4})));
  check_values(load("big_endian.npy"), {0, 1, 2, 3});
  BOOST_TEST(load("scalar.npy").dim() == 0);
  BOOST_TEST((load("bools.npy").dtype() == rondo::kBool));
  BOOST_TEST((load("empty.npy").sizes() == rondo::IntArrayRef({0, 3})));
  check_values(load("version_2.npy"), {0, 1, 2});
  for (const char* name : {"stored.npz", "deflated.npz"}) {
    const rondo::StateDict all = rondo::load_npz(files::fixture(name));
    BOOST_TEST((all.keys() == std::vector<std::string>{"a", "layer.b", "u"}));
    check_values(all["a"], {0, 1, 2});
    check_values(all["u"], {200});
  }
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read) {
  const files::Folder folder;
  rondo::StateDict state;
  int number = 0;
  for (const auto type : {rondo::kByte, rondo::kChar, rondo::kShort, rondo::kInt, rondo::kLong, rondo::kHalf,
                          rondo::kFloat, rondo::kDouble, rondo::kBool}) {
    for (const std::vector<int64_t>& shape : {std::vector<int64_t>{}, {0, 2}, {5}, {2, 3, 4}}) {
      const Tensor tensor = rondo::randn(shape).mul(3).to(type);
      rondo::save_npy(tensor, folder / "x.npy");
      const Tensor loaded = rondo::load_npy(folder / "x.npy");
      BOOST_TEST((loaded.dtype() == type));
      BOOST_TEST((loaded.sizes() == tensor.sizes()));
      BOOST_TEST(rondo::equal(loaded, tensor));
      state.insert("x" + std::to_string(number++), tensor);
    }
  }
  state.insert("strided", rondo::arange(100000, rondo::kDouble).reshape({250, 400}).t());
  for (const bool compressed : {false, true}) {
    rondo::save_npz(state, folder / "x.npz", compressed);
    const rondo::StateDict loaded = rondo::load_npz(folder / "x.npz");
    BOOST_TEST((loaded.keys() == state.keys()));
    for (const auto& item : state) BOOST_TEST(rondo::equal(loaded[item.key()], item.value()), item.key());
  }
  BOOST_TEST(std::filesystem::file_size(folder / "x.npz") < 700000u);
  check_error([&] { rondo::save_npy(rondo::ones({1}, rondo::kBFloat16), folder / "y.npy"); }, "no dtype bfloat16");
  BOOST_TEST(!std::filesystem::exists(folder / "y.npy"));
  BOOST_TEST(folder.count() == 2u);
}

BOOST_AUTO_TEST_CASE(numpy_reads_what_is_written) {
  if (output_of("python3 -c 'import numpy; print(1)' 2>/dev/null") != "1\n") {
    BOOST_TEST_MESSAGE("skipped: Python has no numpy");
    return;
  }
  const files::Folder folder;
  rondo::StateDict state;
  state.insert("a", rondo::arange(6, rondo::kFloat).reshape({2, 3}).t());
  state.insert("n\u00e4h", rondo::ones({2}, rondo::kBool));
  rondo::save_npy(state["a"], folder / "a.npy");
  for (const bool compressed : {false, true}) {
    rondo::save_npz(state, folder / "all.npz", compressed);
    const std::string text = output_of("cd '" + folder / "." +
                                       "' && python3 -c \"import numpy, zipfile; a = numpy.load('a.npy'); z = "
                                       "numpy.load('all.npz'); print(a.tolist(), z['a'].dtype, z['a'].tolist(), "
                                       "ascii(sorted(z)), zipfile.ZipFile('all.npz').testzip())\"");
    BOOST_TEST(text ==
               "[[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]] float32 [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]] ['a', "
               "'n\\xe4h'] None\n");
  }
}

BOOST_AUTO_TEST_CASE(arrays_that_are_not_sound_are_refused) {
  const files::Folder folder;
  const auto refuses = [&](const std::string& bytes, const std::string& needle) {
    files::write(folder / "x.npy", bytes);
    check_error([&] { rondo::load_npy(folder / "x.npy"); }, needle);
  };
  const auto header = [](const std::string& type, const std::string& shape) {
    return "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
  };
  BOOST_TEST(rondo::load_npy(files::fixture("c.npy")).numel() == 6);
  refuses(array(header("<f4", "(2,)"), 7), "is to have 8 bytes; there are 7");
  refuses(array(header("<f4", "(2,)"), 9), "is to have 8 bytes; there are 9");
  refuses(array(header("<f4", "(4294967296, 4294967296)"), 0), "too many bytes");
  refuses(array(header("<f4", "(9223372036854775807, 1)"), 0), "too many bytes");
  refuses(array(header("<f4", "(99999999999999999999,)"), 0), "beyond 63 bits");
  refuses(array(header("<f4", "(-1,)"), 0), "no size");
  refuses(array(header("<c8", "(1,)"), 8), "'<c8', which rondo does not have");
  refuses(array(header("O", "(1,)"), 8), "'O', which rondo does not have");
  refuses(array(header("", "(1,)"), 8), "'', which rondo does not have");
  refuses(array("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", 4), "fields with names");
  refuses(array("{'descr': '<f4', 'shape': (1,)}", 4), "is missing");
  refuses(array("{'descr': '<f4', 'descr': '<f4'}", 4), "second 'descr'");
  refuses(array("{'descr': '<f4', 'fortran_order': 1, 'shape': (1,)}", 4), "no True or False");
  refuses(array(header("<f4", "(1,)") + "x", 4), "behind the dictionary");
  refuses(std::string("\x93NUMPY\4\0\1\0{", 11), "version 4");
  refuses("NUMPY", "ends too early");
  refuses("\x89PNG\r\n\x1a\n and more", "no array of NumPy");
}

BOOST_AUTO_TEST_SUITE_END()
