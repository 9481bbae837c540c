// Runs each fuzz target over the fixtures: whole, cut at every byte, with every byte changed, and with random damage.
#include "target.h"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace fuzz {
namespace {

struct Named {
  std::string name;
  Target target;
};
std::vector<Named>& targets() {
  static std::vector<Named> all;
  return all;
}

std::vector<std::string> seeds(const std::string& ending) {
  const char* root = std::getenv("RONDO_SOURCE_DIR");
  std::vector<std::string> found;
  const std::filesystem::path folder = std::filesystem::path(root ? root : ".") / "tests" / "serialize" / "data";
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() != "." + ending) continue;
    std::ifstream stream(file.path(), std::ios::binary);
    found.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  return found;
}

void feed(const Named& named, const std::string& bytes) {
  run(named.target, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
}

}  // namespace

Entry::Entry(const char* name, Target target) { targets().push_back({name, target}); }

}  // namespace fuzz

BOOST_AUTO_TEST_SUITE(fixtures)

BOOST_AUTO_TEST_CASE(whole_files_are_read) {
  BOOST_TEST(fuzz::targets().size() == 6u);
  for (const fuzz::Named& named : fuzz::targets()) {
    const std::vector<std::string> seeds = fuzz::seeds(named.name);
    BOOST_TEST(!seeds.empty(), named.name << " has no fixtures");
    for (const std::string& seed : seeds) {
      BOOST_CHECK_NO_THROW(named.target(rondo::serialize::MemorySource(seed.data(), seed.size())));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_is_cut_anywhere_is_refused) {
  for (const fuzz::Named& named : fuzz::targets()) {
    for (const std::string& seed : fuzz::seeds(named.name)) {
      for (size_t length = 0; length < seed.size(); ++length) {
        BOOST_CHECK_THROW(named.target(rondo::serialize::MemorySource(seed.data(), length)), rondo::Error);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(any_byte_may_be_wrong) {
  for (const fuzz::Named& named : fuzz::targets()) {
    for (const std::string& seed : fuzz::seeds(named.name)) {
      for (size_t place = 0; place < seed.size(); ++place) {
        std::string damaged = seed;
        for (const int change : {0x01, 0x80, 0xff}) {
          damaged[place] = static_cast<char>(seed[place] ^ change);
          fuzz::feed(named, damaged);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(random_damage) {
  constexpr int kRounds = 3000;
  std::mt19937 random(7);
  const auto below = [&](size_t limit) { return std::uniform_int_distribution<size_t>(0, limit - 1)(random); };
  for (const fuzz::Named& named : fuzz::targets()) {
    const std::vector<std::string> seeds = fuzz::seeds(named.name);
    for (int round = 0; round < kRounds; ++round) {
      std::string bytes = seeds[below(seeds.size())];
      for (size_t change = below(6) + 1; change > 0 && !bytes.empty(); --change) {
        const size_t place = below(bytes.size());
        switch (below(4)) {
          case 0:
            bytes[place] = static_cast<char>(below(256));
            break;
          case 1:
            bytes.erase(place, below(16));
            break;
          case 2:
            bytes.insert(place, bytes.substr(below(bytes.size()), below(32)));
            break;
          default:
            for (size_t i = place; i < std::min(place + 8, bytes.size()); ++i) bytes[i] = static_cast<char>(0xff);
        }
      }
      fuzz::feed(named, bytes);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
