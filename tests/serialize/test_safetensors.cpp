#include <rondo/autograd/serialize/archive.h>
#include <rondo/autograd/serialize/safetensors.h>
#include <rondo/tests/serialize/files.h>
#include <rondo/tests/support/values.h>

#include <sys/stat.h>

using rondo::Tensor;
using support::check_error;
using support::check_values;

BOOST_AUTO_TEST_SUITE(safetensors)

BOOST_AUTO_TEST_CASE(the_layout_is_that_of_the_format) {
  const files::Folder folder;
  rondo::StateDict state;
  state.insert("small", rondo::ones({3}, rondo::kBool));
  state.insert("wide \"x\"", rondo::arange(4, rondo::kDouble).reshape({2, 2}).t());
  rondo::Metadata metadata;
  metadata.insert("made by", "a test");
  rondo::save_safetensors(state, folder / "x.safetensors", metadata);
  const std::string bytes = files::read(folder / "x.safetensors");
  uint64_t length = 0;
  bytes.copy(reinterpret_cast<char*>(&length), 8);
  BOOST_TEST((8 + length) % 64 == 0u);
  const std::string header = bytes.substr(8, length);
  BOOST_TEST(header.substr(0, header.find_last_not_of(' ') + 1) ==
             R"({"__metadata__":{"made by":"a test"},"wide \"x\"":{"dtype":"F64","shape":[2,2],"data_offsets":[0,32]},)"
             R"("small":{"dtype":"BOOL","shape":[3],"data_offsets":[32,35]}})");
  BOOST_TEST(bytes.size() == 8 + length + 35);
  rondo::Metadata read;
  const rondo::StateDict loaded = rondo::load_safetensors(folder / "x.safetensors", &read);
  BOOST_TEST((read == metadata));
  BOOST_TEST(rondo::equal(loaded["wide \"x\""], state["wide \"x\""]));
  BOOST_TEST(rondo::equal(loaded["small"], state["small"]));
}

BOOST_AUTO_TEST_CASE(files_of_other_programs) {
  rondo::Metadata metadata;
  const rondo::StateDict state = rondo::load_safetensors(files::fixture("python.safetensors"), &metadata);
  check_values(state["w"], {1.5, -2});
  BOOST_TEST(metadata["format"] == "pt");
}

