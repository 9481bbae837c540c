#include <rondo/optim.h>
#include <rondo/tests/support/values.h>

namespace optim = rondo::optim;
using rondo::Tensor;
using support::check_values;

namespace {

// Steps on a bumpy function of two parameters, w and b; `strided` gives the parameters gaps.
template <class Optimizer, class Options>
std::vector<Tensor> run(const Options& options, int steps, rondo::ScalarType type, bool strided) {
  Tensor w = rondo::tensor({1.0, -2.0, 3.0, 0.5, -0.25}, type), b = rondo::tensor({0.3, -0.7}, type);
  if (strided) {
    w = rondo::stack({w, w}, 1).select(1, 0);
    b = rondo::stack({b, b}, 1).select(1, 1);
    BOOST_REQUIRE(!w.is_contiguous());
  }
  w.requires_grad_();
  b.requires_grad_();
  Optimizer optimizer({w, b}, options);
  const Tensor target = rondo::tensor({0.5, 0.25, -1.0, 2.0, 0.0}, type);
  for (int i = 0; i < steps; ++i) {
    optimizer.zero_grad();
    const Tensor loss = (w - target).pow(2).sum() + (b * w.narrow(0, 0, 2)).sin().sum() + b.pow(4).sum();
    loss.backward();
    optimizer.step();
  }
  return {w, b};
}

template <class Optimizer, class Options>
void check(const char* name, const Options& options, const std::vector<double>& first, const std::vector<double>& last,
           rondo::ScalarType type = rondo::kDouble) {
  const double tolerance = type == rondo::kDouble ? 1e-8 : 2e-6;
  for (bool strided : {false, true}) {
    BOOST_TEST_CONTEXT(name << (strided ? ", strided" : "")) {
      check_values(rondo::cat(run<Optimizer>(options, 1, type, strided)), first, tolerance);
      check_values(rondo::cat(run<Optimizer>(options, 50, type, strided)), last, tolerance);
    }
  }
}

}  // namespace

// Figures: libtorch 1.13.1, parameters after 1 and 50 steps.
BOOST_AUTO_TEST_SUITE(trajectories)

BOOST_AUTO_TEST_CASE(as_in_libtorch) {
  check<optim::SGD>("sgd", optim::SGDOptions(0.05),
                    {0.935669953, -1.76905115, 2.6, 0.65, -0.225, 0.246833176, -0.614403286},
                    {0.74368691, 0.328387556, -0.979384899, 1.99226934, -0.0012884438, -0.552216944, -0.286488112});
  check<optim::SGD>("sgd_momentum", optim::SGDOptions(0.01).momentum(0.9).dampening(0.1).weight_decay(0.02),
                    {0.986933991, -1.95341023, 2.9194, 0.5299, -0.24495, 0.289306635, -0.682740657},
                    {0.799705535, 0.305065469, -0.694599974, 1.87057741, -0.0185145178, -0.57009968, -0.49071909});
  check<optim::SGD>("sgd_nesterov", optim::SGDOptions(0.01).momentum(0.8).nesterov(true).weight_decay(0.01),
                    {0.976661183, -1.91649841, 2.85546, 0.55391, -0.240955, 0.280805943, -0.669059183},
                    {0.747231108, 0.295610614, -1.00662801, 1.99437745, 0.000726098879, -0.553183596, -0.213094616});
  check<optim::SGD>("sgd32", optim::SGDOptions(0.01).momentum(0.9),
                    {0.98713398, -1.95381021, 2.92000008, 0.529999971, -0.245000005, 0.289366633, -0.68288064},
                    {0.783568978, 0.388563871, -0.704249561, 1.8890934, -0.0184843931, -0.585882604, -0.48407349},
                    rondo::kFloat);
  check<optim::Adam>("adam", optim::AdamOptions(0.05), {0.95, -1.95, 2.95, 0.55, -0.200000001, 0.25, -0.65},
                     {0.769199359, -0.188003361, 0.742431674, 2.08444507, -0.013658363, -0.584137494, 0.459157072});
  check<optim::Adam>("adam32", optim::AdamOptions(0.05),
                     {0.949999988, -1.95000005, 2.95000005, 0.550000012, -0.200000003, 0.25, -0.649999976},
                     {0.769199371, -0.188003764, 0.742432714, 2.08444476, -0.0136583569, -0.584137499, 0.459157258},
                     rondo::kFloat);
  check<optim::Adam>("adam_l2_amsgrad",
                     optim::AdamOptions(0.1).weight_decay(0.1).amsgrad(true).betas(std::make_tuple(0.8, 0.9)),
                     {0.900000001, -1.9, 2.9, 0.6, -0.150000002, 0.200000001, -0.600000001},
                     {0.714781027, 0.094262115, -0.39044574, 1.9006072, -0.000633380334, -0.533360568, 0.149602289});
  check<optim::AdamW>("adamw", optim::AdamWOptions(0.05),
                      {0.9495, -1.949, 2.9485, 0.54975, -0.199875001, 0.24985, -0.64965},
                      {0.767418287, -0.175119159, 0.703938837, 2.06705292, -0.0134302614, -0.583053304, 0.453128798});
  check<optim::AdamW>("adamw_amsgrad", optim::AdamWOptions(0.1).weight_decay(0.2).amsgrad(true).eps(1e-3),
                      {0.880077664, -1.86002165, 2.8400125, 0.589966678, -0.145199601, 0.194093955, -0.586058379},
                      {0.725328196, 0.291404511, -0.816237887, 1.78273601, -0.00452326469, -0.558147988, -0.407962501});
  check<optim::RMSprop>(
      "rmsprop", optim::RMSpropOptions(0.02),
      {0.800000016, -1.8, 2.8, 0.699999993, -0.05000004, 0.100000019, -0.500000012},
      {0.754038384, -0.271137297, 0.725921252, 1.94912777, 3.64799107e-56, -0.556308632, 0.446508934});
  check<optim::RMSprop>("rmsprop_all",
                        optim::RMSpropOptions(0.01).momentum(0.5).centered(true).weight_decay(0.05).alpha(0.9),
                        {0.966666667, -1.96666667, 2.96666667, 0.533333333, -0.216666669, 0.266666668, -0.666666667},
                        {0.732817898, -0.260967741, 0.247811024, 1.89864837, 1.76935644e-09, -0.54511274, 0.456389052});
  check<optim::Adagrad>(
      "adagrad", optim::AdagradOptions(0.2), {0.8, -1.8, 2.8, 0.7, -0.05, 0.1, -0.5},
      {0.754035519, -0.320964849, 0.815987711, 1.92985675, -1.29479765e-34, -0.556307335, 0.466367155});
  check<optim::Adagrad>("adagrad_all",
                        optim::AdagradOptions(0.2).lr_decay(0.05).weight_decay(0.05).initial_accumulator_value(0.1),
                        {0.805372988, -1.80044755, 2.80015038, 0.698879621, -0.0797934448, 0.108082153, -0.503198385},
                        {0.728317235, -0.723676447, 1.54996336, 1.6682116, -1.38766872e-10, -0.542617719, 0.497945607});
}

BOOST_AUTO_TEST_SUITE_END()
