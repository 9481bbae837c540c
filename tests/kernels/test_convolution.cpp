// Each fast body of convolution against products with columns in float32 and float64.
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/convolution_parts.h>
#include <rondo/autograd/kernels/product_parts.h>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace rondo;
using kernels::Convolution;
namespace conv = kernels::conv;

Convolution plane(int64_t batch, int64_t in, int64_t height, int64_t width, int64_t out, int64_t kernel, int64_t stride,
                  int64_t padding) {
  const auto size = [&](int64_t n) { return (n + 2 * padding - kernel) / stride + 1; };
  return {batch,
          1,
          in,
          out,
          {1, height, width},
          {1, kernel, kernel},
          {1, size(height), size(width)},
          {1, stride, stride},
          {0, padding, padding},
          {1, 1, 1}};
}

template <class T>
struct Results {
  std::vector<T> y, gx, gw;
};

// The operands of the three passes, and room for what they give.
struct Operands {
  explicit Operands(const Convolution& s)
      : shape(s),
        x(count(s.batch * s.in_channels * s.in_size())),
        w(count(s.out_channels * s.depth())),
        gy(count(s.batch * s.out_channels * s.out_size())),
        bias(count(s.out_channels)) {
    std::mt19937 engine(7);
    std::normal_distribution<float> normal;
    for (auto* list : {&x, &w, &gy, &bias}) {
      for (float& value : *list) value = normal(engine);
    }
  }
  static size_t count(int64_t n) { return static_cast<size_t>(n); }

  template <class T, class Body>
  Results<T> run(ScalarType type, const Body& body) const {
    const auto as = [](const std::vector<float>& list) { return std::vector<T>(list.begin(), list.end()); };
    const std::vector<T> tx = as(x), tw = as(w), tgy = as(gy), tbias = as(bias);
    Results<T> r{std::vector<T>(gy.size(), T(NAN)), std::vector<T>(x.size(), T(NAN)), std::vector<T>(w.size(), T(NAN))};
    body(type, shape, conv::Forward{tx.data(), tw.data(), tbias.data(), r.y.data()});
    body(type, shape, conv::Data{tgy.data(), tw.data(), nullptr, r.gx.data()});
    body(type, shape, conv::Weight{tgy.data(), tx.data(), r.gw.data()});
    return r;
  }

  Convolution shape;
  std::vector<float> x, w, gy, bias;
};

// The root of the mean squared error over that of the exact result.
double error(const std::vector<float>& result, const std::vector<double>& exact) {
  double squares = 0, total = 0;
  for (size_t i = 0; i < result.size(); ++i) {
    squares += (result[i] - exact[i]) * (result[i] - exact[i]);
    total += exact[i] * exact[i];
  }
  return std::sqrt(squares / total);
}

const auto plain = [](ScalarType type, const Convolution& s, const auto& pass) { conv::columns(type, s, pass); };
const auto by_winograd = [](ScalarType type, const Convolution& s, const auto& pass) {
  BOOST_TEST(conv::winograd(type, s, pass));
};
const auto direct = [](ScalarType type, const Convolution& s, const auto& pass) {
  BOOST_TEST(conv::direct(type, s, pass));
};

const auto flat = [](ScalarType type, const Convolution& s, const auto& pass) {
  BOOST_TEST(conv::flat(type, s, pass));
};

