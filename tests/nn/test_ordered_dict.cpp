#include <rondo/autograd/base/ordered_dict.h>
#include <rondo/nn/expanding_array.h>
#include <rondo/tests/support/values.h>

using rondo::ExpandingArray;
using rondo::ExpandingArrayWithOptionalElem;
using rondo::OrderedDict;
using support::check_error;
using support::printed;

BOOST_AUTO_TEST_SUITE(ordered_dict)

BOOST_AUTO_TEST_CASE(keeps_the_order_of_insertion) {
  OrderedDict<std::string, int> dict{{"b", 2}, {"a", 1}};
  dict.insert("c", 3);
  BOOST_TEST(dict.size() == 3u);
  BOOST_TEST(dict.keys() == (std::vector<std::string>{"b", "a", "c"}), boost::test_tools::per_element());
  BOOST_TEST(dict.values() == (std::vector<int>{2, 1, 3}), boost::test_tools::per_element());
  BOOST_TEST(dict["a"] == 1);
  BOOST_TEST(dict[0].key() == "b");
  BOOST_TEST(*dict[2] == 3);
  BOOST_TEST(dict.front().value() == 2);
  BOOST_TEST(dict.back().value() == 3);
  BOOST_TEST(dict.pairs()[1].second == 1);
  dict["a"] = 7;
  BOOST_TEST(*dict.find("a") == 7);
  BOOST_TEST(dict.find("z") == nullptr);
  BOOST_TEST(!dict.contains("z"));
}

BOOST_AUTO_TEST_CASE(erasing_keeps_lookups_right) {
  OrderedDict<std::string, int> dict;
  for (int i = 0; i < 100; ++i) dict.insert("k" + std::to_string(i), i);
  for (int i = 0; i < 100; i += 3) dict.erase("k" + std::to_string(i));
  for (int i = 0; i < 100; ++i) {
    BOOST_TEST(dict.contains("k" + std::to_string(i)) == (i % 3 != 0));
    if (i % 3 != 0) BOOST_TEST(dict["k" + std::to_string(i)] == i);
  }
  dict.clear();
  BOOST_TEST(dict.is_empty());
}

BOOST_AUTO_TEST_CASE(copies_and_updates) {
  OrderedDict<std::string, int> a{{"x", 1}};
  OrderedDict<std::string, int> b = a;
  BOOST_TEST((a == b));
  b.insert("y", 2);
  BOOST_TEST(!(a == b));
  OrderedDict<std::string, int> c;
  c.update(b);
  BOOST_TEST((c == b));
  check_error([&] { c.update(a); }, "'x' already defined");
}

BOOST_AUTO_TEST_CASE(messages) {
  OrderedDict<std::string, int> dict("Penguin");
  dict.insert("a", 1);
  check_error([&] { dict.insert("a", 2); }, "Penguin 'a' already defined");
  check_error([&] { dict["b"]; }, "Penguin 'b' is not defined");
  check_error([&] { dict.erase("b"); }, "Penguin 'b' is not defined");
  check_error([&] { dict[1]; }, "Index 1 is out of bounds");
  check_error([] { OrderedDict<std::string, int>().front(); }, "Called front() on an empty OrderedDict");
  check_error([] { OrderedDict<std::string, int>{{"a", 1}, {"a", 2}}; }, "'a' already defined");
}

BOOST_AUTO_TEST_CASE(expanding_array) {
  BOOST_TEST(printed(ExpandingArray<1>(5)) == "5");
  BOOST_TEST(printed(ExpandingArray<3>(5)) == "[5, 5, 5]");
  BOOST_TEST(printed(ExpandingArray<2>({1, 2})) == "[1, 2]");
  BOOST_TEST(printed(ExpandingArray<2, double>({0.5, 1.5})) == "[0.5, 1.5]");
  BOOST_TEST(printed(ExpandingArrayWithOptionalElem<2>({1, std::nullopt})) == "[1, None]");
  BOOST_TEST(printed(ExpandingArrayWithOptionalElem<2>(4)) == "[4, 4]");
  BOOST_TEST(ExpandingArray<2>(std::vector<int64_t>{3, 4})->at(1) == 4);
  check_error([] { ExpandingArray<2>({1, 2, 3}); }, "Expected 2 values, but instead got 3");
}

BOOST_AUTO_TEST_SUITE_END()
