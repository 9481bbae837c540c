// Pooling at its edges: every option of every form, ceil_mode at its borders, ties, NaN, infinities, unbatched and
// empty inputs, strided inputs, refusals.
#include "pooling.h"

#include <cmath>
#include <limits>
#include <tuple>

using namespace against;

AGAINST(edges_max_pool1d) {
  gradients("plain", {real({2, 3, 9})}, SQUARED(torch::max_pool1d(in[0], 3)));
  gradients("stride", {real({2, 3, 9})}, SQUARED(torch::max_pool1d(in[0], 3, 2)));
  gradients("pad", {real({2, 3, 9})}, SQUARED(torch::max_pool1d(in[0], 3, 2, 1)));
  gradients("dilation", {real({2, 3, 9})}, SQUARED(torch::max_pool1d(in[0], 3, 1, 1, 2)));
  gradients("ceil", {real({2, 3, 8})}, SQUARED(torch::max_pool1d(in[0], 3, 2, 0, 1, true)));
  gradients("ceil and pad", {real({2, 3, 7})}, SQUARED(torch::max_pool1d(in[0], 2, 3, 1, 1, true)));
  gradients("ceil, last window outside", {real({1, 1, 5})}, SQUARED(torch::max_pool1d(in[0], 2, 3, 1, 1, true)));
  gradients("without a batch", {real({3, 9})}, SQUARED(torch::max_pool1d(in[0], 2)));
  gradients("strided", {real({9, 3, 2})}, SQUARED(torch::max_pool1d(in[0].permute({2, 1, 0}), 2)));
  gradients("first of pair", {real({2, 3, 9})}, SQUARED(std::get<0>(torch::max_pool1d_with_indices(in[0], 3, 2, 1))));
  for (const bool ceil : {false, true}) {
    for (int64_t size = 1; size <= 9; ++size) {
      for (int64_t kernel = 1; kernel <= 4 && kernel <= size; ++kernel) {
        for (int64_t stride = 1; stride <= 5; ++stride) {
          for (int64_t pad = 0; pad <= kernel / 2; ++pad) {
            both(label("sweep", {size, kernel, stride, pad, ceil}),
                 torch::max_pool1d_with_indices(real({1, 2, size}), kernel, stride, pad, 1, ceil));
          }
        }
      }
    }
  }
  both("ties", torch::max_pool1d_with_indices(torch::ones({1, 1, 6}), 3, 1));
  both("nan", torch::max_pool1d_with_indices(marked(real({1, 1, 6}), 2, std::nan("")), 3, 1));
  both("two nan",
       torch::max_pool1d_with_indices(marked(marked(real({1, 1, 6}), 2, std::nan("")), 3, std::nan("")), 3, 1));
  both("-inf alone", torch::max_pool1d_with_indices(torch::full({1, 1, 6}, -kInf), 2));
  value("-inf alone, padded", torch::max_pool1d(torch::full({1, 1, 6}, -kInf), 3, 2, 1));
  value("no batch elements", torch::max_pool1d(torch::zeros({0, 3, 6}), 2));
  value("float", torch::max_pool1d(real({2, 3, 33}).to(torch::kFloat), 2));
  refuses("padding", [] { torch::max_pool1d(torch::rand({1, 1, 6}), 2, 2, 2); });
  refuses("kernel 0", [] { torch::max_pool1d(torch::rand({1, 1, 6}), 0); });
  refuses("stride 0", [] { torch::max_pool1d(torch::rand({1, 1, 6}), 2, 0); });
  refuses("dilation 0", [] { torch::max_pool1d(torch::rand({1, 1, 6}), 2, 2, 0, 0); });
  refuses("one dimension", [] { torch::max_pool1d(torch::rand({3}), 2); });
  refuses("four dimensions", [] { torch::max_pool1d(torch::rand({1, 1, 3, 3}), 2); });
  refuses("lists", [] { torch::max_pool1d(torch::rand({1, 1, 6}), {2, 2}); });
}

