#include <rondo/autograd/base/error.h>
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/product.h>
#include <rondo/autograd/kernels/product_parts.h>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <tuple>
#include <vector>

namespace {

using rondo::kernels::gemm;
using rondo::kernels::gemm_batched;
using rondo::kernels::MatrixView;

std::mt19937 engine(7);

template <class T>
T random_number() {
  if constexpr (std::is_floating_point_v<T>) {
    return std::uniform_real_distribution<T>(-1, 1)(engine);
  } else {
    return static_cast<T>(engine());
  }
}

template <class T>
std::vector<T> random_numbers(int64_t count) {
  std::vector<T> x(static_cast<size_t>(count));
  for (T& value : x) value = random_number<T>();
  return x;
}

enum class Layout { rows, padded_rows, columns, padded_columns, strided, one_row, one_column };
constexpr Layout kLayouts[] = {Layout::rows,    Layout::padded_rows, Layout::columns,   Layout::padded_columns,
                               Layout::strided, Layout::one_row,     Layout::one_column};

// A matrix of random numbers whose memory ends with its last element, so that a sanitizer sees a read behind it.
template <class T>
struct Matrix {
  Matrix(int64_t m, int64_t n, Layout layout) {
    switch (layout) {
      case Layout::rows:
        row = n, column = 1;
        break;
      case Layout::padded_rows:
        row = n + 3, column = 1;
        break;
      case Layout::columns:
        row = 1, column = m;
        break;
      case Layout::padded_columns:
        row = 1, column = m + 5;
        break;
      case Layout::strided:
        row = 2 * n + 1, column = 2;
        break;
      case Layout::one_row:
        row = 0, column = 1;
        break;
      case Layout::one_column:
        row = 1, column = 0;
        break;
    }
    data = random_numbers<T>(m > 0 && n > 0 ? (m - 1) * row + (n - 1) * column + 1 : 0);
  }
  T at(int64_t i, int64_t j) const { return data[static_cast<size_t>(i * row + j * column)]; }
  MatrixView view() const { return {data.data(), row, column}; }

