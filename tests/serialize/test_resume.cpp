// Training that stops and goes on from a file gives the same bits as training that never stopped.
#include <rondo/nn.h>
#include <rondo/optim.h>
#include <rondo/tests/serialize/files.h>
#include <rondo/tests/support/values.h>

namespace nn = rondo::nn;
namespace optim = rondo::optim;
using rondo::Tensor;

namespace {

// A network with random choices and with buffers that change while it learns, its optimizer and its schedule.
struct Training {
  nn::Sequential net{nn::Linear(4, 8), nn::BatchNorm1d(8), nn::ReLU(), nn::Dropout(0.3), nn::Linear(8, 2)};
  optim::AdamW optimizer{net->parameters(), optim::AdamWOptions(0.01).amsgrad(true)};
  optim::CosineAnnealingLR schedule{optimizer, 7};
  rondo::Generator noise{3};
  int64_t epoch = 0;

  void run(int epochs) {
    for (int i = 0; i < epochs; ++i, ++epoch) {
      optimizer.zero_grad();
      const Tensor x = rondo::randn({16, 4}) + 0.1 * rondo::randn({16, 4}, noise);
      const Tensor y = x.slice(1, 0, 2).mul(2).add(1);
      rondo::mse_loss(net->forward(x), y).backward();
      optimizer.step();
      schedule.step();
    }
  }

  void save(rondo::serialize::OutputArchive& archive) const {
    archive.write("net", net);
    archive.write("optimizer", optimizer);
    archive.write("schedule", schedule);
    archive.write("random", rondo::default_generator());
    archive.write("noise", noise);
    archive.write("epoch", epoch);
  }
  void load(rondo::serialize::InputArchive& archive) {
    archive.read("net", net);
    archive.read("optimizer", optimizer);
    archive.read("schedule", schedule);
    archive.read("random", rondo::default_generator());
    archive.read("noise", noise);
    rondo::IValue value;
    archive.read("epoch", value);
    epoch = value.toInt();
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(resume)

BOOST_AUTO_TEST_CASE(the_bits_are_those_of_training_that_never_stopped) {
  const files::Folder folder;
  const std::string path = folder / "training.safetensors";
  for (const int before : {0, 1, 5}) {
    rondo::manual_seed(11);
    Training whole;
    whole.run(before);
    rondo::save(whole, path);
    whole.run(6);
    const std::string wanted = [&] {
      std::ostringstream out;
      rondo::save(whole, out);
      return out.str();
    }();

    rondo::manual_seed(99);
    Training resumed;
    resumed.run(2);
    rondo::load(resumed, path);
    BOOST_TEST(resumed.epoch == before);
    resumed.run(6);
    std::ostringstream out;
    rondo::save(resumed, out);
    BOOST_TEST((out.str() == wanted), "other bits after " << before << " epochs");
  }
}

BOOST_AUTO_TEST_SUITE_END()
