// Interpolation, sampling at grids, pixel shuffles and distances. Squares of the inputs give linear functions second
// derivatives.
#include "case.h"

using against::gradients;
using against::real;
using against::refuses;
using against::value;
namespace F = torch::nn::functional;

#define NEAREST(label, function, dims, small, large)                                                                \
  gradients(label " larger", {real(dims)}, AGAINST_F(torch::function(in[0].square(), torch::IntArrayRef(large))));  \
  gradients(label " smaller", {real(dims)}, AGAINST_F(torch::function(in[0].square(), torch::IntArrayRef(small)))); \
  refuses(label " rank", [] { torch::function(torch::ones({2, 3}), torch::IntArrayRef(large)); })
#define BETWEEN(label, function, dims, small, large)                                                      \
  gradients(label " larger", {real(dims)},                                                                \
            AGAINST_F(torch::function(in[0].square(), torch::IntArrayRef(large), false)));                \
  gradients(label " smaller", {real(dims)},                                                               \
            AGAINST_F(torch::function(in[0].square(), torch::IntArrayRef(small), false)));                \
  gradients(label " larger aligned", {real(dims)},                                                        \
            AGAINST_F(torch::function(in[0].square(), torch::IntArrayRef(large), true)));                 \
  gradients(label " smaller aligned", {real(dims)},                                                       \
            AGAINST_F(torch::function(in[0].square(), torch::IntArrayRef(small), true)));                 \
  refuses(label " rank", [] { torch::function(torch::ones({2, 3}), torch::IntArrayRef(large), false); }); \
  refuses(label " empty", [] { torch::function(torch::ones(dims).slice(-1, 0, 0), torch::IntArrayRef(large), false); })
#define LIST(...) \
  { __VA_ARGS__ }

AGAINST(upsample_functions) {
  NEAREST("nearest 1d", upsample_nearest1d, LIST(2, 3, 5), LIST(3), LIST(12));
  NEAREST("nearest 2d", upsample_nearest2d, LIST(2, 3, 5, 4), LIST(3, 2), LIST(12, 8));
  NEAREST("nearest 3d", upsample_nearest3d, LIST(1, 2, 3, 5, 4), LIST(2, 3, 2), LIST(6, 7, 4));
  NEAREST("nearest exact 1d", _upsample_nearest_exact1d, LIST(2, 3, 5), LIST(3), LIST(12));
  NEAREST("nearest exact 2d", _upsample_nearest_exact2d, LIST(2, 3, 5, 4), LIST(3, 2), LIST(12, 8));
  NEAREST("nearest exact 3d", _upsample_nearest_exact3d, LIST(1, 2, 3, 5, 4), LIST(2, 3, 2), LIST(6, 7, 4));
  BETWEEN("linear", upsample_linear1d, LIST(2, 3, 5), LIST(3), LIST(12));
  BETWEEN("bilinear", upsample_bilinear2d, LIST(2, 3, 5, 4), LIST(3, 2), LIST(12, 8));
  BETWEEN("trilinear", upsample_trilinear3d, LIST(1, 2, 3, 5, 4), LIST(2, 3, 2), LIST(6, 7, 4));
  BETWEEN("bicubic", upsample_bicubic2d, LIST(1, 2, 5, 4), LIST(3, 2), LIST(12, 9));
  BETWEEN("bilinear aa", _upsample_bilinear2d_aa, LIST(1, 2, 9, 7), LIST(3, 2), LIST(12, 9));
  BETWEEN("bicubic aa", _upsample_bicubic2d_aa, LIST(1, 2, 9, 7), LIST(3, 2), LIST(12, 9));
  gradients("bilinear to one", {real({1, 2, 5, 4})},
            AGAINST_F(torch::upsample_bilinear2d(in[0].square(), {1, 1}, true)));
  gradients("bicubic of one", {real({1, 2, 1, 4})},
            AGAINST_F(torch::upsample_bicubic2d(in[0].square(), {3, 7}, false)));
  gradients("bilinear strided", {real({2, 5, 4, 3})},
            AGAINST_F(torch::upsample_bilinear2d(in[0].permute({0, 3, 1, 2}).square(), {7, 3}, false)));
  gradients("nearest scales", {real({2, 3, 5})},
            AGAINST_F(torch::upsample_nearest1d(in[0].square(), {8}, c10::optional<double>(1.7))));
  gradients("bilinear scales", {real({2, 3, 5, 4})},
            AGAINST_F(torch::upsample_bilinear2d(in[0].square(), {8, 3}, false, 1.7, 0.9)));
  const std::vector<double> factors = {1.7, 0.6};
  value("nearest factors",
        torch::upsample_nearest2d(real({1, 2, 5, 4}), c10::nullopt, c10::optional<c10::ArrayRef<double>>(factors)));
  value("bilinear factors", torch::upsample_bilinear2d(real({1, 2, 5, 4}), c10::nullopt, true,
                                                       c10::optional<c10::ArrayRef<double>>(factors)));
  value("bilinear of float", torch::upsample_bilinear2d(real({1, 2, 5, 4}, 1, 2).to(torch::kFloat), {10, 8}, false));
  refuses("sizes", [] { torch::upsample_bilinear2d(torch::ones({1, 1, 2, 2}), {3}, false); });
  refuses("zero size", [] { torch::upsample_nearest2d(torch::ones({1, 1, 2, 2}), {3, 0}); });
}

