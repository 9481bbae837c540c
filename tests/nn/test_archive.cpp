// Saving and loading modules through archives.
#include <rondo/nn.h>
#include <rondo/tests/serialize/files.h>
#include <rondo/tests/support/values.h>

#include <sstream>

namespace nn = rondo::nn;
using rondo::Tensor;
using rondo::serialize::InputArchive;
using rondo::serialize::OutputArchive;
using support::check_error;

namespace {

// Parameters, a buffer, modules within modules, one without tensors, an undefined parameter.
struct ArchivedNet : nn::Module {
  explicit ArchivedNet(int64_t width = 4)
      : body(register_module("body", nn::Sequential(nn::Linear(3, width), nn::ReLU(),
                                                    nn::Linear(nn::LinearOptions(width, 2).bias(false))))),
        scale(register_parameter("scale", rondo::randn({2}))),
        count(register_buffer("count", rondo::randint(100, {}))) {}
  nn::Sequential body;
  Tensor scale, count;
};

std::string saved(const nn::Module& module) {
  std::ostringstream stream;
  rondo::save(module, stream);
  return stream.str();
}

void check_equal(const nn::Module& a, const nn::Module& b) {
  const rondo::StateDict left = a.state_dict(), right = b.state_dict();
  BOOST_TEST((left.keys() == right.keys()));
  for (const auto& item : left) BOOST_TEST(rondo::equal(item.value(), right[item.key()]), item.key());
}

// Has state that is no tensor, and saves it itself.
struct Counter : nn::Module {
  int64_t steps = 0;
  Tensor weight = register_parameter("weight", rondo::zeros({1}));
  void save(OutputArchive& archive) const override {
    Module::save(archive);
    archive.write("steps", steps);
  }
  void load(InputArchive& archive) override {
    Module::load(archive);
    rondo::IValue value;
    archive.read("steps", value);
    steps = value.toInt();
  }
};

// Its load reads a part, then fails.
struct Failing : nn::Module {
  void load(InputArchive&) override { rondo::fail("load", "this module cannot be loaded"); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(module_archives)

BOOST_AUTO_TEST_CASE(modules_come_back_in_every_form_of_holding_them) {
  const auto net = std::make_shared<ArchivedNet>();
  auto other = std::make_shared<ArchivedNet>();
  std::stringstream stream;
  rondo::save(net, stream);
  const Tensor weight = other->parameters()[0];
  rondo::load(other, stream);
  check_equal(*net, *other);
  BOOST_TEST(weight.is_same(other->parameters()[0]), "parameters stay the same objects, for the optimizer");
  BOOST_TEST(weight.requires_grad());

  nn::Linear a(3, 4), b(3, 4);
  std::stringstream second;
  rondo::save(a, second);
  rondo::load(b, second);
  check_equal(*a, *b);
  std::shared_ptr<nn::Module> none;
  check_error([&] { rondo::save(none, second); }, "Cannot serialize empty module");
  nn::Linear empty = nullptr;
  std::istringstream third(saved(*a));
  check_error([&] { rondo::load(empty, third); }, "Cannot serialize empty module");
}

BOOST_AUTO_TEST_CASE(the_names_are_paths) {
  const files::Folder folder;
  ArchivedNet net;
  rondo::save(net, folder / "net.safetensors");
  const rondo::StateDict file = rondo::load_safetensors(folder / "net.safetensors"), state = net.state_dict();
  BOOST_TEST(
      (state.keys() == std::vector<std::string>{"scale", "count", "body.0.weight", "body.0.bias", "body.2.weight"}));
  BOOST_TEST(file.size() == state.size());
  for (const auto& item : state) BOOST_TEST(rondo::equal(file[item.key()], item.value()), item.key());
}

BOOST_AUTO_TEST_CASE(a_failed_load_changes_nothing) {
  const std::string narrow = saved(ArchivedNet(4));
  ArchivedNet wide(5);
  const std::string before = saved(wide);
  const auto load = [](nn::Module& module, const std::string& bytes) {
    rondo::load(module, bytes.data(), bytes.size());
  };
  check_error([&] { load(wide, narrow); },
              "parameter 'body.0.weight' of torch::nn::LinearImpl has shape [4, 3] in the archive; need [5, 3]");
  BOOST_TEST(saved(wide) == before);

  ArchivedNet net;
  const std::string whole = saved(net);
  for (size_t length = 0; length < whole.size(); length += 7) {
    BOOST_CHECK_THROW(load(net, whole.substr(0, length)), rondo::Error);
  }
  BOOST_TEST(saved(net) == whole);

  // The last module of many fails.
  struct Outer : nn::Module {
    std::shared_ptr<ArchivedNet> first = register_module("first", std::make_shared<ArchivedNet>());
    std::shared_ptr<Failing> last = register_module("last", std::make_shared<Failing>());
  };
  Outer one, two;
  const std::string two_before = saved(two);
  check_error([&] { load(two, saved(one)); }, "cannot be loaded");
  BOOST_TEST(saved(two) == two_before);

  rondo::StateDict state = one.first->state_dict();
  state.erase("body.2.weight");
  OutputArchive archive;
  for (const auto& item : state) archive.write(item.key(), item.value());
  std::stringstream stream;
  archive.save_to(stream);
  check_error([&] { rondo::load(net, stream); }, "No such serialized submodule: 'body'");
}

BOOST_AUTO_TEST_CASE(files_of_other_programs_need_not_mention_modules_without_tensors) {
  const files::Folder folder;
  ArchivedNet net, other;
  rondo::save_safetensors(net.state_dict(), folder / "net.safetensors");
  rondo::load(other, folder / "net.safetensors");
  check_equal(net, other);
  nn::Sequential sequential(nn::Linear(3, 4), nn::ReLU(), nn::Linear(4, 2));
  rondo::load(sequential, files::fixture("libtorch_sequential.pt"));
  const rondo::StateDict file = rondo::load_pt(files::fixture("libtorch_sequential.pt"));
  for (const auto& item : sequential->state_dict()) BOOST_TEST(rondo::equal(item.value(), file[item.key()]));
}

BOOST_AUTO_TEST_CASE(the_archive_says_the_dtype_the_dictionary_does_not) {
  nn::Linear from(3, 2), to(3, 2);
  from->to(rondo::kDouble);
  const std::string bytes = saved(*from);
  rondo::load(to, bytes.data(), bytes.size());
  BOOST_TEST((to->weight.dtype() == rondo::kDouble));
  to->to(rondo::kFloat);
  to->load_state_dict(from->state_dict());
  BOOST_TEST((to->weight.dtype() == rondo::kFloat));
  BOOST_TEST(rondo::equal(to->weight, from->weight.to(rondo::kFloat)));
}

BOOST_AUTO_TEST_CASE(one_archive_for_two_modules_does_not_tie_them) {
  nn::Linear from(3, 2), first(3, 2), second(3, 2);
  const std::string bytes = saved(*from);
  InputArchive archive;
  archive.load_from(bytes.data(), bytes.size());
  archive >> first >> second;
  check_equal(*first, *second);
  rondo::NoGradGuard no_grad;
  first->weight.zero_();
  check_equal(*from, *second);
}

BOOST_AUTO_TEST_CASE(modules_with_state_of_their_own) {
  Counter counter, other;
  counter.steps = 12;
  const std::string bytes = saved(counter);
  rondo::load(other, bytes.data(), bytes.size());
  BOOST_TEST(other.steps == 12);
}

BOOST_AUTO_TEST_SUITE_END()
