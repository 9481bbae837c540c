// Choosing by a condition.
#include <rondo/autograd/kernels/select.h>
#include <rondo/tests/kernels/arrays.h>

#include <boost/test/unit_test.hpp>

using rondo_test::Array;

BOOST_AUTO_TEST_SUITE(selection)

BOOST_AUTO_TEST_CASE(takes_the_right_operand_in_every_width_and_broadcast) {
  for (const auto type : {rondo::kChar, rondo::kShort, rondo::kFloat, rondo::kDouble}) {
    const auto loop = rondo::kernels::select_loop(rondo::element_size(type));
    for (const int64_t n : {0, 1, 7, 8, 15, 16, 31, 33, 63, 64, 65, 200}) {
      const Array a = rondo_test::random_integers(type, n + 1, 0, 50, 1);
      const Array b = rondo_test::random_integers(type, n + 1, 51, 100, 2);
      const Array condition = rondo_test::random_integers(rondo::kBool, n + 1, 0, 1, 3);
      for (int broadcast = 0; broadcast < 8; ++broadcast) {
        const int64_t step[] = {1, broadcast & 1, (broadcast >> 1) & 1, (broadcast >> 2) & 1};
        Array y(type, n + 1);
        y.set(n, 77);  // nothing is written behind the end
        void* const data[] = {y.data(), const_cast<void*>(condition.data()), const_cast<void*>(a.data()),
                              const_cast<void*>(b.data())};
        loop(nullptr, data, step, n);
        int64_t wrong = y[n] != 77;
        for (int64_t i = 0; i < n; ++i) {
          const double want = condition[i * step[1]] != 0 ? a[i * step[2]] : b[i * step[3]];
          wrong += y[i] != want;
        }
        BOOST_TEST(wrong == 0, rondo::dtype_name(type) << ", n = " << n << ", broadcast " << broadcast);
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