BOOST_AUTO_TEST_CASE(headers_that_are_not_sound_are_refused) {
  const auto refuses = [](const std::string& header, size_t bytes, const std::string& needle) {
    const std::string file = files::safetensors(header, bytes);
    rondo::serialize::InputArchive archive;
    check_error([&] { archive.load_from(file.data(), file.size()); }, needle);
  };
  const std::string one = R"("a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]})";
  refuses("{" + one + "}", 3, "3 bytes of numbers; the header speaks of 4");
  refuses("{" + one + "}", 5, "5 bytes of numbers");
  refuses("{" + one + R"(,"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}})", 6, "the one before ends at 4");
  refuses("{" + one + R"(,"b":{"dtype":"U8","shape":[1],"data_offsets":[5,6]}})", 6, "the one before ends at 4");
  refuses("{" + one + R"(,"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})", 4, "the one before ends at 4");
  refuses("{" + one + "," + one + "}", 4, "names 'a' twice");
  refuses(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}})", 4, "lies at bytes 4 to 0");
  refuses(R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,4]}})", 4, "need 16");
  refuses(R"({"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}})", 0, "need too many");
  refuses(R"({"a":{"dtype":"U8","shape":[0,4294967296,4294967296],"data_offsets":[0,0]}})", 0, "need too many");
  refuses(R"({"a":{"dtype":"U8","shape":[9223372036854775808],"data_offsets":[0,0]}})", 0, "beyond 63 bits");
  refuses(R"({"a":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,0]}})", 0, "beyond 64 bits");
  refuses(R"({"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,0]}})", 0, "a whole number is missing");
  refuses(R"({"a":{"dtype":"U8","shape":[01],"data_offsets":[0,1]}})", 1, "leading zero");
  refuses(R"({"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}})", 1, "',' is missing");
  refuses(R"({"a":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}})", 8, "'C64', which rondo does not have");
  refuses(R"({"a":{"dtype":"U8","shape":[1]}})", 1, "lacks its data_offsets");
  refuses(R"({"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 1, "unknown or second 'dtype'");
  refuses(R"({"__metadata__":{"a":1}})", 0, "'\"' is missing");
  refuses(R"({"__metadata__":{},"__metadata__":{}})", 0, "a second __metadata__");
  refuses(R"({"__metadata__":{"a":"b"}})" + std::string(1, '\0'), 0, "something follows");
  refuses("{\"\xff\":1}", 0, "not UTF-8");
  refuses(R"({"\ud800":1})", 0, "surrogate");
  refuses(R"({"\x":1})", 0, "unknown escape");
  refuses("{\"a\n\":1}", 0, "control character");
  refuses("[1]", 0, "does not begin with '{'");
  refuses(R"({"__metadata__":{"rondo":"2"}})", 0, "version 2 of the format; this rondo reads up to version 1");
  refuses(R"({"__metadata__":{"rondo":"new"}})", 0, "no version");
  refuses(R"({"__metadata__":{"rondo":"1","value/x":"int:5x"}})", 0, "is no value (of 'x')");
  refuses(R"({"__metadata__":{"rondo":"1","value/x":"tensors:1000000000000"}})", 0, "number 0 is missing");
  refuses(R"({"__metadata__":{"rondo":"1","requires_grad":"0-99999999999"}})", 0, "names no tensors");
  std::string sizes = "1";
  for (int i = 0; i < 100; ++i) sizes += ",1";
  refuses(R"({"a":{"dtype":"U8","shape":[)" + sizes + R"(],"data_offsets":[0,1]}})", 1, "more than 64 dimensions");

  std::string absurd = files::safetensors("{}", 0);
  absurd[6] = '\x7f';
  rondo::serialize::InputArchive archive;
  check_error([&] { archive.load_from(absurd.data(), absurd.size()); }, "is this a safetensors file?");
  check_error([&] { archive.load_from("PK", 2); }, "it ends too early");
}

BOOST_AUTO_TEST_CASE(a_new_file_takes_the_place_of_the_old_one) {
  const files::Folder folder;
  const std::string path = folder / "x.safetensors";
  rondo::StateDict state;
  state.insert("x", rondo::ones({100000}));
  rondo::save_safetensors(state, path);
  ::chmod(path.c_str(), 0640);
  const std::string before = files::read(path);

  // What fails leaves the old file and nothing beside it.
  rondo::StateDict wrong;
  wrong.insert("x", rondo::ones({2}));
  wrong.insert("y", Tensor());
  check_error([&] { rondo::save_safetensors(wrong, path); }, "'y' is undefined");
  wrong = rondo::StateDict();
  wrong.insert("__metadata__", rondo::ones({2}));
  check_error([&] { rondo::save_safetensors(wrong, path); }, "cannot be a tensor's name");
  wrong = rondo::StateDict();
  wrong.insert("\xff", rondo::ones({2}));
  check_error([&] { rondo::save_safetensors(wrong, path); }, "not UTF-8");
  BOOST_TEST((files::read(path) == before));
  BOOST_TEST(folder.count() == 1u);
  check_error([&] { rondo::save_safetensors(state, folder / "none/x"); }, "No such file");
  check_error([&] { rondo::save_safetensors(state, folder / "."); }, "is a folder");

  // Rights and links stay.
  std::filesystem::create_symlink(path, folder / "link");
  state["x"].fill_(2);
  rondo::save_safetensors(state, folder / "link");
  BOOST_TEST(std::filesystem::is_symlink(folder / "link"));
  check_values(rondo::load_safetensors(path)["x"].slice(0, 0, 2), {2, 2});
  struct stat status {};
  ::stat(path.c_str(), &status);
  BOOST_TEST((status.st_mode & 0777) == 0640u);
  BOOST_TEST(folder.count() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
