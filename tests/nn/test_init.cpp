#include <rondo/nn.h>
#include <rondo/tests/support/values.h>

namespace nn = rondo::nn;
namespace init = rondo::nn::init;
using rondo::Tensor;
using support::check_error;
using support::check_values;

// Figures: libtorch 1.13.1 after manual_seed(0).
BOOST_AUTO_TEST_SUITE(initialization)

BOOST_AUTO_TEST_CASE(linear_weights) {
  rondo::manual_seed(0);
  nn::Linear linear(3, 4);
  check_values(linear->weight, {-0.00432251766, 0.309715837, -0.475185335, -0.424894601, -0.222368971, 0.154820725,
                                -0.0114391446, 0.457774937, -0.0512363985, 0.152774125, -0.174482793, -0.11348708});
  check_values(linear->bias, {-0.551570714, -0.382368743, -0.237997115, 0.0213871151});
}

BOOST_AUTO_TEST_CASE(embedding_rows) {
  rondo::manual_seed(0);
  nn::Embedding padded(nn::EmbeddingOptions(5, 3).padding_idx(2));
  check_values(padded->weight, {1.54099607, -0.293428898, -2.17878938, 0.568431258, -1.08452237, -1.39859545, 0, 0, 0,
                                -0.403343529, -0.596635342, 0.182036489, -0.856674612, 1.10060418, -1.07118738});
  rondo::manual_seed(0);
  nn::Embedding plain(6, 4);
  check_values(plain->weight, {-1.12583983, -1.1523602,   -0.250578582, -0.433878809, 0.848710358,  0.692009151,
                               -0.31601277, -2.11521935,  0.468096405,  -0.157712445, 1.44366014,   0.266049415,
                               0.166455343, 0.87438184,   -0.143473849, -0.111609332, 0.931826591,  1.25900924,
                               2.00498056,  0.0537369028, 0.618056655,  -0.412802219, -0.841064811, -2.31604195});
}

BOOST_AUTO_TEST_CASE(bilinear_weights) {
  rondo::manual_seed(0);
  nn::Bilinear bilinear(2, 3, 2);
  check_values(bilinear->weight, {-0.00529398117, 0.379322886, -0.581980765, -0.520387471, -0.272345245, 0.18961589,
                                  -0.0140100336, 0.560657501, -0.0627515167, 0.187109336, -0.213696912, -0.138992712});
  check_values(bilinear->bias, {-0.675533414, -0.468304157});
}

BOOST_AUTO_TEST_CASE(modules_of_a_chain_draw_in_turn) {
  rondo::manual_seed(0);
  // Braces: the order of evaluation is that of the list.
  nn::Sequential net{{"0", nn::Linear(1, 8)}, {"1", nn::ReLU()}, {"2", nn::Linear(8, 2)}};
  const auto named = net->named_parameters();
  // libtorch's figures come from Sequential(a, b, c), whose arguments g++ evaluates from the last to the first.
  rondo::manual_seed(0);
  nn::Linear last(8, 2);
  nn::Linear first(1, 8);
  check_values(first->weight, {-0.677941084, -0.435462832, 0.363217115, 0.83038795, -0.205800176, 0.748311758,
                               -0.161183357, 0.105814099});
  check_values(first->bias, {0.905476213, -0.92767036, -0.62953794, -0.253165245, -0.389799953, 0.864000797,
                             -0.64817965, -0.46033287});
  check_values(last->weight, {-0.00264699059, 0.189661443, -0.290990382, -0.260193735, -0.136172622, 0.0948079452,
                              -0.00700501679, 0.280328751, -0.0313757583, 0.0935546681, -0.106848456, -0.069496356,
                              -0.337766707, -0.234152079, -0.145742878, 0.0130968802});
  check_values(last->bias, {0.139772102, 0.212140083});
  nn::Sequential chain(first, nn::ReLU(), last);
  check_values(chain->forward(rondo::linspace(0, 1, 5).unsqueeze(1)),
               {0.219289452, -0.0185775012, 0.237474561, -0.0570644736, 0.213500798, -0.106811821, 0.177670464,
                -0.159725994, 0.14184013, -0.212640226});
  rondo::manual_seed(0);
  nn::Linear drawn_first(1, 8);
  BOOST_TEST(rondo::equal(named["0.weight"], drawn_first->weight));
}