AGAINST(interpolate) {
  using Options = F::InterpolateFuncOptions;
  using Sizes = std::vector<int64_t>;
  using Factors = std::vector<double>;
  gradients("nearest", {real({1, 2, 5})}, AGAINST_F(F::interpolate(in[0].square(), Options().size(Sizes{7}))));
  gradients("nearest factor", {real({1, 2, 5, 3})},
            AGAINST_F(F::interpolate(in[0].square(), Options().scale_factor(Factors{1.7, 2.0}))));
  gradients("nearest factor 3d", {real({1, 1, 2, 5, 3})},
            AGAINST_F(F::interpolate(in[0].square(), Options().scale_factor(Factors{2, 1.3, 0.7}))));
  gradients(
      "nearest exact", {real({1, 2, 5, 3})},
      AGAINST_F(F::interpolate(in[0].square(), Options().scale_factor(Factors{1.7, 0.7}).mode(torch::kNearestExact))));
  gradients(
      "linear", {real({1, 2, 5})},
      AGAINST_F(F::interpolate(in[0].square(), Options().size(Sizes{8}).mode(torch::kLinear).align_corners(false))));
  gradients(
      "bilinear factor", {real({1, 2, 5, 3})},
      AGAINST_F(F::interpolate(in[0].square(),
                               Options().scale_factor(Factors{1.7, 0.7}).mode(torch::kBilinear).align_corners(false))));
  gradients("bilinear recomputed", {real({1, 2, 5, 3})},
            AGAINST_F(F::interpolate(in[0].square(), Options()
                                                         .scale_factor(Factors{1.7, 0.7})
                                                         .mode(torch::kBilinear)
                                                         .recompute_scale_factor(true)
                                                         .align_corners(false))));
  gradients(
      "bilinear same size", {real({1, 2, 5, 3})},
      AGAINST_F(F::interpolate(in[0].square(),
                               Options().scale_factor(Factors{1.1, 1.2}).mode(torch::kBilinear).align_corners(false))));
  gradients(
      "bicubic", {real({1, 2, 5, 3})},
      AGAINST_F(F::interpolate(in[0].square(), Options().size(Sizes{3, 8}).mode(torch::kBicubic).align_corners(true))));
  gradients(
      "trilinear", {real({1, 1, 2, 5, 3})},
      AGAINST_F(F::interpolate(
          in[0].square(), Options().scale_factor(Factors{2, 1.3, 0.7}).mode(torch::kTrilinear).align_corners(false))));
  gradients("area 1d", {real({1, 2, 5})},
            AGAINST_F(F::interpolate(in[0].square(), Options().size(Sizes{3}).mode(torch::kArea))));
  gradients("area 2d", {real({1, 2, 5, 4})},
            AGAINST_F(F::interpolate(in[0].square(), Options().scale_factor(Factors{0.5, 2}).mode(torch::kArea))));
  gradients("area 3d", {real({1, 1, 3, 5, 4})},
            AGAINST_F(F::interpolate(in[0].square(), Options().size(Sizes{2, 7, 3}).mode(torch::kArea))));
  gradients(
      "bilinear antialias", {real({1, 1, 7, 9})},
      AGAINST_F(F::interpolate(
          in[0].square(), Options().size(Sizes{3, 4}).mode(torch::kBilinear).antialias(true).align_corners(false))));
  gradients("bicubic antialias", {real({1, 1, 7, 9})},
            AGAINST_F(F::interpolate(
                in[0].square(),
                Options().scale_factor(Factors{0.4, 1.3}).mode(torch::kBicubic).antialias(true).align_corners(false))));
  gradients("Upsample", {real({1, 2, 3, 3})},
            AGAINST_F(torch::nn::Upsample(
                torch::nn::UpsampleOptions().scale_factor(Factors{2, 3}).mode(torch::kBilinear).align_corners(false))(
                in[0].square())));
  const auto x3 = torch::ones({1, 1, 4}), x4 = torch::ones({1, 1, 4, 4}), x5 = torch::ones({1, 1, 2, 2, 2});
  refuses("neither", [&] { F::interpolate(x3, Options()); });
  refuses("both", [&] { F::interpolate(x3, Options().size(Sizes{2}).scale_factor(Factors{2})); });
  refuses("factors", [&] { F::interpolate(x4, Options().scale_factor(Factors{2})); });
  refuses("aligned nearest", [&] { F::interpolate(x3, Options().size(Sizes{2}).align_corners(true)); });
  refuses("rank", [&] { F::interpolate(torch::ones({2, 2}), Options().size(Sizes{2})); });
  refuses("linear 4d", [&] { F::interpolate(x4, Options().size(Sizes{2, 2}).mode(torch::kLinear)); });
  refuses("bilinear 3d", [&] { F::interpolate(x3, Options().size(Sizes{2}).mode(torch::kBilinear)); });
  refuses("bicubic 5d", [&] { F::interpolate(x5, Options().size(Sizes{2, 2, 2}).mode(torch::kBicubic)); });
  refuses("trilinear 4d", [&] { F::interpolate(x4, Options().size(Sizes{2, 2}).mode(torch::kTrilinear)); });
  refuses("antialias nearest", [&] { F::interpolate(x4, Options().size(Sizes{2, 2}).antialias(true)); });
}