AGAINST(edges_max_pool2d) {
  gradients("quarters", {real({2, 3, 6, 8})}, SQUARED(torch::max_pool2d(in[0], 2)));
  gradients("quarters, odd", {real({2, 3, 7, 9})}, SQUARED(torch::max_pool2d(in[0], {2, 2})));
  gradients("quarters, wide", {real({2, 2, 4, 70})}, SQUARED(torch::max_pool2d(in[0], 2)));
  gradients("quarters, odd and wide", {real({1, 2, 5, 71})}, SQUARED(torch::max_pool2d(in[0], 2)));
  gradients("quarters, ceil", {real({2, 3, 7, 9})}, SQUARED(torch::max_pool2d(in[0], 2, 2, 0, 1, true)));
  gradients("3 by 2", {real({2, 3, 7, 9})}, SQUARED(torch::max_pool2d(in[0], {3, 2}, {2, 1}, {1, 0})));
  gradients("overlapping", {real({2, 3, 7, 9})}, SQUARED(torch::max_pool2d(in[0], 3, 2, 1)));
  gradients("dilation", {real({1, 2, 7, 9})}, SQUARED(torch::max_pool2d(in[0], 2, 1, 1, {2, 3})));
  value("between the numbers", torch::max_pool2d(real({1, 2, 3, 3}), 2, 1, 1, 4));
  value("between the numbers of a row", torch::max_pool2d(real({1, 2, 5, 3}), 2, 1, 1, {1, 4}));
  gradients("stride over size", {real({1, 2, 9, 9})}, SQUARED(torch::max_pool2d(in[0], 2, 4)));
  gradients("whole", {real({1, 2, 4, 4})}, SQUARED(torch::max_pool2d(in[0], 4)));
  gradients("size 1", {real({1, 2, 4, 4})}, SQUARED(torch::max_pool2d(in[0], 1)));
  gradients("without a batch", {real({3, 6, 6})}, SQUARED(torch::max_pool2d(in[0], 2)));
  gradients("strided", {real({6, 8, 3, 2})}, SQUARED(torch::max_pool2d(in[0].permute({3, 2, 0, 1}), 2)));
  gradients("cut", {real({1, 2, 7, 9})}, SQUARED(torch::max_pool2d(in[0].slice(3, 1, 8, 2), 2)));
  gradients("first of pair", {real({1, 2, 6, 6})}, SQUARED(std::get<0>(torch::max_pool2d_with_indices(in[0], 2))));
  both("indices", torch::max_pool2d_with_indices(real({2, 3, 7, 9}), {3, 2}, {2, 1}, {1, 0}, 1, true));
  both("indices of quarters", torch::max_pool2d_with_indices(real({2, 3, 8, 6}), 2));
  both("ties", torch::max_pool2d_with_indices(torch::zeros({1, 1, 4, 6}), 2));
  both("ties, overlapping", torch::max_pool2d_with_indices(torch::zeros({1, 1, 5, 5}), 3, 1, 1));
  both("few values", torch::max_pool2d_with_indices(integers({2, 3, 8, 40}, 2).to(torch::kFloat), 2));
  for (const int64_t place : {0, 1, 8, 9, 27}) {
    both(label("nan", {place}), torch::max_pool2d_with_indices(marked(real({1, 1, 4, 8}), place, std::nan("")), 2));
    both(label("nan in ones", {place}),
         torch::max_pool2d_with_indices(marked(torch::ones({1, 1, 4, 8}), place, std::nan("")), 2));
    both(label("inf", {place}), torch::max_pool2d_with_indices(marked(real({1, 1, 4, 8}), place, kInf), 2));
    both(label("-inf", {place}), torch::max_pool2d_with_indices(marked(real({1, 1, 4, 8}), place, -kInf), 2));
  }
  both("nan alone", torch::max_pool2d_with_indices(torch::full({1, 1, 4, 8}, std::nan("")), 2));
  both("-inf alone", torch::max_pool2d_with_indices(torch::full({1, 1, 4, 8}, -kInf), 2));
  both("-inf alone, padded", torch::max_pool2d_with_indices(torch::full({1, 1, 5, 5}, -kInf), 3, 2, 1));
  both("signed zeros", torch::max_pool2d_with_indices(torch::tensor({-0.0, 0.0, 0.0, -0.0}).view({1, 1, 2, 2}), 2));
  gradients("gradients of ties", {torch::ones({1, 2, 6, 6}, torch::kDouble)}, SQUARED(torch::max_pool2d(in[0], 2)));
  gradients("gradients at nan", {marked(real({1, 1, 4, 8}), 9, std::nan(""))}, SQUARED(torch::max_pool2d(in[0], 2)),
            false);
  gradients("no batch elements", {real({0, 3, 6, 6})}, SQUARED(torch::max_pool2d(in[0], 2)), false);
  value("float", torch::max_pool2d(real({2, 3, 6, 67}).to(torch::kFloat), 2));
  value("bfloat16", torch::max_pool2d(real({2, 3, 6, 6}).to(torch::kBFloat16), 2));
  refuses("no channels", [] { torch::max_pool2d(torch::rand({2, 0, 6, 6}), 2); });
  refuses("no rows", [] { torch::max_pool2d(torch::rand({2, 3, 0, 6}), 2); });
  refuses("padding", [] { torch::max_pool2d(torch::rand({1, 1, 6, 6}), 2, 2, 2); });
  refuses("negative padding", [] { torch::max_pool2d(torch::rand({1, 1, 6, 6}), 2, 2, -1); });
  refuses("kernel 0", [] { torch::max_pool2d(torch::rand({1, 1, 6, 6}), 0); });
  refuses("too small", [] { torch::max_pool2d(torch::rand({1, 1, 3, 3}), 5); });
  refuses("dimensions", [] { torch::max_pool2d(torch::rand({3, 3}), 2); });
  refuses("five dimensions", [] { torch::max_pool2d(torch::rand({1, 1, 1, 3, 3}), 2); });
  refuses("lists", [] { torch::max_pool2d(torch::rand({1, 1, 6, 6}), {2, 2, 2}); });
  refuses("integers", [] { torch::max_pool2d(integers({1, 1, 6, 6}, 9), 2); });
}

