#include <rondo/autograd/serialize/archive.h>
#include <rondo/tests/serialize/files.h>
#include <rondo/tests/support/values.h>

#include <cmath>
#include <limits>
#include <sstream>

using rondo::IValue;
using rondo::Tensor;
using rondo::serialize::InputArchive;
using rondo::serialize::OutputArchive;
using support::check_error;
using support::check_values;

namespace {

InputArchive reloaded(const OutputArchive& archive) {
  std::stringstream stream;
  archive.save_to(stream);
  InputArchive loaded;
  loaded.load_from(stream);
  return loaded;
}

IValue value_of(InputArchive& archive, const std::string& key) {
  IValue value;
  archive.read(key, value);
  return value;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(archives)

BOOST_AUTO_TEST_CASE(every_dtype_and_shape_comes_back) {
  const rondo::ScalarType types[] = {rondo::kByte, rondo::kChar,  rondo::kShort,  rondo::kInt,  rondo::kLong,
                                     rondo::kHalf, rondo::kFloat, rondo::kDouble, rondo::kBool, rondo::kBFloat16};
  const std::vector<std::vector<int64_t>> shapes = {{}, {0}, {3}, {2, 0, 3}, {2, 3, 4}};
  OutputArchive archive;
  std::vector<Tensor> all;
  for (const auto type : types) {
    for (const auto& shape : shapes) {
      all.push_back(rondo::randn(shape).mul(5).to(type));
      archive.write(std::to_string(all.size()), all.back());
    }
  }
  InputArchive loaded = reloaded(archive);
  for (size_t i = 0; i < all.size(); ++i) {
    Tensor tensor;
    loaded.read(std::to_string(i + 1), tensor);
    BOOST_TEST((tensor.dtype() == all[i].dtype()));
    BOOST_TEST((tensor.sizes() == all[i].sizes()));
    BOOST_TEST(rondo::equal(tensor, all[i]));
    BOOST_TEST(reinterpret_cast<uintptr_t>(tensor.data_ptr()) % tensor.element_size() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(values_of_every_kind_come_back_to_the_bit) {
  OutputArchive archive;
  const double odd = 0.1 + 0.2, tiny = std::numeric_limits<double>::denorm_min();
  archive.write("int", std::numeric_limits<int64_t>::min());
  archive.write("double", odd);
  archive.write("tiny", tiny);
  archive.write("nan", std::nan(""));
  archive.write("infinite", -std::numeric_limits<double>::infinity());
  archive.write("bool", false);
  archive.write("text", "quotes \" \\ \n \x01 und Umlaute \u00e4 \U0001F600");
  archive.write("bytes", std::string("\xff\0\x80", 3));
  archive.write("empty", "");
  archive.write("ints", std::vector<int64_t>{3, -1});
  archive.write("no ints", std::vector<int64_t>{});
  archive.write("doubles", std::vector<double>{odd, -0.0});
  archive.write("nothing", IValue());
  archive.write("undefined", Tensor());
  archive.write("tensors", std::vector<Tensor>{rondo::ones({2}), rondo::zeros({})});
  archive.write("no tensors", std::vector<Tensor>{});

  InputArchive loaded = reloaded(archive);
  BOOST_TEST(value_of(loaded, "int").toInt() == std::numeric_limits<int64_t>::min());
  BOOST_TEST(value_of(loaded, "double").toDouble() == odd);
  BOOST_TEST(value_of(loaded, "tiny").toDouble() == tiny);
  BOOST_TEST(std::isnan(value_of(loaded, "nan").toDouble()));
  BOOST_TEST(value_of(loaded, "infinite").toDouble() == -std::numeric_limits<double>::infinity());
  BOOST_TEST(!value_of(loaded, "bool").toBool());
  BOOST_TEST(value_of(loaded, "text").toStringRef() == "quotes \" \\ \n \x01 und Umlaute \u00e4 \U0001F600");
  BOOST_TEST(value_of(loaded, "bytes").toStringRef() == std::string("\xff\0\x80", 3));
  BOOST_TEST(value_of(loaded, "empty").toStringRef().empty());
  BOOST_TEST((value_of(loaded, "ints").toIntVector() == std::vector<int64_t>{3, -1}));
  BOOST_TEST(value_of(loaded, "no ints").toIntVector().empty());
  BOOST_TEST(value_of(loaded, "doubles").toDoubleVector()[0] == odd);
  BOOST_TEST(std::signbit(value_of(loaded, "doubles").toDoubleVector()[1]));
  BOOST_TEST(value_of(loaded, "nothing").isNone());
  BOOST_TEST(!value_of(loaded, "undefined").toTensor().defined());
  BOOST_TEST(value_of(loaded, "tensors").toTensorVector().size() == 2u);
  check_values(value_of(loaded, "tensors").toTensorVector()[0], {1, 1});
  BOOST_TEST(value_of(loaded, "no tensors").toTensorVector().empty());
}

BOOST_AUTO_TEST_CASE(archives_nest_and_keys_may_hold_anything) {
  OutputArchive archive, inner, innermost, empty;
  innermost.write("x", rondo::ones({1}));
  inner.write("a.b", 1);
  inner.write("a%2Eb", 2);
  inner.write("deep", innermost);
  inner.write("empty", empty);
  archive.write("in.ner", inner);
  archive.write("in-", 3);
  archive.write("\u00e4/ \"", 4);

  InputArchive loaded = reloaded(archive), nested, deeper;
  loaded.read("in.ner", nested);
  BOOST_TEST(value_of(nested, "a.b").toInt() == 1);
  BOOST_TEST(value_of(nested, "a%2Eb").toInt() == 2);
  nested.read("deep", deeper);
  Tensor x;
  deeper.read("x", x);
  check_values(x, {1});
  BOOST_TEST(nested.try_read("empty", deeper));
  BOOST_TEST(deeper.keys().empty());
  BOOST_TEST(value_of(loaded, "in-").toInt() == 3);
  BOOST_TEST(value_of(loaded, "\u00e4/ \"").toInt() == 4);
  const auto keys = nested.keys();
  BOOST_TEST(keys.size() == 4u);
  BOOST_TEST((std::find(keys.begin(), keys.end(), "a.b") != keys.end()));
  BOOST_TEST(loaded.keys().size() == 3u);
  BOOST_TEST(!loaded.try_read("in.n", nested));
  BOOST_TEST(!loaded.try_read("i", nested));
}

BOOST_AUTO_TEST_CASE(a_key_written_again_holds_the_last_value) {
  OutputArchive archive, inner, other;
  inner.write("x", 1);
  inner.write("y", 2);
  archive.write("inner", inner);
  archive.write("inner-", 3);
  archive.write("number", 4);
  other.write("z", 5);
  archive.write("inner", other);
  archive.write("number", rondo::ones({2}));
  archive.write("inner-", inner);
  archive.write("inner-", 6);
  InputArchive loaded = reloaded(archive), nested;
  loaded.read("inner", nested);
  BOOST_TEST(nested.keys().size() == 1u);
  BOOST_TEST(value_of(nested, "z").toInt() == 5);
  Tensor tensor;
  loaded.read("number", tensor);
  check_values(tensor, {1, 1});
  BOOST_TEST(value_of(loaded, "inner-").toInt() == 6);
  BOOST_TEST(loaded.keys().size() == 3u);
}

BOOST_AUTO_TEST_CASE(wrong_keys_are_named_with_their_path) {
  OutputArchive archive, inner;
  inner.write("x", 1);
  archive.write("inner", inner);
  inner.write("list", std::vector<Tensor>{rondo::ones({1})});
  check_error([&] { inner.write("", 2); }, "must not be empty");
  check_error([&] { inner.write("self", inner); }, "into itself");
  InputArchive loaded = reloaded(archive), nested;
  loaded.read("inner", nested);
  Tensor tensor;
  IValue value;
  check_error([&] { nested.read("y", tensor); }, "No such serialized tensor 'inner.y'");
  check_error([&] { nested.read("x", tensor); }, "No such serialized tensor 'inner.x'");
  check_error([&] { nested.read("y", value); }, "No such serialized IValue 'inner.y'");
  check_error([&] { nested.read("y", loaded); }, "No such serialized submodule: 'inner.y'");
}

BOOST_AUTO_TEST_CASE(tensors_keep_their_layout_their_gradient_and_their_identity) {
  const Tensor strided = rondo::arange(12, rondo::kFloat).reshape({3, 4}).t();
  Tensor leaf = rondo::ones({2}).requires_grad_();
  OutputArchive archive;
  archive.write("strided", strided);
  archive.write("leaf", leaf);
  archive.write("result", leaf * 2);
  InputArchive loaded = reloaded(archive);
  Tensor tensor, gone = rondo::zeros({5}).requires_grad_(), again;
  loaded.read("strided", tensor);
  BOOST_TEST(rondo::equal(tensor, strided));
  const Tensor same = gone;
  loaded.read("leaf", gone);
  check_values(same, {1, 1});
  BOOST_TEST(gone.is_same(same));
  BOOST_TEST(gone.requires_grad());
  loaded.read("leaf", again);
  BOOST_TEST(again.requires_grad());
  BOOST_TEST(again.is_leaf());
  BOOST_TEST(again.data_ptr() != gone.data_ptr(), "two loads share memory");
  Tensor result;
  loaded.read("result", result);
  BOOST_TEST(result.is_leaf());
  check_values(result, {2, 2});
}

BOOST_AUTO_TEST_CASE(empty_tensors_at_one_place_are_told_apart) {
  OutputArchive archive;
  archive.write("z", rondo::zeros({0}).requires_grad_());
  archive.write("a", rondo::zeros({0, 2}));
  archive.write("m", rondo::zeros({0, 3}).requires_grad_());
  archive.write("x", rondo::zeros({1}));
  InputArchive loaded = reloaded(archive);
  for (const char* key : {"z", "a", "m", "x"}) {
    Tensor tensor;
    loaded.read(key, tensor);
    BOOST_TEST(tensor.requires_grad() == (*key == 'z' || *key == 'm'), key);
  }
  BOOST_TEST((loaded.keys() == std::vector<std::string>{"z", "a", "m", "x"}));
}

BOOST_AUTO_TEST_CASE(files_streams_memory_and_functions) {
  const files::Folder folder;
  const Tensor tensor = rondo::randn({3});
  rondo::save(tensor, folder / "t.safetensors");
  const std::string bytes = files::read(folder / "t.safetensors");
  std::ostringstream out;
  rondo::save(tensor, out);
  BOOST_TEST(out.str() == bytes);
  std::string collected;
  rondo::save(tensor, [&](const void* data, size_t size) {
    collected.append(static_cast<const char*>(data), size);
    return size;
  });
  BOOST_TEST(collected == bytes);
  check_error([&] { rondo::save(tensor, [](const void*, size_t size) { return size / 2; }); }, "the function took");

  const auto check = [&](auto&&... from) {
    Tensor loaded;
    rondo::load(loaded, from...);
    BOOST_TEST(rondo::equal(loaded, tensor));
  };
  check(folder / "t.safetensors");
  check(folder / "t.safetensors", rondo::kCPU);
  check(bytes.data(), bytes.size());
  check([&](uint64_t place, void* to, size_t size) { return bytes.copy(static_cast<char*>(to), size, place); },
        [&] { return bytes.size(); });
  std::istringstream stream(bytes);
  check(stream);
  Tensor loaded;
  check_error([&] { rondo::load(loaded, folder / "t.safetensors", rondo::kCUDA); }, "only be loaded to the CPU");
  check_error(
      [&] {
        rondo::load(
            loaded, [](uint64_t, void*, size_t) { return size_t{0}; }, [] { return size_t{99}; });
      },
      "only 0 of");
  check_error([&] { rondo::load(loaded, folder / "none"); }, "No such file");
  check_error([&] { rondo::load(loaded, folder / "."); }, "no regular file");
  BOOST_TEST(!loaded.defined());
}

BOOST_AUTO_TEST_CASE(lists_and_generators) {
  std::stringstream stream;
  const std::vector<Tensor> tensors = {rondo::ones({2}), rondo::arange(3)};
  rondo::save(tensors, stream);
  std::vector<Tensor> loaded;
  rondo::load(loaded, stream);
  BOOST_TEST(loaded.size() == 2u);
  BOOST_TEST(rondo::equal(loaded[1], tensors[1]));

  const rondo::Generator generator(3), other(4);
  rondo::randn({7}, generator);  // an odd number: half of a pair waits
  OutputArchive archive;
  archive.write("generator", generator);
  InputArchive input = reloaded(archive);
  input.read("generator", other);
  BOOST_TEST(rondo::equal(rondo::randn({9}, generator), rondo::randn({9}, other)));
}

BOOST_AUTO_TEST_CASE(an_older_file_is_still_read) {
  InputArchive archive, nested, empty;
  archive.load_from(files::fixture("archive.safetensors"));
  BOOST_TEST(value_of(archive, "int").toInt() == -5);
  BOOST_TEST(value_of(archive, "float").toDouble() == 0.1);
  BOOST_TEST(value_of(archive, "bytes").toStringRef() == std::string("\xff\0z", 3));
  BOOST_TEST(value_of(archive, "tensors").toTensorVector().size() == 2u);
  archive.read("nes.ted%", nested);
  Tensor weight;
  nested.read("weight", weight);
  check_values(weight, {0, 3, 1, 4, 2, 5});
  BOOST_TEST(weight.requires_grad());
  BOOST_TEST(nested.try_read("empty", empty));
}

BOOST_AUTO_TEST_SUITE_END()