#define GRID(label, mode, padding, align)                               \
  gradients(label, {real({2, 2, 3, 4}), real({2, 4, 5, 2}, -1.6, 1.6)}, \
            AGAINST_F(torch::grid_sampler(in[0], in[1], mode, padding, align)), false)
#define GRID_3D(label, mode, padding, align)                                  \
  gradients(label, {real({2, 2, 3, 4, 2}), real({2, 2, 3, 2, 3}, -1.6, 1.6)}, \
            AGAINST_F(torch::grid_sampler(in[0], in[1], mode, padding, align)), false)

AGAINST(grid_sampler) {
  GRID("bilinear zeros", 0, 0, false);
  GRID("bilinear zeros aligned", 0, 0, true);
  GRID("bilinear border", 0, 1, false);
  GRID("bilinear border aligned", 0, 1, true);
  GRID("bilinear reflection", 0, 2, false);
  GRID("bilinear reflection aligned", 0, 2, true);
  GRID("nearest zeros", 1, 0, false);
  GRID("nearest zeros aligned", 1, 0, true);
  GRID("nearest border", 1, 1, false);
  GRID("nearest reflection", 1, 2, true);
  GRID("bicubic zeros", 2, 0, false);
  GRID("bicubic zeros aligned", 2, 0, true);
  GRID("bicubic border", 2, 1, false);
  GRID("bicubic border aligned", 2, 1, true);
  GRID("bicubic reflection", 2, 2, false);
  GRID("bicubic reflection aligned", 2, 2, true);
  GRID_3D("volume zeros", 0, 0, false);
  GRID_3D("volume zeros aligned", 0, 0, true);
  GRID_3D("volume border", 0, 1, false);
  GRID_3D("volume reflection", 0, 2, true);
  GRID_3D("volume reflection unaligned", 0, 2, false);
  GRID_3D("volume nearest", 1, 0, false);
  GRID_3D("volume nearest border", 1, 1, true);
  gradients("far", {real({1, 1, 3, 3}), real({1, 3, 3, 2}, -9, 9)},
            AGAINST_F(torch::grid_sampler_2d(in[0], in[1], 0, 2, false)), false);
  value("float", torch::grid_sampler_2d(real({1, 1, 3, 3}).to(torch::kFloat),
                                        real({1, 3, 3, 2}, -1, 1).to(torch::kFloat), 0, 0, false));
  gradients("functional", {real({1, 1, 3, 3}), real({1, 3, 3, 2}, -1, 1)},
            AGAINST_F(F::grid_sample(
                in[0], in[1],
                F::GridSampleFuncOptions().mode(torch::kBilinear).padding_mode(torch::kBorder).align_corners(true))),
            false);
  gradients("functional default", {real({1, 1, 3, 3}), real({1, 3, 3, 2}, -1, 1)},
            AGAINST_F(F::grid_sample(in[0], in[1])), false);
  gradients("affine_grid", {real({2, 2, 3})}, AGAINST_F(F::affine_grid(in[0].square(), {2, 1, 3, 4})));
  gradients("affine_grid aligned", {real({2, 2, 3})}, AGAINST_F(F::affine_grid(in[0].square(), {2, 1, 1, 4}, true)));
  gradients("affine_grid 3d", {real({1, 3, 4})}, AGAINST_F(F::affine_grid(in[0].square(), {1, 2, 2, 3, 2})));
  gradients("affine_grid_generator", {real({1, 3, 4})},
            AGAINST_F(torch::affine_grid_generator(in[0].square(), {1, 2, 2, 3, 2}, true)));
  const auto x = torch::ones({1, 1, 2, 2});
  refuses("dtypes", [&] { torch::grid_sampler(x, torch::ones({1, 2, 2, 2}, torch::kDouble), 0, 0, false); });
  refuses("ranks", [&] { torch::grid_sampler(x, torch::ones({1, 2, 2}), 0, 0, false); });
  refuses("batch", [&] { torch::grid_sampler(x, torch::ones({2, 2, 2, 2}), 0, 0, false); });
  refuses("last", [&] { torch::grid_sampler(x, torch::ones({1, 2, 2, 3}), 0, 0, false); });
  refuses("empty", [&] { torch::grid_sampler(torch::ones({1, 1, 0, 2}), torch::ones({1, 2, 2, 2}), 0, 0, false); });
  refuses("cubic 3d", [&] {
    torch::grid_sampler(torch::ones({1, 1, 2, 2, 2}), torch::ones({1, 2, 2, 2, 3}), 2, 0, false);
  });
  refuses("affine theta", [&] { F::affine_grid(torch::ones({1, 3, 3}), {1, 1, 2, 2}); });
  refuses("affine size", [&] { F::affine_grid(torch::ones({1, 2, 3}), {1, 1, 2}); });
  refuses("affine empty", [&] { F::affine_grid(torch::ones({1, 2, 3}), {1, 1, 0, 2}); });
  refuses("affine integers", [&] { F::affine_grid(torch::ones({1, 2, 3}, torch::kLong), {1, 1, 2, 2}); });
}

