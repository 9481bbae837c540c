#include <rondo/nn.h>
#include <rondo/tests/support/values.h>

namespace nn = rondo::nn;
using support::printed;

namespace {

struct Inner : nn::Module {
  Inner() : nn::Module("InnerTestModule") {
    register_module("fc", nn::Linear(3, 4));
    register_module("table", nn::Embedding(10, 2));
  }
};

struct Outer : nn::Module {
  Outer() : nn::Module("TestModule") {
    register_module("fc", nn::Linear(4, 5));
    register_module("table", nn::Embedding(nn::EmbeddingOptions(10, 2)));
    register_module("inner", std::make_shared<Inner>());
  }
};

struct PrintedRow {
  std::string text, wanted;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(print)

BOOST_AUTO_TEST_CASE(modules_print_as_in_libtorch) {
  const PrintedRow rows[] = {
      {printed(nn::Identity()), "Identity()"},
      {printed(nn::Flatten()), "Flatten(start_dim=1, end_dim=-1)"},
      {printed(nn::Flatten(nn::FlattenOptions().start_dim(2).end_dim(4))), "Flatten(start_dim=2, end_dim=4)"},
      {printed(nn::Unflatten(nn::UnflattenOptions(0, {2, 2}))), "Unflatten(dim=0, unflattened_size={2, 2})"},
      {printed(nn::Linear(3, 4)), "Linear(in_features=3, out_features=4, bias=true)"},
      {printed(nn::Bilinear(3, 2, 4)), "Bilinear(in1_features=3, in2_features=2, out_features=4, bias=true)"},
      {printed(nn::Bilinear(nn::BilinearOptions(3, 2, 4).bias(false))),
       "Bilinear(in1_features=3, in2_features=2, out_features=4, bias=false)"},
      {printed(nn::Dropout()), "Dropout(p=0.5, inplace=false)"},
      {printed(nn::Dropout(0.42)), "Dropout(p=0.42, inplace=false)"},
      {printed(nn::Dropout(nn::DropoutOptions().p(0.42).inplace(true))), "Dropout(p=0.42, inplace=true)"},
      {printed(nn::Dropout2d()), "Dropout2d(p=0.5, inplace=false)"},
      {printed(nn::Dropout3d(0.42)), "Dropout3d(p=0.42, inplace=false)"},
      {printed(nn::AlphaDropout(0.2)), "AlphaDropout(p=0.2, inplace=false)"},
      {printed(nn::FeatureAlphaDropout(nn::FeatureAlphaDropoutOptions(0.2).inplace(true))),
       "FeatureAlphaDropout(p=0.2, inplace=true)"},
      {printed(nn::Functional(rondo::relu)), "Functional()"},
      {printed(nn::LayerNorm(nn::LayerNormOptions({2, 2}))), "LayerNorm([2, 2], eps=1e-05, elementwise_affine=true)"},
      {printed(nn::LayerNorm(nn::LayerNormOptions({2, 2}).elementwise_affine(false).eps(2e-5))),
       "LayerNorm([2, 2], eps=2e-05, elementwise_affine=false)"},
      {printed(nn::Embedding(10, 2)), "Embedding(num_embeddings=10, embedding_dim=2)"},
      {printed(nn::Embedding(nn::EmbeddingOptions(10, 2).padding_idx(3).max_norm(2))),
       "Embedding(num_embeddings=10, embedding_dim=2, padding_idx=3, max_norm=2)"},
      {printed(nn::Embedding(
           nn::EmbeddingOptions(10, 2).padding_idx(3).max_norm(2).norm_type(2.5).scale_grad_by_freq(true).sparse(
               true))),
       "Embedding(num_embeddings=10, embedding_dim=2, padding_idx=3, max_norm=2, norm_type=2.5, "
       "scale_grad_by_freq=true, sparse=true)"},
      {printed(nn::L1Loss()), "L1Loss()"},
      {printed(nn::KLDivLoss()), "KLDivLoss()"},
      {printed(nn::MSELoss()), "MSELoss()"},
      {printed(nn::BCELoss()), "BCELoss()"},
      {printed(nn::BCEWithLogitsLoss()), "BCEWithLogitsLoss()"},
      {printed(nn::HingeEmbeddingLoss(nn::HingeEmbeddingLossOptions().margin(4))), "HingeEmbeddingLoss(margin=4)"},
      {printed(nn::NLLLoss()), "NLLLoss()"},
      {printed(nn::CrossEntropyLoss()), "CrossEntropyLoss()"},
      {printed(nn::SmoothL1Loss()), "SmoothL1Loss"},
      {printed(nn::HuberLoss()), "HuberLoss"},
      {printed(nn::ELU()), "ELU(alpha=1)"},
      {printed(nn::ELU(nn::ELUOptions().alpha(42.42).inplace(true))), "ELU(alpha=42.42, inplace=true)"},
      {printed(nn::SELU()), "SELU()"},
      {printed(nn::SELU(nn::SELUOptions().inplace(true))), "SELU(inplace=true)"},
      {printed(nn::CELU(nn::CELUOptions().alpha(42.42).inplace(true))), "CELU(alpha=42.42, inplace=true)"},
      {printed(nn::GLU()), "GLU(dim=-1)"},
      {printed(nn::GLU(1)), "GLU(dim=1)"},
      {printed(nn::GELU()), "GELU()"},
      {printed(nn::Hardshrink()), "Hardshrink(0.5)"},
      {printed(nn::Hardshrink(42.42)), "Hardshrink(42.42)"},
      {printed(nn::Hardtanh()), "Hardtanh(min_val=-1, max_val=1)"},
      {printed(nn::Hardtanh(nn::HardtanhOptions().min_val(-42.42).max_val(0.42).inplace(true))),
       "Hardtanh(min_val=-42.42, max_val=0.42, inplace=true)"},
      {printed(nn::LeakyReLU()), "LeakyReLU(negative_slope=0.01)"},
      {printed(nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.42).inplace(true))),
       "LeakyReLU(negative_slope=0.42, inplace=true)"},
      {printed(nn::LogSigmoid()), "LogSigmoid()"},
      {printed(nn::Softmax(1)), "Softmax(dim=1)"},
      {printed(nn::Softmin(1)), "Softmin(dim=1)"},
      {printed(nn::LogSoftmax(1)), "LogSoftmax(dim=1)"},
      {printed(nn::Softmax2d()), "Softmax2d()"},
      {printed(nn::PReLU()), "PReLU(num_parameters=1)"},
      {printed(nn::PReLU(nn::PReLUOptions().num_parameters(42))), "PReLU(num_parameters=42)"},
      {printed(nn::ReLU()), "ReLU()"},
      {printed(nn::ReLU(true)), "ReLU(inplace=true)"},
      {printed(nn::ReLU6(nn::ReLU6Options().inplace(true))), "ReLU6(inplace=true)"},
      {printed(nn::RReLU()), "RReLU(lower=0.125, upper=0.333333)"},
      {printed(nn::RReLU(nn::RReLUOptions().lower(0.24).upper(0.42).inplace(true))),
       "RReLU(lower=0.24, upper=0.42, inplace=true)"},
      {printed(nn::Sigmoid()), "Sigmoid()"},
      {printed(nn::SiLU()), "SiLU()"},
      {printed(nn::Mish()), "Mish()"},
      {printed(nn::Softplus()), "Softplus(beta=1, threshold=20)"},
      {printed(nn::Softplus(nn::SoftplusOptions().beta(0.24).threshold(42.42))),
       "Softplus(beta=0.24, threshold=42.42)"},
      {printed(nn::Softshrink(42.42)), "Softshrink(42.42)"},
      {printed(nn::Softsign()), "Softsign()"},
      {printed(nn::Tanh()), "Tanh()"},
      {printed(nn::Tanhshrink()), "Tanhshrink()"},
      {printed(nn::Threshold(24.24, 42.42)), "Threshold(threshold=24.24, value=42.42)"},
      {printed(nn::Threshold(nn::ThresholdOptions(42.42, 24.24).inplace(true))),
       "Threshold(threshold=42.42, value=24.24, inplace=true)"},
  };
  for (const PrintedRow& row : rows) BOOST_TEST(row.text == "torch::nn::" + row.wanted);
}

