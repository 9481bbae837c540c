// Printed text against libtorch 1.13.1's, which the table holds as that library printed it.
#include <rondo/autograd.h>

#include <boost/test/unit_test.hpp>

#include <limits>
#include <sstream>

namespace {

using rondo::kBool, rondo::kByte, rondo::kChar, rondo::kDouble, rondo::kFloat, rondo::kInt, rondo::kLong, rondo::kShort;
using rondo::ScalarType, rondo::Tensor;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN(), kInf = std::numeric_limits<double>::infinity();

// The values are repeated until the tensor is full.
struct Case {
  std::vector<int64_t> sizes;
  std::vector<double> values;
  ScalarType type;
  const char* text;
};

// clang-format off
const Case kCases[] = {
    // One format for all numbers: whole ones, then decimals by their magnitude.
    {{}, {3}, kFloat, "3\n" "[ CPUFloatType{} ]"},
    {{}, {0.123456789}, kDouble, "0.123457\n" "[ CPUDoubleType{} ]"},
    {{}, {-1234567}, kFloat, "-1.23457e+06\n" "[ CPUFloatType{} ]"},
    {{}, {1e-30}, kDouble, "1e-30\n" "[ CPUDoubleType{} ]"},
    {{}, {1234567890123}, kLong, "1.23457e+12\n" "[ CPULongType{} ]"},
    {{}, {1}, kBool, "1\n" "[ CPUBoolType{} ]"},
    {{3}, {1, 0, 5}, kFloat, 
     " 1\n"
     " 0\n"
     " 5\n"
     "[ CPUFloatType{3} ]"},
    {{3}, {1, 0, 5}, kLong, 
     " 1\n"
     " 0\n"
     " 5\n"
     "[ CPULongType{3} ]"},
    {{3}, {1, 0, 5}, kByte, 
     " 1\n"
     " 0\n"
     " 5\n"
     "[ CPUByteType{3} ]"},
    {{3}, {-1, 0, 5}, kChar, 
     "-1\n"
     " 0\n"
     " 5\n"
     "[ CPUCharType{3} ]"},
    {{3}, {1, 0, 5}, kShort, 
     " 1\n"
     " 0\n"
     " 5\n"
     "[ CPUShortType{3} ]"},
    {{2, 2}, {1, 2, 3, 4}, kInt, 
     " 1  2\n"
     " 3  4\n"
     "[ CPUIntType{2,2} ]"},
    {{3}, {1, 0, 5}, kBool, 
     " 1\n"
     " 0\n"
     " 1\n"
     "[ CPUBoolType{3} ]"},
    {{2, 3}, {0.123456, -0.5, 0.9, 0.33, 1.5, 0.25}, kFloat, 
     " 0.1235 -0.5000  0.9000\n"
     " 0.3300  1.5000  0.2500\n"
     "[ CPUFloatType{2,3} ]"},
    {{2, 3}, {0.123456, -0.5, 0.9, 0.33, 1.5, 0.25}, kDouble, 
     " 0.1235 -0.5000  0.9000\n"
     " 0.3300  1.5000  0.2500\n"
     "[ CPUDoubleType{2,3} ]"},
    {{2, 2}, {12.5, -3, 999.9, 0.25}, kFloat, 
     "  12.5000   -3.0000\n"
     " 999.9000    0.2500\n"
     "[ CPUFloatType{2,2} ]"},
    {{4}, {12345.678, -0.5, 9, 7.25}, kFloat, 
     " 1.2346e+04\n"
     "-5.0000e-01\n"
     " 9.0000e+00\n"
     " 7.2500e+00\n"
     "[ CPUFloatType{4} ]"},
    {{1}, {99999.5}, kFloat, " 99999.5000\n" "[ CPUFloatType{1} ]"},
    {{2}, {0.05, 0}, kFloat, 
     "0.01 *\n"
     " 5.0000\n"
     " 0.0000\n"
     "[ CPUFloatType{2} ]"},
    {{1}, {123456789}, kFloat, "1.23457e+08\n" "[ CPUFloatType{1} ]"},
    {{2}, {1234567890, 1}, kLong, 
     " 1.2346e+09\n"
     " 1.0000e+00\n"
     "[ CPULongType{2} ]"},
    // A common factor where all numbers are small or large.
    {{4}, {0.00123, -0.005, 0.009, 0.0001}, kFloat, 
     "0.001 *\n"
     " 1.2300\n"
     "-5.0000\n"
     " 9.0000\n"
     " 0.1000\n"
     "[ CPUFloatType{4} ]"},
    {{2, 2}, {0.00123, 0.005, 0.009, 0.001}, kFloat, 
     "0.001 *\n"
     " 1.2300  5.0000\n"
     "  9.0000  1.0000\n"
     "[ CPUFloatType{2,2} ]"},
    {{2, 2}, {1234567.5, 2345678.25, 3e6, 9.5e6}, kDouble, 
     "1e+06 *\n"
     " 1.2346  2.3457\n"
     "  3.0000  9.5000\n"
     "[ CPUDoubleType{2,2} ]"},
    {{2}, {1e-30, 2.5e-30}, kDouble, 
     "1e-30 *\n"
     " 1.0000\n"
     " 2.5000\n"
     "[ CPUDoubleType{2} ]"},
    // Exponents where the magnitudes differ.
    {{2}, {1.5, 0.00001}, kFloat, 
     " 1.5000e+00\n"
     " 1.0000e-05\n"
     "[ CPUFloatType{2} ]"},
    {{2, 2}, {1e-200, 1e200, 1, 2}, kDouble, 
     " 1.0000e-200  1.0000e+200\n"
     "  1.0000e+00   2.0000e+00\n"
     "[ CPUDoubleType{2,2} ]"},
    {{2, 2}, {-9e18, 1, 2, 3}, kLong, 
     "-9.0000e+18  1.0000e+00\n"
     " 2.0000e+00  3.0000e+00\n"
     "[ CPULongType{2,2} ]"},
    // Infinities and NaN.
    {{3}, {kNan, 1, 2}, kFloat, 
     "nan\n"
     " 1\n"
     " 2\n"
     "[ CPUFloatType{3} ]"},
    {{3}, {kNan, kInf, -kInf}, kFloat, 
     "nan\n"
     "inf\n"
     "-inf\n"
     "[ CPUFloatType{3} ]"},
    {{2, 2}, {1.5, kNan, kInf, -kInf}, kFloat, 
     " 1.5000     nan\n"
     "    inf    -inf\n"
     "[ CPUFloatType{2,2} ]"},
    {{2, 2}, {1e7, kNan, 0.5, -kInf}, kDouble, 
     " 1.0000e+07         nan\n"
     " 5.0000e-01        -inf\n"
     "[ CPUDoubleType{2,2} ]"},
    {{}, {-kInf}, kFloat, "-inf\n" "[ CPUFloatType{} ]"},
    // libtorch takes the width from the first number and the largest positive one.
    {{4}, {5, -12345, -3, -2}, kFloat, 
     " 5\n"
     "-12345\n"
     "-3\n"
     "-2\n"
     "[ CPUFloatType{4} ]"},
    {{4}, {0.5, -12345, -3, -2}, kFloat, 
     " 0.5000\n"
     "-12345.0000\n"
     "-3.0000\n"
     "-2.0000\n"
     "[ CPUFloatType{4} ]"},
    {{4}, {-12345, -5, -3, -2}, kFloat, 
     "-12345\n"
     "    -5\n"
     "    -3\n"
     "    -2\n"
     "[ CPUFloatType{4} ]"},
    {{2, 2}, {-0.0, 0, 0, 0}, kFloat, 
     "-0  0\n"
     " 0  0\n"
     "[ CPUFloatType{2,2} ]"},
    // Nothing to print.
    {{0}, {}, kFloat, "[ CPUFloatType{0} ]"},
    {{2, 0, 3}, {}, kInt, "[ CPUIntType{2,0,3} ]"},
    {{0, 2}, {}, kDouble, "[ CPUDoubleType{0,2} ]"},
    // Lines of 80 columns.
    {{2, 9}, {0.5, -0.25, 0.125}, kFloat, 
     " 0.5000 -0.2500  0.1250  0.5000 -0.2500  0.1250  0.5000 -0.2500  0.1250\n"
     " 0.5000 -0.2500  0.1250  0.5000 -0.2500  0.1250  0.5000 -0.2500  0.1250\n"
     "[ CPUFloatType{2,9} ]"},
    {{2, 20}, {0.5, -1.25, 3.125}, kFloat, 
     "Columns 1 to 10 0.5000 -1.2500  3.1250  0.5000 -1.2500  3.1250  0.5000 -1.2500  3.1250  0.5000\n"
     " 3.1250  0.5000 -1.2500  3.1250  0.5000 -1.2500  3.1250  0.5000 -1.2500  3.1250\n"
     "\n"
     "Columns 11 to 20-1.2500  3.1250  0.5000 -1.2500  3.1250  0.5000 -1.2500  3.1250  0.5000 -1.2500\n"
     " 0.5000 -1.2500  3.1250  0.5000 -1.2500  3.1250  0.5000 -1.2500  3.1250  0.5000\n"
     "[ CPUFloatType{2,20} ]"},
    {{1, 50}, {7, -8, 9, 10}, kLong, 
     "Columns 1 to 20  7  -8   9  10   7  -8   9  10   7  -8   9  10   7  -8   9  10   7  -8   9  10\n"
     "\n"
     "Columns 21 to 40  7  -8   9  10   7  -8   9  10   7  -8   9  10   7  -8   9  10   7  -8   9  10\n"
     "\n"
     "Columns 41 to 50  7  -8   9  10   7  -8   9  10   7  -8\n"
     "[ CPULongType{1,50} ]"},
    {{2, 12}, {1234567.5, -2345678.25}, kDouble, 
     "Columns 1 to 101e+06 *\n"
     " 1.2346 -2.3457  1.2346 -2.3457  1.2346 -2.3457  1.2346 -2.3457  1.2346 -2.3457\n"
     "  1.2346 -2.3457  1.2346 -2.3457  1.2346 -2.3457  1.2346 -2.3457  1.2346 -2.3457\n"
     "\n"
     "Columns 11 to 121e+06 *\n"
     " 1.2346 -2.3457\n"
     "  1.2346 -2.3457\n"
     "[ CPUDoubleType{2,12} ]"},
    // Slices, each with its own format; the first index runs fastest.
    {{2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}, kLong, 
     "(1,.,.) = \n"
     "  1  2\n"
     "  3  4\n"
     "\n"
     "(2,.,.) = \n"
     "  5  6\n"
     "  7  8\n"
     "[ CPULongType{2,2,2} ]"},
    {{2, 1, 2, 3}, {0.5, -1, 2, 3.25}, kFloat, 
     "(1,1,.,.) = \n"
     "  0.5000 -1.0000  2.0000\n"
     "  3.2500  0.5000 -1.0000\n"
     "\n"
     "(2,1,.,.) = \n"
     "  2.0000  3.2500  0.5000\n"
     " -1.0000  2.0000  3.2500\n"
     "[ CPUFloatType{2,1,2,3} ]"},
    {{2, 2, 1, 2}, {1, 2, 3, 4, 0.5, 6, 0.001, 100000}, kFloat, 
     "(1,1,.,.) = \n"
     "  1  2\n"
     "\n"
     "(2,1,.,.) = \n"
     "  0.5000  6.0000\n"
     "\n"
     "(1,2,.,.) = \n"
     "  3  4\n"
     "\n"
     "(2,2,.,.) = \n"
     "  1.0000e-03  1.0000e+05\n"
     "[ CPUFloatType{2,2,1,2} ]"},
    {{3, 1, 2}, {0.5, 1.5, 12345, 3, 12345678, 3}, kFloat, 
     "(1,.,.) = \n"
     "  0.5000  1.5000\n"
     "\n"
     "(2,.,.) = \n"
     " 1.234e+04      3\n"
     "\n"
     "(3,.,.) = \n"
     " 1.235e+07         3\n"
     "[ CPUFloatType{3,1,2} ]"},
    {{2, 1, 1, 1, 2}, {0.5, 1.5, 12345, 3}, kFloat, 
     "(1,1,1,.,.) = \n"
     "  0.5000  1.5000\n"
     "\n"
     "(2,1,1,.,.) = \n"
     " 1.234e+04      3\n"
     "[ CPUFloatType{2,1,1,1,2} ]"},
    {{1, 2, 14}, {0.5, -1.25, 3.125}, kFloat, 
     "(1,.,.) = \n"
     " Columns 1 to 9  0.5000 -1.2500  3.1250  0.5000 -1.2500  3.1250  0.5000 -1.2500  3.1250\n"
     "  3.1250  0.5000 -1.2500  3.1250  0.5000 -1.2500  3.1250  0.5000 -1.2500\n"
     "\n"
     "Columns 10 to 14  0.5000 -1.2500  3.1250  0.5000 -1.2500\n"
     "  3.1250  0.5000 -1.2500  3.1250  0.5000\n"
     "[ CPUFloatType{1,2,14} ]"},
};
// clang-format on

Tensor make(const Case& row) {
  Tensor tensor = rondo::empty(row.sizes, row.type);
  rondo::visit_dtype(row.type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    for (int64_t i = 0; i < tensor.numel(); ++i) {
      tensor.data_ptr<T>()[i] = static_cast<T>(row.values[static_cast<size_t>(i) % row.values.size()]);
    }
  });
  return tensor;
}

