// One row beside many: short ones are taken several at a time, which must change no bit.
#include <rondo/autograd.h>

#include <boost/test/unit_test.hpp>

using rondo::Tensor;

BOOST_AUTO_TEST_CASE(a_row_beside_many_gives_what_whole_arrays_give) {
  for (const rondo::ScalarType type : {rondo::kFloat, rondo::kDouble, rondo::kLong, rondo::kByte}) {
    for (const int64_t width : {1, 3, 8, 33, 100, 127, 255, 256, 257, 1000, 1023, 1024, 1025}) {
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
