// The entry point that every test program shares.
#define BOOST_TEST_MODULE rondo
#include <boost/test/unit_test.hpp>
