// One row beside many: short ones are taken several at a time, which must change no bit.
#include <rondo/autograd.h>

#include <boost/test/unit_test.hpp>

#include <algorithm>

using rondo::Tensor;

BOOST_AUTO_TEST_CASE(a_row_beside_many_gives_what_whole_arrays_give) {
  for (const rondo::ScalarType type : {rondo::kFloat, rondo::kDouble, rondo::kLong, rondo::kByte}) {
    for (const int64_t width : {1, 3, 8, 33, 100, 127, 255, 256, 257, 1000, 1023, 1024, 1025, 2049}) {
      const int64_t rows = 70000 / width + 3;
      const Tensor many = (rondo::rand({rows, width}) * 100).to(type), row = (rondo::rand({width}) * 100).to(type);
      const Tensor whole = row.expand({rows, width}).contiguous();
      BOOST_TEST((many + row).equal(many + whole), "width " << width);
      BOOST_TEST((row - many).equal(whole - many), "width " << width);
      BOOST_TEST((many > row).equal(many > whole), "width " << width);
      BOOST_TEST(rondo::addcmul(many, row, many).equal(rondo::addcmul(many, whole, many)), "width " << width);
      Tensor changed = many.clone();
      changed.mul_(row);
      BOOST_TEST(changed.equal(many * whole), "width " << width);
    }
  }
}

// Sums and products are written past the caches, from a place in the middle of a register to another: whole arrays,
// rows one by one (1001) and several rows at once (1024).
BOOST_AUTO_TEST_CASE(values_larger_than_the_caches_are_what_their_parts_give) {
  const int before = rondo::get_num_threads();
  constexpr int64_t kCount = 7'707'700, kPart = 70;
  for (const auto type : {rondo::kFloat, rondo::kDouble}) {
    const Tensor numbers = rondo::arange(kCount + 1, type).remainder(1013);
    for (const int64_t width : {1001, 1024}) {
      const int64_t rows = kCount / width;
      const Tensor x = numbers.narrow(0, 1, rows * width).view({rows, width}), y = x * 0.37 + 1, row = y.select(0, 3);
      for (const int threads : {1, 2}) {
        rondo::set_num_threads(threads);
        const Tensor sum = x + y, beside_row = x * row, scaled = x * 0.3, columns = x.t() * y.t();
        bool same = true;
        for (int64_t i = 0; i < rows; i += kPart) {
          const int64_t count = std::min(kPart, rows - i);
          const auto part = [&](const Tensor& whole) { return whole.narrow(0, i, count); };
          same = same && part(sum).equal(part(x) + part(y)) && part(beside_row).equal(part(x) * row) &&
                 part(scaled).equal(part(x) * 0.3) && columns.narrow(1, i, count).equal(part(x).t() * part(y).t());
        }
        BOOST_TEST(same, toString(type) << ", rows of " << width << ", " << threads << " threads");
      }
    }
  }
  rondo::set_num_threads(before);
}