AGAINST(edges_max_pool3d) {
  gradients("cubes", {real({1, 2, 4, 5, 6})}, SQUARED(torch::max_pool3d(in[0], 2)));
  gradients("every option", {real({1, 2, 5, 7, 6})},
            SQUARED(torch::max_pool3d(in[0], {3, 2, 3}, {2, 1, 2}, {1, 0, 1}, {1, 2, 1}, true)));
  gradients("without a batch", {real({2, 4, 4, 4})}, SQUARED(torch::max_pool3d(in[0], {1, 2, 2})));
  gradients("strided", {real({4, 4, 3, 2, 1})}, SQUARED(torch::max_pool3d(in[0].permute({4, 3, 2, 1, 0}), 2)));
  both("indices", torch::max_pool3d_with_indices(real({1, 2, 5, 7, 6}), {3, 2, 3}, 2, 1, 1, true));
  both("nan", torch::max_pool3d_with_indices(marked(real({1, 1, 4, 4, 4}), 21, std::nan("")), 2));
  both("ties", torch::max_pool3d_with_indices(torch::ones({1, 1, 4, 4, 4}), 2, 1));
  value("no batch elements", torch::max_pool3d(torch::zeros({0, 2, 4, 4, 4}), 2));
  refuses("padding", [] { torch::max_pool3d(torch::rand({1, 1, 4, 4, 4}), 2, 2, 2); });
  refuses("too small", [] { torch::max_pool3d(torch::rand({1, 1, 4, 4, 4}), 5); });
  refuses("dimensions", [] { torch::max_pool3d(torch::rand({4, 4, 4}), 2); });
}