std::string printed(const Tensor& tensor) {
  std::ostringstream out;
  out << tensor;
  return out.str();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(print)

BOOST_AUTO_TEST_CASE(prints_as_libtorch_does) {
  for (const Case& row : kCases) BOOST_TEST(printed(make(row)) == row.text);
}

BOOST_AUTO_TEST_CASE(undefined_tensor) { BOOST_TEST(printed(Tensor()) == "[ Tensor (undefined) ]"); }

BOOST_AUTO_TEST_CASE(strided_and_recorded_tensors_print_their_numbers_alone) {
  const Tensor x = rondo::tensor({{1, 2}, {3, 4}}, kFloat).t();
  BOOST_TEST(printed(x) == " 1  3\n 2  4\n[ CPUFloatType{2,2} ]");
  BOOST_TEST(printed(rondo::ones(2, rondo::requires_grad())) == " 1\n 1\n[ CPUFloatType{2} ]");
  BOOST_TEST(printed(rondo::ones(2, rondo::kHalf)) == " 1\n 1\n[ CPUHalfType{2} ]");
  BOOST_TEST(printed(rondo::full(2, 0.5, rondo::kBFloat16)) == " 0.5000\n 0.5000\n[ CPUBFloat16Type{2} ]");
}

BOOST_AUTO_TEST_CASE(line_size_and_precision) {
  std::ostringstream out;
  rondo::print(out, rondo::tensor({{1, 2, 3, 4}}), 6);
  BOOST_TEST(out.str() == "Columns 1 to 2 1  2\n\nColumns 3 to 4 3  4\n[ CPULongType{1,4} ]");

  std::ostringstream fine;
  fine.precision(9);
  fine << rondo::scalar_tensor(1.23456789, kDouble) << ' ' << 1.23456789;
  BOOST_TEST(fine.str() == "1.23456789\n[ CPUDoubleType{} ] 1.23456789");
}

BOOST_AUTO_TEST_CASE(indices_print) {
  using rondo::indexing::Slice, rondo::indexing::TensorIndex;
  std::ostringstream out;
  out << std::vector<TensorIndex>{rondo::indexing::None, "...", 0, true, Slice(1, rondo::indexing::None, 2),
                                  rondo::tensor({1})};
  BOOST_TEST(out.str() == "(None, ..., 0, true, 1:9223372036854775807:2,  1\n[ CPULongType{1} ])");
}

BOOST_AUTO_TEST_SUITE_END()