  std::vector<T> data;
  int64_t row = 0, column = 0;
};

struct Case {
  int64_t m, n, k;
  double alpha = 1, beta = 0;
  bool bias = false;
  int64_t y_padding = 0;
};

std::string text(const Case& c, Layout a, Layout b) {
  return std::to_string(c.m) + "x" + std::to_string(c.n) + "x" + std::to_string(c.k) + " layouts " +
         std::to_string(static_cast<int>(a)) + " " + std::to_string(static_cast<int>(b)) + " alpha " +
         std::to_string(c.alpha) + " beta " + std::to_string(c.beta) + (c.bias ? " bias" : "");
}

// Against plain sums in double; the bound is relative to the sum of the terms' magnitudes.
template <class T>
void check(const Case& c, Layout a_layout, Layout b_layout) {
  const Matrix<T> a(c.m, c.k, a_layout), b(c.k, c.n, b_layout);
  const std::vector<T> bias = random_numbers<T>(c.n);
  const int64_t stride = c.n + c.y_padding;
  std::vector<T> y = random_numbers<T>(c.m * stride);
  const std::vector<T> before = y;
  if (c.beta == 0) {
    for (T& value : y) value = std::numeric_limits<T>::quiet_NaN();
  }
  gemm(rondo::scalar_type_of<T>, c.m, c.n, c.k, c.alpha, a.view(), b.view(), c.beta, y.data(), stride,
       c.bias ? bias.data() : nullptr);
  // Rows of b, one after the other, are quicker to go through than its columns.
  const size_t width = static_cast<size_t>(c.n);
  std::vector<double> wide(static_cast<size_t>(c.k) * width), sums(width), sizes(width);
  for (int64_t p = 0; p < c.k; ++p) {
    for (int64_t j = 0; j < c.n; ++j) wide[static_cast<size_t>(p * c.n + j)] = static_cast<double>(b.at(p, j));
  }
  int wrong = 0, touched = 0;
  for (int64_t i = 0; i < c.m; ++i) {
    std::fill(sums.begin(), sums.end(), 0.0);
    std::fill(sizes.begin(), sizes.end(), 0.0);
    for (int64_t p = 0; p < c.k; ++p) {
      const double factor = c.alpha * static_cast<double>(a.at(i, p));
      const double* row = wide.data() + p * c.n;
      for (size_t j = 0; j < width; ++j) {
        sums[j] += factor * row[j];
        sizes[j] += std::abs(factor * row[j]);
      }
    }
    for (int64_t j = 0; j < stride; ++j) {
      const size_t at = static_cast<size_t>(i * stride + j);
      if (j >= c.n) {
        touched += c.beta == 0 ? !std::isnan(y[at]) : y[at] != before[at];
        continue;
      }
      const double sum = sums[static_cast<size_t>(j)], size = sizes[static_cast<size_t>(j)];
      const double kept = c.beta * static_cast<double>(before[at]);
      const double added = c.bias ? static_cast<double>(bias[static_cast<size_t>(j)]) : 0;
      const double bound = 8 * std::numeric_limits<T>::epsilon() * (std::sqrt(static_cast<double>(c.k)) + 1) *
                           (size + std::abs(kept) + std::abs(added));
      wrong += !(std::abs(static_cast<double>(y[at]) - (sum + kept + added)) <= bound);
    }
  }
  BOOST_TEST(wrong == 0, text(c, a_layout, b_layout) << ": " << wrong << " wrong");
  BOOST_TEST(touched == 0, text(c, a_layout, b_layout) << ": wrote between the rows of y");
}

template <class T>
void check_layouts(const Case& c) {
  for (Layout a : kLayouts) {
    for (Layout b : kLayouts) check<T>(c, a, b);
  }
}

Layout random_layout() { return kLayouts[engine() % std::size(kLayouts)]; }

template <class T>
std::vector<T> product(int64_t m, int64_t n, int64_t k, const Matrix<T>& a, const Matrix<T>& b) {
  std::vector<T> y(static_cast<size_t>(m * n));
  gemm(rondo::scalar_type_of<T>, m, n, k, 1, a.view(), b.view(), 0, y.data(), n);
  return y;
}

// Threads as wanted while it lives.
struct Threads {
  explicit Threads(int count) : before(rondo::get_num_threads()) { rondo::set_num_threads(count); }
  ~Threads() { rondo::set_num_threads(before); }
  int before;
};

template <class T>
void check_threads(int64_t m, int64_t n, int64_t k, Layout a_layout, Layout b_layout) {
  const Matrix<T> a(m, k, a_layout), b(k, n, b_layout);
  std::vector<T> first;
  for (int threads : {1, 2, 3, 5}) {
    const Threads use(threads);
    const std::vector<T> y = product(m, n, k, a, b);
    if (first.empty()) {
      first = y;
    } else {
      BOOST_TEST((std::memcmp(first.data(), y.data(), y.size() * sizeof(T)) == 0),
                 text({m, n, k}, a_layout, b_layout) << " differs with " << threads << " threads");
    }
  }
}

template <class T>
void check_integers() {
  using U = std::make_unsigned_t<T>;
  for (int round = 0; round < 40; ++round) {
    const int64_t m = engine() % 9, n = engine() % 9, k = engine() % 9;
    const Matrix<T> a(m, k, random_layout()), b(k, n, random_layout());
    const std::vector<T> bias = random_numbers<T>(n);
    std::vector<T> y = random_numbers<T>(m * n), want = y;
    for (int64_t i = 0; i < m; ++i) {
      for (int64_t j = 0; j < n; ++j) {
        uint64_t sum = 3 * static_cast<uint64_t>(want[static_cast<size_t>(i * n + j)]);
        for (int64_t p = 0; p < k; ++p) {
          sum += uint64_t(-2) * static_cast<uint64_t>(a.at(i, p)) * static_cast<uint64_t>(b.at(p, j));
        }
        want[static_cast<size_t>(i * n + j)] =
            static_cast<T>(static_cast<U>(sum + static_cast<uint64_t>(bias[static_cast<size_t>(j)])));
      }
    }
    gemm(rondo::scalar_type_of<T>, m, n, k, -2, a.view(), b.view(), 3, y.data(), n, bias.data());
    BOOST_TEST((y == want), m << "x" << n << "x" << k);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(product)

BOOST_AUTO_TEST_CASE(layouts_of_small_sizes) {
  for (int64_t m : {0, 1, 2, 3, 5}) {
    for (int64_t n : {0, 1, 2, 5, 9, 17}) {
      for (int64_t k : {0, 1, 2, 7, 33}) {
        check_layouts<float>({m, n, k});
        check_layouts<double>({m, n, k, 1, 0, true});
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(random_sizes) {
  const double factors[] = {0, 1, -1, 0.5};
  for (int round = 0; round < 1500; ++round) {
    const Case c{static_cast<int64_t>(engine() % 71),
                 static_cast<int64_t>(engine() % 71),
                 static_cast<int64_t>(engine() % 71),
                 factors[engine() % 4],
                 factors[engine() % 4],
                 engine() % 2 == 0,
                 static_cast<int64_t>(engine() % 3)};
    check<float>(c, random_layout(), random_layout());
    check<double>(c, random_layout(), random_layout());
  }
}

BOOST_AUTO_TEST_CASE(larger_sizes) {
  const int64_t sizes[][3] = {{128, 130, 120}, {100, 97, 803}, {300, 40, 41},  {33, 300, 100}, {1, 700, 300},
                              {700, 1, 300},   {257, 10, 512}, {10, 512, 128}, {3, 50, 5000},  {40, 9000, 2},
                              {2, 9000, 5},    {64, 2, 9000},  {500, 3, 64},   {16, 33, 4100}, {101, 64, 9000}};
  for (const auto& [m, n, k] : sizes) {
    for (Layout a : {Layout::rows, Layout::padded_columns, Layout::strided}) {
      for (Layout b : {Layout::padded_rows, Layout::columns, Layout::strided}) {
        check<float>({m, n, k}, a, b);
        check<float>({m, n, k, 0.5, 1, true, 1}, a, b);
        check<double>({m, n, k, 1, -1, true}, a, b);
      }
    }
  }
}

// A product that is scaled in pieces, the last of which is made by other means than the first.
BOOST_AUTO_TEST_CASE(pieces_of_different_kinds) {
  check<float>({685, 12, 4100, 0.5, 1, true}, Layout::columns, Layout::columns);
  check<double>({1368, 6, 4100, 0.5, 1, true}, Layout::columns, Layout::columns);
}

// Products whose panels of b do not fit one packing, in either direction.
BOOST_AUTO_TEST_CASE(several_panels) {
  check<float>({48, 2500, 900, 1, 0.5, true}, Layout::rows, Layout::columns);
  check<float>({48, 300, 8500, 1, 0, true}, Layout::columns, Layout::rows);
}

BOOST_AUTO_TEST_CASE(many_rows_of_few_terms_are_packed_at_once) {
  for (Layout a : {Layout::rows, Layout::columns, Layout::strided}) {
    check<float>({256, 256, 256}, a, Layout::rows);
    check<float>({1500, 300, 40}, a, Layout::columns);
    check<double>({2500, 200, 25, 0.5, 1, true}, a, Layout::rows);
  }
}

// The sum of many equal terms is where one long chain of float additions would drift.
BOOST_AUTO_TEST_CASE(long_sums_keep_their_accuracy) {
  const int64_t k = 1 << 20;
  const std::vector<float> ones(static_cast<size_t>(k), 0.1f);
  for (MatrixView a : {MatrixView{ones.data(), 0, 1}, MatrixView{ones.data(), 1, 1}}) {
    float y[4];
    gemm(rondo::kFloat, 1, 4, k - 3, 1, a, {ones.data(), 1, 1}, 0, y, 4);
    for (float value : y) BOOST_TEST(std::abs(value / (0.01 * static_cast<double>(k - 3)) - 1) < 1e-4);
  }
}

BOOST_AUTO_TEST_CASE(beta_zero_overwrites_nan_and_special_values_spread) {
  const float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  const float a[] = {1, inf, 0, 2}, b[] = {1, 2, 3, 0};
  float y[] = {nan, nan, nan, nan};
  gemm(rondo::kFloat, 2, 2, 2, 1, {a, 2, 1}, {b, 2, 1}, 0, y, 2);
  BOOST_TEST(y[0] == inf);
  BOOST_TEST(std::isnan(y[1]));  // inf * 0
  BOOST_TEST(y[2] == 6);
  BOOST_TEST(y[3] == 0);
  float z[] = {nan, 3};
  gemm(rondo::kFloat, 1, 2, 0, 1, {a, 2, 1}, {b, 2, 1}, 0, z, 2);
  BOOST_TEST(z[0] == 0);
  BOOST_TEST(z[1] == 0);
}

BOOST_AUTO_TEST_CASE(bits_do_not_depend_on_threads) {
  const Layout both[] = {Layout::rows, Layout::columns};
  const int64_t sizes[][3] = {{128, 512, 784}, {512, 784, 128}, {128, 10, 512},  {10, 512, 300},  {1, 512, 784},
                              {512, 1, 784},   {33, 700, 300},  {200, 200, 200}, {97, 97, 97},    {8, 2000, 300},
                              {2000, 8, 300},  {64, 64, 5000},  {4, 4, 70000},   {1000, 35, 400}, {15, 333, 3000}};
  for (const auto& [m, n, k] : sizes) {
    for (Layout a : both) {
      for (Layout b : both) {
        check_threads<float>(m, n, k, a, b);
        check_threads<double>(m, n, k, a, b);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(batches) {
  for (int round = 0; round < 60; ++round) {
    const int64_t batch = engine() % 6, m = 1 + engine() % 20, n = 1 + engine() % 20, k = engine() % 20;
    const int64_t a_step = engine() % 2 ? m * k : 0, b_step = engine() % 2 ? k * n : 0, y_step = m * n + engine() % 3;
    const auto a = random_numbers<double>(batch * m * k), b = random_numbers<double>(batch * k * n);
    auto y = random_numbers<double>(batch * y_step), want = y;
    for (int64_t i = 0; i < batch; ++i) {
      gemm(rondo::kDouble, m, n, k, 2, {a.data() + i * a_step, k, 1}, {b.data() + i * b_step, 1, k}, 1,
           want.data() + i * y_step, n);
    }
    gemm_batched(rondo::kDouble, batch, m, n, k, 2, {a.data(), k, 1}, a_step, {b.data(), 1, k}, b_step, 1, y.data(), n,
                 y_step);
    BOOST_TEST((y == want));
  }
}

BOOST_AUTO_TEST_CASE(large_batches_on_threads) {
  for (int64_t batch : {3, 64}) {
    const int64_t m = 96, n = 100, k = 90;
    const auto a = random_numbers<float>(batch * m * k), b = random_numbers<float>(batch * k * n);
    std::vector<float> y(static_cast<size_t>(batch * m * n)), first;
    for (int threads : {1, 2, 4}) {
      const Threads use(threads);
      gemm_batched(rondo::kFloat, batch, m, n, k, 1, {a.data(), k, 1}, m * k, {b.data(), n, 1}, k * n, 0, y.data(), n,
                   m * n);
      if (first.empty()) first = y;
      BOOST_TEST((first == y));
    }
  }
}

BOOST_AUTO_TEST_CASE(integers_wrap) {
  check_integers<int8_t>();
  check_integers<uint8_t>();
  check_integers<int16_t>();
  check_integers<int32_t>();
  check_integers<int64_t>();
}

BOOST_AUTO_TEST_CASE(other_types_are_refused) {
  for (rondo::ScalarType type : {rondo::kBool, rondo::kHalf, rondo::kBFloat16}) {
    BOOST_CHECK_THROW(gemm(type, 1, 1, 1, 1, {nullptr, 1, 1}, {nullptr, 1, 1}, 0, nullptr, 1), rondo::TypeError);
  }
}

// OpenBLAS takes over where the packed body has no wide registers: here both run, on every form that BLAS can express.
BOOST_AUTO_TEST_CASE(blas_agrees_with_the_packed_body) {
  using rondo::kernels::product::Task;
  for (auto [m, n, k] : {std::tuple<int64_t, int64_t, int64_t>{3, 5, 7}, {300, 70, 40}, {64, 600, 130}}) {
    const auto a = random_numbers<double>(m * k), b = random_numbers<double>(k * n), bias = random_numbers<double>(n);
    for (bool a_transposed : {false, true}) {
      for (bool b_transposed : {false, true}) {
        const auto start = random_numbers<double>(m * n);
        auto want = start;
        Task<double> task{m,
                          n,
                          k,
                          1.5,
                          a.data(),
                          a_transposed ? 1 : k,
                          a_transposed ? m : 1,
                          b.data(),
                          b_transposed ? 1 : n,
                          b_transposed ? k : 1,
                          0.5,
                          want.data(),
                          n,
                          bias.data()};
        rondo::kernels::product::packed(task);
        std::vector<double> first;
        for (int threads : {1, 2}) {
          const Threads use(threads);
          auto y = start;
          task.y = y.data();
          BOOST_TEST(rondo::kernels::product::blas(task));
          if (first.empty()) first = y;
          BOOST_TEST((first == y));
          double worst = 0;
          for (size_t i = 0; i < y.size(); ++i) worst = std::max(worst, std::abs(y[i] - want[i]));
          BOOST_TEST(worst < 1e-11);
        }
      }
    }
  }
  double x[4] = {};
  BOOST_TEST(!rondo::kernels::product::blas(Task<double>{2, 2, 2, 1, x, 0, 0, x, 2, 1, 0, x, 2, nullptr}));
}

BOOST_AUTO_TEST_SUITE_END()