AGAINST(edges_wide_rows) {
  gradients("max 3 2 1", {real({1, 2, 5, 71})}, SQUARED(torch::max_pool2d(in[0], 3, 2, 1)));
  gradients("max 3 1 1", {real({1, 2, 5, 70})}, SQUARED(torch::max_pool2d(in[0], 3, 1, 1)));
  gradients("max dilated", {real({1, 2, 7, 70})}, SQUARED(torch::max_pool2d(in[0], 3, 2, 1, 2, true)));
  gradients("max in depth", {real({1, 2, 4, 5, 50})}, SQUARED(torch::max_pool3d(in[0], 3, 1, 1)));
  gradients("max of rows", {real({1, 2, 99})}, SQUARED(torch::max_pool1d(in[0], 3, 2)));
  gradients("avg 3 2 1", {real({1, 2, 5, 71})}, SQUARED(torch::avg_pool2d(in[0], 3, 2, 1)));
  gradients("avg 3 1 1", {real({1, 2, 5, 70})}, SQUARED(torch::avg_pool2d(in[0], 3, 1, 1, true, false)));
  gradients("avg in depth", {real({1, 2, 4, 5, 50})}, SQUARED(torch::avg_pool3d(in[0], 3, 1, 1)));
  gradients("avg divisor", {real({1, 2, 4, 50})}, SQUARED(torch::avg_pool2d(in[0], 2, 1, 1, false, true, 3)));
  gradients("avg 9", {real({1, 2, 20, 60})}, SQUARED(torch::avg_pool2d(in[0], 9, 2, 4)));
  for (const int64_t stride : {1, 2}) {
    const auto few = integers({2, 3, 9, 80}, 3).to(torch::kFloat);
    both(label("ties", {stride}), torch::max_pool2d_with_indices(few, 3, stride, 1));
    both(label("quarters", {stride}), torch::max_pool2d_with_indices(few, 2, stride));
    value(label("mean", {stride}), torch::avg_pool2d(few, 2, stride));
    auto holes = torch::where(few == 2, torch::full_like(few, std::nan("")), few);
    both(label("nan", {stride}), torch::max_pool2d_with_indices(holes, 3, stride, 1));
    both(label("nan of float64", {stride}), torch::max_pool2d_with_indices(holes.to(torch::kDouble), 3, stride, 1));
    holes = torch::where(few > 0, torch::full_like(few, -kInf), few);
    both(label("-inf", {stride}), torch::max_pool2d_with_indices(holes, 3, stride, 1));
    for (int64_t width = 16; width < 40; ++width) {
      both(label("width", {stride, width}), torch::max_pool1d_with_indices(real({2, width}), 3, stride, 1));
      both(label("width of float", {stride, width}),
           torch::max_pool1d_with_indices(real({2, width}).to(torch::kFloat), 2, stride));
      value(label("mean of width", {stride, width}), torch::avg_pool1d(real({2, width}), 3, stride, 1));
    }
  }
}

