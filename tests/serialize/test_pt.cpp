#include <rondo/autograd/serialize/archive.h>
#include <rondo/autograd/serialize/pt.h>
#include <rondo/tests/serialize/files.h>
#include <rondo/tests/serialize/zip_maker.h>
#include <rondo/tests/support/values.h>

using rondo::IValue;
using rondo::Tensor;
using rondo::serialize::InputArchive;
using support::check_error;
using support::check_values;

namespace {

// Pieces of pickles: a tensor of the storage "0" of six floats.
const std::string kProtocol = "\x80\2";
std::string text(const std::string& string) {
  std::string code = "X";
  for (int i = 0; i < 4; ++i) code.push_back(static_cast<char>(string.size() >> (8 * i) & 0xff));
  return code + string;
}
std::string integer(int64_t number) {
  std::string code = "\x8a\x08";
  for (int i = 0; i < 8; ++i) code.push_back(static_cast<char>(number >> (8 * i) & 0xff));
  return code;
}
std::string integers(const std::vector<int64_t>& numbers) {
  std::string code = "(";
  for (const int64_t number : numbers) code += integer(number);
  return code + "t";
}
std::string storage(const std::string& kind = "FloatStorage", int64_t count = 6, const std::string& key = "0") {
  return "(" + text("storage") + "ctorch\n" + kind + "\n" + text(key) + text("cpu") + integer(count) + "tQ";
}
std::string tensor(const std::vector<int64_t>& sizes, const std::vector<int64_t>& strides, int64_t offset = 0,
                   const std::string& from = storage()) {
  return "ctorch._utils\n_rebuild_tensor_v2\n(" + from + integer(offset) + integers(sizes) + integers(strides) +
         "\x89"
         "ccollections\nOrderedDict\n)RtR";
}
std::string dictionary(const std::string& items) { return kProtocol + "}(" + items + "u."; }

InputArchive load(const std::string& pickle) {
  const std::string file = files::pt(pickle);
  InputArchive archive;
  archive.load_from(file.data(), file.size());
  return archive;
}
void refuses(const std::string& pickle, const std::string& needle) {
  check_error([&] { load(pickle); }, needle);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pt)

BOOST_AUTO_TEST_CASE(state_dictionaries_of_pytorch) {
  for (const char* name : {"python_state.pt", "python_state_4.pt"}) {
    const rondo::StateDict state = rondo::load_pt(files::fixture(name));
    BOOST_TEST((state.keys() == std::vector<std::string>{"0.weight", "0.bias", "1.running_mean",
                                                         "1.num_batches_tracked", "mask", "half", "none", "row"}));
    const Tensor& weight = state["0.weight"];
    BOOST_TEST((weight.strides() == rondo::IntArrayRef({1, 3})));
    check_values(weight, {0, 3, 1, 4, 2, 5});
    BOOST_TEST(weight.requires_grad());
    BOOST_TEST(!state["0.bias"].requires_grad());
    check_values(state["0.bias"], {6, 7});
    BOOST_TEST((weight.storage().is_alias_of(state["0.bias"].storage())), "tensors that shared memory share it again");
    check_values(state["1.running_mean"], {0.5, -1.5});
    BOOST_TEST(state["1.num_batches_tracked"].item<int64_t>() == 7);
    BOOST_TEST((state["mask"].dtype() == rondo::kBool));
    check_values(state["half"], {1.5, -2});
    BOOST_TEST((state["none"].sizes() == rondo::IntArrayRef({0, 3})));
    check_values(state["row"], {4, 4, 4, 4, 4, 4});
  }
}

BOOST_AUTO_TEST_CASE(checkpoints_of_many_things) {
  InputArchive archive, optimizer, groups, group;
  archive.load_from(files::fixture("python_nested.pt"));
  BOOST_TEST((archive.keys() == std::vector<std::string>{"model", "optimizer", "epoch", "note", "big"}));
  IValue value;
  archive.read("epoch", value);
  BOOST_TEST(value.toInt() == 12);
  archive.read("note", value);
  BOOST_TEST(value.toStringRef() == "n\u00e4her");
  archive.read("big", value);
  BOOST_TEST(value.toInt() == -(int64_t{1} << 40));
  archive.read("optimizer", optimizer);
  optimizer.read("param_groups", groups);
  groups.read("0", group);
  group.read("betas", value);
  BOOST_TEST((value.toDoubleVector() == std::vector<double>{0.9, 0.999}));
  group.read("amsgrad", value);
  BOOST_TEST(!value.toBool());
  group.read("foreach", value);
  BOOST_TEST(value.isNone());
  group.read("params", value);
  BOOST_TEST((value.toIntVector() == std::vector<int64_t>{0}));

  Tensor tensor;
  rondo::load(tensor, files::fixture("python_tensor.pt"));
  check_values(tensor, {1, 2, 3});
  std::vector<Tensor> list;
  rondo::load(list, files::fixture("python_list.pt"));
  BOOST_TEST(list.size() == 2u);
  check_values(list[1], {0.25});
}

BOOST_AUTO_TEST_CASE(what_libtorch_saves) {
  Tensor tensor;
  rondo::load(tensor, files::fixture("libtorch_tensor.pt"));
  check_values(tensor, {0, 1, 2, 3, 4, 5});
  BOOST_TEST((tensor.dtype() == rondo::kDouble));
  BOOST_TEST(tensor.requires_grad());
  std::vector<Tensor> list;
  rondo::load(list, files::fixture("libtorch_list.pt"));
  BOOST_TEST(list.size() == 6u);
  check_values(list[1], {1, 0});
  check_values(list[2], {0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11});
  BOOST_TEST((list[3].sizes() == rondo::IntArrayRef({0, 2})));
  check_values(list[4], {2.5});
  check_values(list[5], {1.5});
  InputArchive archive, nested;
  archive.load_from(files::fixture("libtorch_values.pt"));
  IValue value;
  archive.read("i", value);
  BOOST_TEST(value.toInt() == 7);
  archive.read("s", value);
  BOOST_TEST(value.toStringRef() == "text");
  archive.read("li", value);
  BOOST_TEST((value.toIntVector() == std::vector<int64_t>{1, 2, 3}));
  archive.read("lf", value);
  BOOST_TEST((value.toDoubleVector() == std::vector<double>{0.5, 1}));
  archive.read("tl", value);
  BOOST_TEST(value.toTensorVector().size() == 2u);
  archive.read("nested", nested);
  nested.read("x", tensor);
  check_values(tensor, {1, 1, 1});
}

BOOST_AUTO_TEST_CASE(nothing_is_run) {
  const std::string call = text("echo") + "\x85R.";
  refuses(kProtocol + "cos\nsystem\n" + call, "asks for 'os.system', which is no part of a state dictionary");
  refuses(kProtocol + "cbuiltins\neval\n" + call, "'builtins.eval'");
  refuses(kProtocol + "cposix\nsystem\n" + call, "'posix.system'");
  refuses(kProtocol + text("os") + text("system") + "\x93" + call, "'os.system'");
  refuses(kProtocol + "ctorch._utils\n_rebuild_tensor_v3\n.", "_rebuild_tensor_v3");
  refuses(kProtocol + "c__main__\nNet\n)\x81.", "save model.state_dict() instead");
  refuses(kProtocol + "cos\n", "a name without an end");
  refuses(kProtocol + "i" + "os\nsystem\n", "an instruction (0x69)");
  refuses(kProtocol + "\x82\1.", "an instruction (0x82)");
  refuses(kProtocol + "ccollections\nOrderedDict\n.", "a name where a value is needed");
  refuses(kProtocol + "}ccollections\nOrderedDict\n" + text("a") + "s.", "a name where a value is needed");
  // A class of TorchScript is a bag of attributes, whatever it is called.
  InputArchive archive = load(kProtocol + "c__torch__.os\nsystem\n)\x81}" + text("a") + "K\1sb.");
  IValue value;
  archive.read("a", value);
  BOOST_TEST(value.toInt() == 1);
}

BOOST_AUTO_TEST_CASE(pickles_that_are_not_sound_are_refused) {
  refuses("", "the text ends too early");
  refuses(kProtocol, "the text ends too early");
  refuses(kProtocol + ".", "an empty stack");
  refuses(kProtocol + "(.", "a name where a value is needed");
  refuses(kProtocol + "0.", "an empty stack");
  refuses(kProtocol + "t.", "no mark");
  refuses(kProtocol + "K\1K\2a.", "no list");
  refuses(kProtocol + ")K\2a.", "a tuple cannot be added to");
  refuses(kProtocol + "]K\1K\2s.", "no dictionary");
  refuses(kProtocol + "}(K\1u.", "a key without a value");
  refuses(kProtocol + "h\5.", "number 5 was never remembered");
  refuses(kProtocol + "q\1.", "nothing to remember");
  refuses(kProtocol + "K\1)R.", "what is no function");
  refuses(kProtocol + "K\1}b.", "unknown state");
  refuses(kProtocol + "X\xff\xff\xff\xff.", "the text ends too early");
  refuses(kProtocol +
              "\x8a\x09"
              "123456789.",
          "beyond 64 bits");
  refuses(kProtocol + "U\1\xff.", "not UTF-8");
  refuses("\x80\1.", "protocol 1");
  refuses("\x80\5.", "protocol 5");
  refuses(dictionary(")K\1"), "neither a string nor an integer");
  refuses(dictionary(text("a") + "K\1" + text("a") + "K\2"), "'a' comes twice");
}

BOOST_AUTO_TEST_CASE(tensors_stay_within_their_storage) {
  const auto with = [](const std::string& code) { return dictionary(text("x") + code); };
  InputArchive archive = load(with(tensor({2, 3}, {3, 1})));
  Tensor x;
  archive.read("x", x);
  BOOST_TEST(x.numel() == 6);
  constexpr int64_t kHuge = int64_t{1} << 62;
  refuses(with(tensor({2, 3}, {3, 1}, 1)), "beyond its storage");
  refuses(with(tensor({7}, {1})), "beyond its storage");
  refuses(with(tensor({2}, {6})), "beyond its storage");
  refuses(with(tensor({2}, {-1}, 3)), "beyond its storage");
  refuses(with(tensor({3}, {kHuge})), "beyond its storage");
  refuses(with(tensor({1}, {1}, kHuge)), "beyond its storage");
  refuses(with(tensor({0}, {1}, 7)), "beyond its storage");
  refuses(with(tensor({1}, {1}, -1)), "impossible shape");
  refuses(with(tensor({-1}, {1})), "impossible shape");
  refuses(with(tensor({kHuge, kHuge}, {0, 0})), "impossible shape");
  refuses(with(tensor({2, 3}, {1})), "impossible shape");
  refuses(with(tensor({6}, {1}, 0, storage("DoubleStorage"))), "storage '0' has 24 bytes");
  refuses(with(tensor({6}, {1}, 0, storage("FloatStorage", 7))), "storage '0' has 24 bytes");
  refuses(with(tensor({6}, {1}, 0, storage("FloatStorage", kHuge))), "storage '0' has 24 bytes");
  refuses(with(tensor({6}, {1}, 0, storage("FloatStorage", 6, "1"))), "storage '1' is missing");
  refuses(with(tensor({6}, {1}, 0, "K\1")), "a tensor without a storage");
  refuses(with(storage()), "a storage without a tensor");
  refuses(with(tensor({6}, {1}) + text("y") + tensor({6}, {1}, 0, storage("IntStorage"))), "described in two ways");
  refuses(with(tensor({6}, {1}, 0, storage("ComplexFloatStorage"))), "'torch.ComplexFloatStorage'");
}

BOOST_AUTO_TEST_CASE(containers_that_refer_to_each_other_come_to_an_end) {
  refuses(kProtocol + "}q\1" + text("a") + "h\1s.", "levels deep");
  refuses(kProtocol + "]q\1h\1a.", "levels deep");
  // Each list holds the one before ten times.
  std::string lists = kProtocol + "](K\1K\2eq" + std::string(1, '\0');
  for (char level = 1; level < 12; ++level) {
    lists += "](";
    for (int i = 0; i < 10; ++i) lists += std::string("h") + static_cast<char>(level - 1);
    lists += std::string("eq") + level;
  }
  refuses(lists + ".", "refer to each other too often");
  // A long key above many values.
  std::string wide = kProtocol + "}" + text(std::string(100000, 'k')) + "}(";
  for (int i = 0; i < 5000; ++i)
    wide += "M" + std::string({static_cast<char>(i & 0xff), static_cast<char>(i >> 8)}) + "N";
  refuses(wide + "us.", "refer to each other too often");
  // The same list becomes a dictionary again and again.
  std::string copies = kProtocol + "](";
  for (int i = 0; i < 1000; ++i) copies += "K\1K\2\x86";
  copies += "e\x85q\1";
  for (int i = 0; i < 1000; ++i) copies += "ccollections\nOrderedDict\nh\1R0";
  refuses(copies + ".", "copied too often");
  std::string deep = kProtocol;
  for (int i = 0; i < 100000; ++i) deep += "]";
  for (int i = 1; i < 100000; ++i) deep += "a";
  refuses(deep + ".", "levels deep");
}

BOOST_AUTO_TEST_CASE(archives_that_are_not_sound_are_refused) {
  const std::string pickle = dictionary(text("x") + tensor({6}, {1}));
  const std::string good = files::pt(pickle);
  const files::Folder folder;
  const auto refuses_file = [&](const std::string& bytes, const std::string& needle) {
    files::write(folder / "x.pt", bytes);
    check_error([&] { rondo::load_pt(folder / "x.pt"); }, needle);
  };
  const std::string entry = "PK\1\2", end = "PK\5\6";
  const auto patched = [&](const std::string& mark, size_t place, uint64_t number, size_t width) {
    std::string bytes = good;
    files::patch(bytes, mark, place, number, width);
    return bytes;
  };
  files::write(folder / "x.pt", good);
  BOOST_TEST(rondo::load_pt(folder / "x.pt")["x"].numel() == 6);
  refuses_file(patched(end, 16, 1 << 30, 4), "the directory lies outside");
  refuses_file(patched(end, 12, 1 << 30, 4), "the directory lies outside");
  refuses_file(patched(end, 10, 60000, 2), "too few for 60000 members");
  refuses_file(patched(end, 10, 3, 2), "too few for 3 members");
  refuses_file(patched(end, 20, 7, 2), "its end is missing");
  refuses_file(patched(entry, 42, 1 << 30, 4), "overlaps another or the directory");
  refuses_file(patched(entry, 42, 0, 4), "overlaps another");
  refuses_file(patched(entry, 42, 5, 4), "overlaps another");
  refuses_file(patched(entry, 20, 1 << 30, 4), "overlaps another or the directory");
  refuses_file(patched(entry, 24, 1 << 30, 4), "cannot have 1073741824 bytes");
  refuses_file(patched(entry, 16, 0, 4), "its checksum differs");
  refuses_file(patched(entry, 8, 1, 2), "is encrypted");
  refuses_file(patched(entry, 10, 12, 2), "compressed by method 12");
  refuses_file(patched(entry, 28, 60000, 2), "is not whole");
  refuses_file(patched(entry, 0, 0, 4), "entry 1 of the directory is not sound");
  refuses_file(patched("PK\3\4", 26, 3, 2), "is not where the directory says");
  refuses_file(files::zip({{"a/data.pkl", pickle}, {"a/data/0", std::string(24, '\0')}}, true), "compressed");
  refuses_file(files::zip({{"a/data.pkl", pickle}, {"a/data.pkl", pickle}}), "comes twice");
  refuses_file(files::zip({{"x.npy", pickle}}), "no data.pkl");
  refuses_file(files::zip({{"a/data.pkl", pickle}, {"a/byteorder", "big"}}), "the high byte first");
  refuses_file(files::zip({}), "no data.pkl");
  refuses_file("PK\3\4", "too short");
  refuses_file(std::string("\x80\2\x8a\nl\xfc\x9c\x46\xf9 j\xa8P\x19.", 15), "before 1.6");
  // A deflated member that claims more than deflating can shrink; one that is not what it claims.
  std::string bomb = files::zip({{"x.npy", std::string(1 << 20, '\0')}}, true);
  files::patch(bomb, entry, 24, 0xfffffffe, 4);
  refuses_file(bomb, "cannot have 4294967294 bytes");
  // Something before and behind the archive.
  refuses_file("#!" + good, "entry 0 of the directory is not sound");
  refuses_file(good + "!", "its end is missing");
}

BOOST_AUTO_TEST_SUITE_END()
