#include <rondo/tests/nn/table.h>

using namespace table;

MODULES(upsampling) {
  row(
      "Upsample to a size",
      [] {
        return nn::Upsample(nn::UpsampleOptions().size(std::vector<int64_t>({2, 4, 4})));
      },
      {real({1, 2, 2, 2, 3})}, "torch::nn::Upsample(size=[2, 4, 4], mode=kNearest)");
  row(
      "Upsample by factors",
      [] {
        return nn::Upsample(nn::UpsampleOptions()
                                .scale_factor(std::vector<double>({0.5, 1.5}))
                                .mode(rondo::kBilinear)
                                .align_corners(true));
      },
      {real({1, 2, 4, 4})}, "torch::nn::Upsample(scale_factor=[0.5, 1.5], mode=kBilinear)");
  row(
      "Upsample of lines",
      [] {
        return nn::Upsample(
            nn::UpsampleOptions().scale_factor(std::vector<double>({2})).mode(rondo::kLinear).align_corners(false));
      },
      {real({1, 2, 4})}, "torch::nn::Upsample(scale_factor=[2], mode=kLinear)");
  row(
      "Upsample by cubics",
      [] {
        return nn::Upsample(
            nn::UpsampleOptions().size(std::vector<int64_t>({6, 3})).mode(rondo::kBicubic).align_corners(false));
      },
      {real({1, 1, 4, 4})}, "torch::nn::Upsample(size=[6, 3], mode=kBicubic)");
  row(
      "Upsample of volumes",
      [] {
        return nn::Upsample(nn::UpsampleOptions()
                                .scale_factor(std::vector<double>({2, 2, 2}))
                                .mode(rondo::kTrilinear)
                                .align_corners(false));
      },
      {real({1, 1, 2, 2, 2})}, "torch::nn::Upsample(scale_factor=[2, 2, 2], mode=kTrilinear)");
  row(
      "PixelShuffle", [] { return nn::PixelShuffle(2); }, {real({1, 8, 2, 3})},
      "torch::nn::PixelShuffle(upscale_factor=2)");
  row(
      "PixelUnshuffle", [] { return nn::PixelUnshuffle(2); }, {real({1, 2, 4, 2})},
      "torch::nn::PixelUnshuffle(downscale_factor=2)");
}

MODULES(distance) {
  row(
      "CosineSimilarity", [] { return nn::CosineSimilarity(); }, {real({3, 4}), real({3, 4})},
      "torch::nn::CosineSimilarity(dim=1, eps=1e-08)");
  row(
      "CosineSimilarity of columns", [] { return nn::CosineSimilarity(nn::CosineSimilarityOptions().dim(0).eps(0.5)); },
      {real({3, 4}), real({3, 4})}, "torch::nn::CosineSimilarity(dim=0, eps=0.5)");
  row(
      "PairwiseDistance", [] { return nn::PairwiseDistance(); }, {real({3, 4}), real({3, 4})},
      "torch::nn::PairwiseDistance(p=2, eps=1e-06, keepdim=false)");
  row(
      "PairwiseDistance of cubes",
      [] { return nn::PairwiseDistance(nn::PairwiseDistanceOptions().p(3).eps(0.5).keepdim(true)); },
      {real({3, 4}), real({3, 4})}, "torch::nn::PairwiseDistance(p=3, eps=0.5, keepdim=true)");
}