AGAINST(edges_avg_pool) {
  gradients("1d", {real({2, 3, 9})}, SQUARED(torch::avg_pool1d(in[0], 3)));
  gradients("1d every option", {real({2, 3, 8})}, SQUARED(torch::avg_pool1d(in[0], 3, 2, 1, true, false)));
  gradients("1d with pad", {real({2, 3, 8})}, SQUARED(torch::avg_pool1d(in[0], 3, 2, 1, true, true)));
  gradients("1d without a batch", {real({3, 9})}, SQUARED(torch::avg_pool1d(in[0], 2)));
  gradients("2d", {real({2, 3, 6, 8})}, SQUARED(torch::avg_pool2d(in[0], 2)));
  gradients("2d odd", {real({2, 3, 7, 9})}, SQUARED(torch::avg_pool2d(in[0], {3, 2}, {2, 1}, {1, 1})));
  gradients("2d ceil", {real({2, 3, 7, 9})}, SQUARED(torch::avg_pool2d(in[0], 2, 2, 1, true)));
  gradients("2d ceil, own numbers", {real({2, 3, 7, 9})}, SQUARED(torch::avg_pool2d(in[0], 3, 2, 1, true, false)));
  gradients("2d divisor", {real({2, 3, 7, 9})}, SQUARED(torch::avg_pool2d(in[0], 3, 2, 1, true, false, 5)));
  gradients("2d negative divisor", {real({1, 1, 4, 4})}, SQUARED(torch::avg_pool2d(in[0], 2, 2, 0, false, true, -2)));
  gradients("2d without a batch", {real({3, 7, 9})}, SQUARED(torch::avg_pool2d(in[0], 2)));
  gradients("2d strided", {real({6, 8, 3, 2})}, SQUARED(torch::avg_pool2d(in[0].permute({3, 2, 0, 1}), 2)));
  gradients("3d", {real({1, 2, 4, 5, 6})}, SQUARED(torch::avg_pool3d(in[0], 2)));
  gradients("3d every option", {real({1, 2, 5, 7, 6})},
            SQUARED(torch::avg_pool3d(in[0], {3, 2, 3}, {2, 1, 2}, {1, 0, 1}, true, false)));
  gradients("3d divisor", {real({1, 2, 4, 5, 6})}, SQUARED(torch::avg_pool3d(in[0], 2, 2, 1, true, true, 3)));
  gradients("3d without a batch", {real({2, 4, 4, 4})}, SQUARED(torch::avg_pool3d(in[0], 2)));
  for (const bool ceil : {false, true}) {
    for (const bool count : {false, true}) {
      for (int64_t size = 1; size <= 8; ++size) {
        for (int64_t kernel = 1; kernel <= 4 && kernel <= size; ++kernel) {
          for (int64_t stride = 1; stride <= 5; ++stride) {
            for (int64_t pad = 0; pad <= kernel / 2; ++pad) {
              value(label("sweep", {size, kernel, stride, pad, ceil, count}),
                    torch::avg_pool1d(real({1, 2, size}), kernel, stride, pad, ceil, count));
              value(label("sweep 2d", {size, kernel, stride, pad, ceil, count}),
                    torch::avg_pool2d(real({1, size, size + 1}), kernel, stride, pad, ceil, count));
            }
          }
        }
      }
    }
  }
  value("nan", torch::avg_pool2d(marked(real({1, 1, 4, 4}), 5, std::nan("")), 2));
  value("no batch elements", torch::avg_pool2d(torch::zeros({0, 3, 6, 6}), 2));
  value("no batch elements 1d", torch::avg_pool1d(torch::zeros({0, 3, 6}), 2));
  value("no batch elements 3d", torch::avg_pool3d(torch::zeros({0, 3, 6, 6, 6}), 2));
  value("float", torch::avg_pool2d(integers({2, 3, 6, 67}, 9).to(torch::kFloat), 2));
  refuses("divisor 0", [] { torch::avg_pool2d(torch::rand({1, 1, 4, 4}), 2, 2, 0, false, true, 0); });
  refuses("padding", [] { torch::avg_pool2d(torch::rand({1, 1, 4, 4}), 2, 2, 2); });
  refuses("too small", [] { torch::avg_pool2d(torch::rand({1, 1, 2, 2}), 3); });
  refuses("dimensions", [] { torch::avg_pool2d(torch::rand({2, 2}), 2); });
  refuses("1d dimensions", [] { torch::avg_pool1d(torch::rand({2}), 2); });
  refuses("3d dimensions", [] { torch::avg_pool3d(torch::rand({2, 2, 2}), 2); });
}