BOOST_AUTO_TEST_CASE(fillers) {
  struct Row {
    const char* name;
    Tensor (*fill)(const Tensor&);
    std::vector<int64_t> sizes;
    std::vector<double> wanted;
  };
  const Row rows[] = {
      {"xavier_uniform_",
       [](const Tensor& t) { return init::xavier_uniform_(t, 2.0); },
       {3, 2},
       {-0.0164028015, 1.17528903, -1.80320156, -1.61236167, -0.843830943, 0.587503374}},
      {"xavier_normal_",
       [](const Tensor& t) { return init::xavier_normal_(t); },
       {3, 2},
       {0.974611521, -0.18558073, -1.37798738, 0.359507501, -0.685912132, -0.884549379}},
      {"kaiming_uniform_",
       [](const Tensor& t) { return init::kaiming_uniform_(t, 0.5, rondo::kFanOut, rondo::kReLU); },
       {3, 2},
       {-0.0105879623, 0.758645773, -1.16396153, -1.04077494, -0.54469049, 0.379231781}},
      {"kaiming_normal_ of a window",
       [](const Tensor& t) { return init::kaiming_normal_(t, 0.3); },
       {2, 2, 2},
       {1.04369426, -0.198735133, -1.47566235, 0.384990245, -0.734531224, -0.94724834, 0.273180962, 0.567583025}},
      {"kaiming_normal_",
       [](const Tensor& t) { return init::kaiming_normal_(t); },
       {4, 5},
       {-0.712043643, -0.728816569, -0.15847981,   -0.274409056, 0.378739327, -0.983528495, -0.215895265,
        1.17194402,   0.296050161,  -0.0997461081, 0.91305083,   0.168264419, 0.878712296,  1.00328588,
        0.598491609,  -0.533587992, 0.589338899,   0.796267331,  1.26806104,  0.0339861996}},
      {"uniform_",
       [](const Tensor& t) { return init::uniform_(t, -2, 3); },
       {2, 2},
       {0.481282949, 1.84110904, -1.5576129, -1.33984756}},
      {"normal_",
       [](const Tensor& t) { return init::normal_(t, 1, 2); },
       {2, 2},
       {4.08199215, 0.413142174, -3.35757875, 2.13686252}},
      {"sparse_",
       [](const Tensor& t) { return init::sparse_(t, 0.5, 0.1); },
       {4, 2},
       {0, -0.0293428898, 0, 0, -0.108452231, -0.139859542, 0.0403346829, 0}},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      rondo::manual_seed(0);
      Tensor tensor = rondo::empty(row.sizes);
      tensor.requires_grad_();
      const Tensor result = row.fill(tensor);
      BOOST_TEST(result.is_same(tensor));
      BOOST_TEST(tensor.is_leaf());
      check_values(tensor, row.wanted);
    }
  }
}

BOOST_AUTO_TEST_CASE(constants) {
  check_values(init::constant_(rondo::empty({2}), 3.5), {3.5, 3.5});
  check_values(init::zeros_(rondo::empty({2})), {0, 0});
  check_values(init::ones_(rondo::empty({2})), {1, 1});
  check_values(init::eye_(rondo::empty({2, 3})), {1, 0, 0, 0, 1, 0});
  check_values(init::dirac_(rondo::empty({2, 2, 3})), {0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0});
  check_error([] { init::eye_(rondo::empty({2})); }, "Only tensors with 2 dimensions are supported");
  check_error([] { init::dirac_(rondo::empty({2, 2})); }, "Only tensors with 3, 4, or 5 dimensions are supported");
  check_error([] { init::xavier_uniform_(rondo::empty({2})); },
              "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
}

BOOST_AUTO_TEST_CASE(truncated_normal_numbers) {
  rondo::manual_seed(0);
  const Tensor numbers = init::trunc_normal_(rondo::empty({20000}, rondo::kDouble), 1, 2, 0, 4);
  BOOST_TEST(numbers.min().item<double>() >= 0);
  BOOST_TEST(numbers.max().item<double>() <= 4);
  // The mean of N(1, 4) within [0, 4]: 1 + 2 (phi(-1/2) - phi(3/2)) / (Phi(3/2) - Phi(-1/2)).
  BOOST_TEST(std::abs(numbers.mean().item<double>() - 1.7125) < 0.03);
  check_error([] { init::trunc_normal_(rondo::empty({2}), 0, 1, 2, 2); }, "need low < high");
}

BOOST_AUTO_TEST_CASE(orthogonal_matrices) {
  for (const auto& sizes : {std::vector<int64_t>{3, 5}, {5, 3}, {4, 4}}) {
    const Tensor q = init::orthogonal_(rondo::empty(sizes, rondo::kDouble), 2);
    const Tensor square = sizes[0] < sizes[1] ? q.mm(q.t()) : q.t().mm(q);
    BOOST_TEST(rondo::allclose(square, rondo::eye(std::min(sizes[0], sizes[1]), rondo::kDouble) * 4));
  }
}

BOOST_AUTO_TEST_CASE(gains) {
  BOOST_TEST(init::calculate_gain(rondo::kLinear) == 1);
  BOOST_TEST(init::calculate_gain(rondo::kConv2D) == 1);
  BOOST_TEST(init::calculate_gain(rondo::kSigmoid) == 1);
  BOOST_TEST(init::calculate_gain(rondo::kTanh) == 5.0 / 3);
  BOOST_TEST(init::calculate_gain(rondo::kReLU) == std::sqrt(2.0));
  BOOST_TEST(init::calculate_gain(rondo::kLeakyReLU) == std::sqrt(2 / (1 + 0.01 * 0.01)));
  BOOST_TEST(init::calculate_gain(rondo::kLeakyReLU, 0.5) == std::sqrt(2 / 1.25));
}

BOOST_AUTO_TEST_SUITE_END()