BOOST_AUTO_TEST_CASE(containers_indent_their_children) {
  BOOST_TEST(printed(nn::Sequential(nn::Linear(1, 8), nn::ReLU())) ==
             "torch::nn::Sequential(\n"
             "  (0): torch::nn::Linear(in_features=1, out_features=8, bias=true)\n"
             "  (1): torch::nn::ReLU()\n"
             ")");
  BOOST_TEST(printed(Outer()) ==
             "TestModule(\n"
             "  (fc): torch::nn::Linear(in_features=4, out_features=5, bias=true)\n"
             "  (table): torch::nn::Embedding(num_embeddings=10, embedding_dim=2)\n"
             "  (inner): InnerTestModule(\n"
             "    (fc): torch::nn::Linear(in_features=3, out_features=4, bias=true)\n"
             "    (table): torch::nn::Embedding(num_embeddings=10, embedding_dim=2)\n"
             "  )\n"
             ")");
}

BOOST_AUTO_TEST_CASE(choices_name_themselves) {
  BOOST_TEST(rondo::enumtype::get_enum_name(nn::L1LossOptions(rondo::kSum).reduction()) == "kSum");
  BOOST_TEST(rondo::enumtype::get_enum_name(nn::init::NonlinearityType(rondo::kLeakyReLU)) == "kLeakyReLU");
}

BOOST_AUTO_TEST_SUITE_END()
