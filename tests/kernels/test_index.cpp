#include <rondo/autograd/kernels/strided.h>

#include <boost/test/unit_test.hpp>

#include "arrays.h"

using namespace rondo_test;
namespace kernels = rondo::kernels;

namespace {

std::vector<int64_t> random_index(int64_t count, int64_t size, unsigned seed = 3) {
  std::mt19937 random(seed);
  std::vector<int64_t> index(static_cast<size_t>(count));
  for (auto& i : index) i = static_cast<int64_t>(random() % static_cast<unsigned>(size));
  return index;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(index_kernels)

BOOST_AUTO_TEST_CASE(rows_are_taken) {
  for (const auto type : kAllTypes) {
    for (const int64_t width : {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 65, 300, 1501}) {
      for (const int64_t gap : {0, 3}) {
        for (const int64_t count : {0, 1, 50}) {
          const int64_t stride = width + gap;
          const Array x = random_integers(type, 20 * stride + 1, 0, type == rondo::kBool ? 1 : 100);
          const auto index = random_index(count, 20);
          Array y = random_integers(type, count * width + 9, 0, 1), expected = y;
          for (int64_t i = 0; i < count; ++i) {
            for (int64_t j = 0; j < width; ++j) {
              expected.set(i * width + j, x[index[static_cast<size_t>(i)] * stride + j]);
            }
          }
          kernels::take_rows(type, width, x.data(), stride, index.data(), count, y.data());
          BOOST_TEST((y == expected));
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(rows_are_added_in_order) {
  for (const auto type : kAllTypes) {
    for (const int64_t width : {0, 1, 2, 8, 17, 64, 65, 200}) {
      for (const int64_t count : {0, 1, 30, 700}) {
        const bool exact = type == rondo::kFloat || type == rondo::kDouble;
        const Array x = exact ? random_numbers(type, count * width)
                              : random_integers(type, count * width, 0, type == rondo::kBool ? 1 : 3);
        const auto index = random_index(count, 12);
        const int64_t stride = width + 2;
        for (const auto& [threads, step] : {std::pair{1, 1}, {2, 1}, {1, 0}, {2, 0}}) {
          const int64_t x_stride = step == 1 ? width : std::min<int64_t>(width, 1);
          Array y = random_integers(type, 12 * stride, 0, 1), expected = y;
          for (int64_t i = 0; i < count; ++i) {
            for (int64_t j = 0; j < width; ++j) {
              const int64_t to = index[static_cast<size_t>(i)] * stride + j;
              double sum = expected[to] + x[i * x_stride + j * step];
              if (type == rondo::kBool) sum = sum != 0;
              if (type == rondo::kByte || type == rondo::kChar) sum = static_cast<int>(sum) & 127;
              expected.set(to, sum);
            }
          }
          with_threads(threads, [&, step = step] {
            kernels::add_rows(type, width, y.data(), stride, index.data(), count, x.data(), x_stride, step);
          });
          int64_t wrong = 0;
          for (int64_t i = 0; i < y.size; ++i) {
            const bool bytes = type == rondo::kByte || type == rondo::kChar;
            wrong += bytes ? (static_cast<int>(y[i]) & 127) != static_cast<int>(expected[i]) : y[i] != expected[i];
          }
          BOOST_TEST(wrong == 0);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(indices_are_checked_and_wrapped) {
  for (const int64_t count : {0, 1, 5, 1023, 1024, 1025, 3000}) {
    auto index = random_index(count, 50);
    for (auto& i : index) i -= 25;
    std::vector<int64_t> wrapped(index.size(), 99);
    BOOST_TEST(kernels::check_index(index.data(), count, 25, wrapped.data()) == -1);
    for (size_t i = 0; i < index.size(); ++i) BOOST_TEST(wrapped[i] == (index[i] < 0 ? index[i] + 25 : index[i]));
    for (const int64_t bad :
         {int64_t{25}, int64_t{-26}, std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()}) {
      if (count == 0) continue;
      auto broken = index;
      broken[index.size() / 2] = bad;
      broken.back() = bad;
      BOOST_TEST(kernels::check_index(broken.data(), count, 25, wrapped.data()) == count / 2);
      BOOST_TEST(kernels::check_index(broken.data(), count, 25, broken.data()) == count / 2);  // in place
    }
  }
  int64_t zero = 0;
  BOOST_TEST(kernels::check_index(&zero, 1, 0, &zero) == 0);
}

// y[.., index, ..] and x[.., index, ..] for every position of the index, in row-major order.
BOOST_AUTO_TEST_CASE(elements_are_gathered_and_scattered) {
  struct Case {
    Sizes sizes;  // of the index
    int dim;
    int64_t depth;  // of the indexed dimension
  };
  for (const Case& c : {Case{{7}, 0, 5}, Case{{0}, 0, 5}, Case{{4, 3}, 0, 6}, Case{{4, 3}, 1, 6}, Case{{32, 1}, 1, 2},
                        Case{{3, 5, 6}, 0, 4}, Case{{3, 5, 6}, 1, 9}, Case{{3, 5, 6}, 2, 2}, Case{{300, 250}, 1, 250},
                        Case{{300, 250}, 0, 20}, Case{{80000}, 0, 9}}) {
    Sizes reached = c.sizes;
    reached[static_cast<size_t>(c.dim)] = c.depth;
    const int ndim = static_cast<int>(c.sizes.size());
    for (const bool transposed : {false, true}) {
      Sizes dense = contiguous_strides(c.sizes), wide = contiguous_strides(reached);
      if (transposed && ndim > 1) {  // the other order in memory, with gaps
        dense = Sizes(c.sizes.size());
        wide = dense;
        int64_t a = 2, b = 2;
        for (size_t d = 0; d < dense.size(); ++d) {
          dense[d] = a;
          wide[d] = b;
          a *= c.sizes[d] + 1;
          b *= reached[d] + 1;
        }
      }
      const int64_t total = product(c.sizes), step = wide[static_cast<size_t>(c.dim)];
      auto index = random_index(extent(c.sizes, dense), c.depth);
      Sizes base = wide;
      base[static_cast<size_t>(c.dim)] = 0;
      for (const auto type : kAllTypes) {
        if (total > 1000 && type != rondo::kFloat && type != rondo::kLong) continue;
        for (const int threads : {1, 2}) {
          const int top = type == rondo::kBool ? 1 : 2;
          const Array own = random_integers(type, extent(c.sizes, dense), 0, top, 4);
          const Array other = random_integers(type, extent(reached, wide), 0, top, 5);
          Array gathered = own, scattered = other, added = other;
          Array want_gathered = own, want_scattered = other, want_added = other;
          for (int64_t i = 0; i < total; ++i) {
            const int64_t mine = offset_at(c.sizes, dense, i);
            const int64_t there = offset_at(c.sizes, base, i) + index[static_cast<size_t>(mine)] * step;
            want_gathered.set(mine, other[there]);
            want_scattered.set(there, own[mine]);
            const double sum = want_added[there] + own[mine];
            want_added.set(there, type == rondo::kBool ? sum != 0 : sum);
          }
          with_threads(threads, [&] {
            kernels::gather(ndim, c.dim, c.sizes.data(), type, gathered.data(), dense.data(), other.data(), wide.data(),
                            index.data(), dense.data());
            kernels::scatter(ndim, c.dim, c.sizes.data(), type, scattered.data(), wide.data(), own.data(), dense.data(),
                             index.data(), dense.data());
            kernels::scatter_add(ndim, c.dim, c.sizes.data(), type, added.data(), wide.data(), own.data(), dense.data(),
                                 index.data(), dense.data());
          });
          BOOST_TEST((gathered == want_gathered));
          BOOST_TEST((scattered == want_scattered));
          BOOST_TEST((added == want_added));
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(scatter_of_one_value_and_no_dimensions) {
  const int64_t index[] = {2, 0, 2}, sizes[] = {3}, unit[] = {1}, none[] = {0};
  float y[] = {1, 1, 1, 1};
  const float value = 7;
  kernels::scatter(1, 0, sizes, rondo::kFloat, y, unit, &value, none, index, unit);
  BOOST_TEST(y[0] == 7);
  BOOST_TEST(y[1] == 1);
  BOOST_TEST(y[2] == 7);
  kernels::scatter_add(1, 0, sizes, rondo::kFloat, y, unit, &value, none, index, unit);
  BOOST_TEST(y[2] == 21);
  float alone = 0;
  const int64_t zero = 0;
  kernels::gather(0, 0, nullptr, rondo::kFloat, &alone, nullptr, &value, nullptr, &zero, nullptr);
  BOOST_TEST(alone == 7);
}

BOOST_AUTO_TEST_SUITE_END()