AGAINST(distance_modules) {
  using namespace torch::nn;
  gradients("CosineSimilarity", {real({3, 4}), real({3, 4})}, AGAINST_F(CosineSimilarity()(in[0], in[1])));
  gradients("CosineSimilarity options", {real({3, 4}), real({3, 4})},
            AGAINST_F(CosineSimilarity(CosineSimilarityOptions().dim(0).eps(0.5))(in[0], in[1])));
  gradients("PairwiseDistance", {real({3, 4}), real({3, 4})}, AGAINST_F(PairwiseDistance()(in[0], in[1])));
  gradients("PairwiseDistance options", {real({3, 4}), real({3, 4})},
            AGAINST_F(PairwiseDistance(PairwiseDistanceOptions().p(3).eps(0.5).keepdim(true))(in[0], in[1])));
  gradients("cosine_similarity", {real({3, 4}), real({3, 4})},
            AGAINST_F(F::cosine_similarity(in[0], in[1], F::CosineSimilarityFuncOptions().dim(-1))));
  gradients("pairwise_distance", {real({3, 4}), real({3, 4})},
            AGAINST_F(F::pairwise_distance(in[0], in[1], F::PairwiseDistanceFuncOptions().p(1))), false);
  gradients("pdist", {real({5, 3})}, AGAINST_F(F::pdist(in[0], 2)), false);
  gradients("pdist 1", {real({5, 3})}, AGAINST_F(F::pdist(in[0], 1)), false);
  gradients("pdist 3", {real({5, 3})}, AGAINST_F(F::pdist(in[0], 3)), false);
  gradients("PixelShuffle", {real({2, 8, 2, 3})}, AGAINST_F(PixelShuffle(2)(in[0].square())));
  gradients("PixelUnshuffle", {real({2, 2, 4, 6})}, AGAINST_F(PixelUnshuffle(2)(in[0].square())));
  gradients("pixel_shuffle", {real({9, 2, 3})},
            AGAINST_F(F::pixel_shuffle(in[0].square(), F::PixelShuffleFuncOptions(3))));
  gradients("pixel_unshuffle", {real({2, 6, 3})},
            AGAINST_F(F::pixel_unshuffle(in[0].square(), F::PixelUnshuffleFuncOptions(3))));
  value("channel_shuffle", torch::channel_shuffle(real({2, 6, 3, 2}), 3));
  refuses("pixel_shuffle channels", [] { PixelShuffle(2)(torch::ones({2, 6, 2, 2})); });
  refuses("pixel_unshuffle height", [] { PixelUnshuffle(2)(torch::ones({2, 6, 3, 2})); });
}