AGAINST(edges_adaptive) {
  gradients("avg 1d", {real({2, 3, 7})}, SQUARED(torch::adaptive_avg_pool1d(in[0], 3)));
  gradients("avg 1d, longer", {real({2, 3, 4})}, SQUARED(torch::adaptive_avg_pool1d(in[0], 6)));
  gradients("avg 1d without a batch", {real({3, 7})}, SQUARED(torch::adaptive_avg_pool1d(in[0], 2)));
  gradients("avg 2d", {real({2, 3, 7, 5})}, SQUARED(torch::adaptive_avg_pool2d(in[0], {3, 2})));
  gradients("avg 2d to 1", {real({2, 3, 7, 5})}, SQUARED(torch::adaptive_avg_pool2d(in[0], {1, 1})));
  gradients("avg 2d larger", {real({1, 2, 3, 5})}, SQUARED(torch::adaptive_avg_pool2d(in[0], {5, 7})));
  gradients("avg 2d without a batch", {real({3, 7, 5})}, SQUARED(torch::adaptive_avg_pool2d(in[0], {3, 2})));
  gradients("avg 2d strided", {real({5, 7, 2, 2})},
            SQUARED(torch::adaptive_avg_pool2d(in[0].permute({3, 2, 1, 0}), {3, 2})));
  gradients("avg 3d", {real({1, 2, 4, 7, 5})}, SQUARED(torch::adaptive_avg_pool3d(in[0], {3, 2, 4})));
  gradients("avg 3d to 1", {real({1, 2, 4, 7, 5})}, SQUARED(torch::adaptive_avg_pool3d(in[0], {1, 1, 1})));
  gradients("max 1d", {real({2, 3, 7})}, SQUARED(std::get<0>(torch::adaptive_max_pool1d(in[0], 3))));
  gradients("max 2d", {real({2, 3, 7, 5})}, SQUARED(std::get<0>(torch::adaptive_max_pool2d(in[0], {3, 2}))));
  gradients("max 2d larger", {real({1, 2, 3, 5})}, SQUARED(std::get<0>(torch::adaptive_max_pool2d(in[0], {5, 7}))));
  gradients("max 2d without a batch", {real({3, 7, 5})},
            SQUARED(std::get<0>(torch::adaptive_max_pool2d(in[0], {3, 2}))));
  gradients("max 3d", {real({1, 2, 4, 7, 5})}, SQUARED(std::get<0>(torch::adaptive_max_pool3d(in[0], {3, 2, 4}))));
  both("max 1d pair", torch::adaptive_max_pool1d(real({2, 3, 7}), 3));
  both("max 1d without a batch", torch::adaptive_max_pool1d(real({3, 7}), 3));
  both("max 2d pair", torch::adaptive_max_pool2d(real({2, 3, 7, 5}), {3, 2}));
  both("max 2d strided", torch::adaptive_max_pool2d(real({5, 7, 3, 2}).permute({3, 2, 1, 0}), {3, 2}));
  both("max 3d pair", torch::adaptive_max_pool3d(real({1, 2, 4, 7, 5}), {3, 2, 4}));
  both("max 2d nan", torch::adaptive_max_pool2d(marked(real({1, 1, 7, 5}), 11, std::nan("")), {3, 2}));
  both("max 2d ties", torch::adaptive_max_pool2d(torch::ones({1, 1, 7, 5}), {3, 2}));
  value("no batch elements", torch::adaptive_avg_pool2d(torch::zeros({0, 3, 6, 6}), {2, 2}));
  value("no batch elements, max", std::get<0>(torch::adaptive_max_pool2d(torch::zeros({0, 3, 6, 6}), {2, 2})));
  value("size 0", torch::adaptive_avg_pool2d(torch::zeros({1, 3, 6, 6}), {0, 2}));
  refuses("no rows", [] { torch::adaptive_avg_pool2d(torch::rand({1, 3, 0, 6}), {2, 2}); });
  refuses("negative", [] { torch::adaptive_avg_pool2d(torch::rand({1, 3, 6, 6}), {-2, 2}); });
  refuses("dimensions", [] { torch::adaptive_avg_pool2d(torch::rand({6, 6}), {2, 2}); });
  refuses("max dimensions", [] { torch::adaptive_max_pool2d(torch::rand({6, 6}), {2, 2}); });
}