// Compares a body with float64, where plain sums have the errors beside; one and two threads give the same bits.
template <class Body>
void compare(const std::string& name, const Convolution& shape, const Body& body, double most) {
  BOOST_TEST_CONTEXT(name) {
    const Operands operands(shape);
    const Results<double> exact = operands.run<double>(kDouble, plain);
    const Results<float> sums = operands.run<float>(kFloat, plain), fast = operands.run<float>(kFloat, body);
    const auto check = [&](const char* pass, const std::vector<float>& a, const std::vector<float>& b,
                           const std::vector<double>& e) {
      BOOST_TEST_MESSAGE(name << ", " << pass << ": rms error " << error(a, e) << ", of plain sums " << error(b, e));
      BOOST_TEST(error(a, e) < most);
      BOOST_TEST(error(b, e) < 2e-6);
    };
    check("y", fast.y, sums.y, exact.y);
    check("gx", fast.gx, sums.gx, exact.gx);
    check("gw", fast.gw, sums.gw, exact.gw);
    const int threads = get_num_threads();
    set_num_threads(1);
    const Results<float> one = operands.run<float>(kFloat, body);
    set_num_threads(2);
    const Results<float> two = operands.run<float>(kFloat, body);
    set_num_threads(threads);
    const auto same = [](const std::vector<float>& a, const std::vector<float>& b) {
      return std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
    };
    BOOST_TEST(same(one.y, two.y));
    BOOST_TEST(same(one.gx, two.gx));
    BOOST_TEST(same(one.gw, two.gw));
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(convolution)

// Winograd's tiles: sizes that they do not divide, channels that lanes do not divide, paddings beyond the window.
BOOST_AUTO_TEST_CASE(winograds_tiles_agree_with_sums) {
  compare("64 to 64, 20x20", plane(2, 64, 20, 20, 64, 3, 1, 1), by_winograd, 4e-6);
  compare("no padding", plane(3, 32, 14, 12, 40, 3, 1, 0), by_winograd, 4e-6);
  compare("odd channels", plane(4, 33, 9, 11, 35, 3, 1, 1), by_winograd, 4e-6);
  compare("49 to 65 channels", plane(2, 49, 13, 17, 65, 3, 1, 1), by_winograd, 4e-6);
  compare("more padding than needed", plane(9, 48, 9, 7, 32, 3, 1, 2), by_winograd, 4e-6);
  compare("padding beyond the window", plane(4, 32, 8, 9, 33, 3, 1, 4), by_winograd, 4e-6);
  compare("several blocks", plane(5, 40, 60, 44, 36, 3, 1, 1), by_winograd, 8e-6);
}

BOOST_AUTO_TEST_CASE(winograd_is_for_its_shapes_alone) {
  const auto takes = [](const Convolution& s, ScalarType type = kFloat) {
    const Operands operands(s);
    std::vector<double> y(operands.gy.size());
    return conv::winograd(type, s, conv::Forward{operands.x.data(), operands.w.data(), nullptr, y.data()});
  };
  BOOST_TEST(takes(plane(2, 32, 20, 20, 32, 3, 1, 1)));
  BOOST_TEST(!takes(plane(2, 31, 20, 20, 32, 3, 1, 1)));
  BOOST_TEST(!takes(plane(2, 32, 20, 20, 31, 3, 1, 1)));
  BOOST_TEST(!takes(plane(2, 32, 20, 20, 32, 3, 2, 1)));
  BOOST_TEST(!takes(plane(2, 32, 20, 20, 32, 5, 1, 1)));
  BOOST_TEST(!takes(plane(2, 32, 3, 3, 32, 3, 1, 0)));
  Convolution dilated = plane(2, 32, 20, 20, 32, 3, 1, 2);
  dilated.dilation[1] = dilated.dilation[2] = 2;
  dilated.out[1] = dilated.out[2] = 20;
  BOOST_TEST(!takes(dilated));
  kernels::set_winograd(false);
  BOOST_TEST(!takes(plane(2, 32, 20, 20, 32, 3, 1, 1)));
  kernels::set_winograd(true);
}

BOOST_AUTO_TEST_CASE(the_direct_form_agrees_with_sums) {
  compare("one pixel", plane(3, 32, 1, 1, 32, 3, 1, 1), direct, 3e-6);
  compare("one output", plane(2, 20, 5, 5, 17, 5, 1, 0), direct, 3e-6);
  compare("stride 2", plane(2, 20, 13, 15, 33, 3, 2, 1), direct, 3e-6);
  compare("stride 3 of windows of 5", plane(2, 17, 14, 15, 40, 5, 3, 4), direct, 3e-6);
  compare("stride beyond the window", plane(2, 17, 14, 15, 40, 2, 3, 0), direct, 3e-6);
  compare("padding beyond the input", plane(1, 40, 3, 2, 33, 3, 1, 4), direct, 3e-6);
  compare("wide windows", plane(2, 18, 23, 31, 16, 7, 2, 3), direct, 3e-6);
  compare("several bands", plane(2, 16, 90, 70, 20, 3, 1, 1), direct, 3e-6);
}

BOOST_AUTO_TEST_CASE(the_direct_form_takes_few_input_channels) {
  const Convolution s = plane(2, 3, 40, 37, 18, 7, 2, 3);
  const Operands operands(s);
  std::vector<float> y(operands.gy.size()), plain_y(y);
  BOOST_TEST(conv::direct(kFloat, s, conv::Forward{operands.x.data(), operands.w.data(), nullptr, y.data()}));
  conv::columns(kFloat, s, conv::Forward{operands.x.data(), operands.w.data(), nullptr, plain_y.data()});
  for (size_t i = 0; i < y.size(); ++i) BOOST_TEST(std::abs(y[i] - plain_y[i]) < 1e-4);
}

Convolution with(Convolution s, int64_t groups, int64_t dilation) {
  s.groups = groups;
  for (int i = 1; i < 3; ++i) {
    s.dilation[i] = dilation;
    s.out[i] = (s.in[i] + 2 * s.padding[i] - dilation * (s.kernel[i] - 1) - 1) / s.stride[i] + 1;
  }
  return s;
}

void compare_flat(const std::string& name, const Convolution& shape) {
  compare(name, shape, flat, 2e-6);
  const Operands operands(shape);
  const Results<double> a = operands.run<double>(kDouble, flat), b = operands.run<double>(kDouble, plain);
  const auto close = [&](const std::vector<double>& x, const std::vector<double>& y) {
    for (size_t i = 0; i < x.size(); ++i) BOOST_TEST(std::abs(x[i] - y[i]) < 1e-11, name);
  };
  close(a.y, b.y);
  close(a.gx, b.gx);
  close(a.gw, b.gw);
}

BOOST_AUTO_TEST_CASE(the_flat_form_agrees_with_sums) {
  if (!kernels::product::packed_is_quick()) return;  // it takes nothing on such a processor
  compare_flat("3x3", plane(2, 5, 9, 14, 17, 3, 1, 1));
  compare_flat("one row of results", plane(2, 8, 12, 12, 1, 4, 1, 2));
  compare_flat("15 rows of results", plane(2, 8, 12, 12, 15, 4, 1, 2));
  compare_flat("more terms than a chain of sums", plane(2, 64, 12, 12, 64, 3, 1, 1));
  compare_flat("stride 2", plane(2, 3, 19, 24, 20, 7, 2, 3));
  compare_flat("1x1", plane(2, 5, 9, 14, 17, 1, 1, 0));
  compare_flat("1x1 of rows that lanes divide", plane(3, 12, 8, 16, 9, 1, 1, 0));
  compare_flat("1x1, stride 2", plane(2, 5, 9, 14, 17, 1, 2, 0));
  compare_flat("1x1 with padding", plane(2, 5, 9, 14, 17, 1, 1, 1));
  compare_flat("dilation", with(plane(2, 5, 19, 14, 3, 3, 1, 2), 1, 2));
  compare_flat("dilation and stride", with(plane(2, 5, 19, 14, 3, 3, 2, 2), 1, 3));
  compare_flat("dilation by the stride", with(plane(2, 5, 19, 14, 3, 3, 3, 1), 1, 3));
  compare_flat("groups", with(plane(2, 15, 9, 14, 10, 3, 1, 1), 5, 1));
  compare_flat("each channel for itself", with(plane(2, 16, 9, 14, 16, 3, 1, 1), 16, 1));
  compare_flat("each channel for itself, stride 2", with(plane(2, 16, 9, 14, 32, 3, 2, 1), 16, 1));
  compare_flat("stride beyond the window", plane(2, 4, 19, 14, 4, 2, 5, 1));
  compare_flat("padding beyond the input", plane(1, 2, 1, 1, 2, 3, 1, 4));
  compare_flat("one output", plane(2, 3, 5, 5, 40, 5, 1, 0));
  compare_flat("several blocks of images", plane(5, 30, 100, 90, 4, 3, 1, 1));
  compare_flat("three dimensions", {2, 2, 8, 12, {5, 6, 7}, {2, 3, 3}, {3, 4, 3}, {2, 1, 2}, {1, 0, 1}, {1, 1, 2}});
  compare_flat("more outputs than inputs reach",
               {2, 1, 4, 6, {1, 10, 10}, {1, 3, 3}, {1, 10, 9}, {1, 1, 1}, {0, 0, 0}, {1, 1, 1}});
  compare_flat("fewer outputs than inputs reach",
               {2, 1, 4, 6, {1, 10, 10}, {1, 3, 3}, {1, 3, 2}, {1, 2, 2}, {0, -1, -2}, {1, 1, 1}});
}

// The sums of columns against a loop over everything, in three dimensions with groups, stride, padding and dilation.
BOOST_AUTO_TEST_CASE(columns_agree_with_a_plain_loop) {
  const Convolution s{2, 2, 4, 6, {3, 5, 4}, {2, 3, 2}, {2, 3, 3}, {2, 1, 2}, {1, 1, 2}, {1, 2, 1}};
  const Operands operands(s);
  const Results<double> result = operands.run<double>(kDouble, plain);
  Results<double> loop{std::vector<double>(operands.gy.size()), std::vector<double>(operands.x.size()),
                       std::vector<double>(operands.w.size())};
  for (size_t yi = 0; yi < loop.y.size(); ++yi) {
    int64_t at = static_cast<int64_t>(yi);
    int64_t o[3];
    for (int d = 2; d >= 0; --d) {
      o[d] = at % s.out[d];
      at /= s.out[d];
    }
    const int64_t out = at % s.out_channels, image = at / s.out_channels;
    loop.y[yi] += operands.bias[static_cast<size_t>(out)];
    for (int64_t column = 0; column < s.depth(); ++column) {
      int64_t rest = column, i[3];
      bool inside = true;
      for (int d = 2; d >= 0; --d) {
        i[d] = o[d] * s.stride[d] - s.padding[d] + rest % s.kernel[d] * s.dilation[d];
        rest /= s.kernel[d];
        inside = inside && i[d] >= 0 && i[d] < s.in[d];
      }
      if (!inside) continue;
      const int64_t in = out / s.group_out() * s.group_in() + rest;
      const auto xi =
          static_cast<size_t>((((image * s.in_channels + in) * s.in[0] + i[0]) * s.in[1] + i[1]) * s.in[2] + i[2]);
      const auto wi = static_cast<size_t>(out * s.depth() + column);
      loop.y[yi] += double{operands.x[xi]} * operands.w[wi];
      loop.gx[xi] += double{operands.gy[yi]} * operands.w[wi];
      loop.gw[wi] += double{operands.gy[yi]} * operands.x[xi];
    }
  }
  const auto close = [](const std::vector<double>& a, const std::vector<double>& b) {
    for (size_t i = 0; i < a.size(); ++i) BOOST_TEST(std::abs(a[i] - b[i]) < 1e-10);
  };
  close(result.y, loop.y);
  close(result.gx, loop.gx);
  close(result.gw, loop.gw);
}

BOOST_AUTO_TEST_SUITE_END()
