// Saving that is killed at any moment, and damaged files that ask for more memory than they are worth.
#include <rondo/autograd/serialize/archive.h>
#include <rondo/tests/serialize/files.h>
#include <rondo/tests/serialize/zip_maker.h>
#include <rondo/tests/support/values.h>

#include <sys/resource.h>
#include <sys/wait.h>

#include <unistd.h>
#include <chrono>
#include <csignal>
#include <thread>

using rondo::Tensor;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;  // these reserve more address space than any limit
#else
constexpr bool kSanitized = false;
#endif

// Runs the function in a process of its own; true if it returned.
template <class F>
bool survives(F function) {
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      function();
    } catch (...) {
      ::_exit(2);
    }
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// Limits the process to so many bytes more than it has.
void limit_memory(size_t more) {
  if (kSanitized) return;
  size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  const rlim_t limit = pages * static_cast<size_t>(::sysconf(_SC_PAGESIZE)) + more;
  const rlimit both{limit, limit};
  ::setrlimit(RLIMIT_AS, &both);
}

bool is_refused(const std::string& bytes) {
  try {
    rondo::serialize::InputArchive archive;
    archive.load_from(bytes.data(), bytes.size());
  } catch (const rondo::Error&) {
    return true;
  }
  return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(interruptions)

BOOST_AUTO_TEST_CASE(a_killed_writer_leaves_a_whole_file) {
  constexpr int kRounds = 60;
  constexpr int64_t kNumbers = 200000;
  const files::Folder folder;
  const std::string path = folder / "x.safetensors";
  rondo::save(rondo::zeros({kNumbers}), path);
  // Threads of the parent are not there.
  const auto writer = [&](double first, bool endless) {
    const pid_t child = ::fork();
    if (child != 0) return child;
    rondo::set_num_threads(1);
    // Each file holds one number only, a new one each time.
    for (double number = first;; ++number) {
      rondo::save(rondo::full({kNumbers}, number), path);
      if (!endless) ::_exit(0);
    }
  };
  const auto begin = std::chrono::steady_clock::now();
  int written = 0;
  ::waitpid(writer(0, false), &written, 0);
  const auto once = std::chrono::steady_clock::now() - begin;
  BOOST_REQUIRE(WIFEXITED(written));
  BOOST_REQUIRE(WEXITSTATUS(written) == 0);

  int killed_while_writing = 0;
  double last = 0;
  for (int round = 0; round < kRounds; ++round) {
    const pid_t child = writer(last + 1, true);
    std::this_thread::sleep_for(once * (round + 1) / 20);  // from its beginning to its third file
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    BOOST_REQUIRE(WIFSIGNALED(status));
    Tensor tensor;
    rondo::load(tensor, path);
    BOOST_REQUIRE(tensor.numel() == kNumbers);
    const float* numbers = tensor.data_ptr<float>();
    last = numbers[0];
    BOOST_REQUIRE(std::all_of(numbers, numbers + kNumbers, [&](float number) { return number == numbers[0]; }));
    for (const auto& file : std::filesystem::directory_iterator(folder / ".")) {
      if (file.path().filename() == "x.safetensors") continue;
      ++killed_while_writing;
      std::filesystem::remove(file.path());
    }
  }
  BOOST_TEST(killed_while_writing > 0, "no writer was killed in the middle");
  BOOST_TEST(last > 0, "no writer got as far as a file");
}

BOOST_AUTO_TEST_CASE(a_file_never_takes_more_memory_than_it_is_worth) {
  constexpr size_t kMore = size_t{64} << 20;
  const std::string huge = "1099511627776";  // 2^40
  std::vector<std::string> bad = {
      files::safetensors(R"({"a":{"dtype":"U8","shape":[)" + huge + R"(],"data_offsets":[0,)" + huge + "]}}", 8),
      files::safetensors(R"({"a":{"dtype":"U8","shape":[)" + huge + R"(],"data_offsets":[0,8]}})", 8),
      files::safetensors(R"({"__metadata__":{"rondo":"1","value/x":"tensors:)" + huge + "\"}}", 0),
  };
  bad.push_back(files::safetensors("{}", 0));
  bad.back().replace(0, 8, std::string(5, '\xff') + std::string(3, '\0'));
  // Zip: a directory of 4 GB, a member of 4 GB, a pickle that announces 4 GB.
  for (const size_t place : {12u, 16u}) {
    bad.push_back(files::pt("}."));
    files::patch(bad.back(), "PK\5\6", place, 0xfffffff0, 4);
  }
  for (const size_t place : {20u, 24u}) {
    bad.push_back(files::pt("}."));
    files::patch(bad.back(), "PK\1\2", place, 0xfffffff0, 4);
  }
  bad.push_back(files::pt("X\xf0\xff\xff\xff."));
  bad.push_back(files::pt("r\xf0\xff\xff\xff."));
  bad.push_back(
      files::pt("}r\xf0\xff\xff\xff"
                "r\xf1\xff\xff\xff(."));
  for (size_t i = 0; i < bad.size(); ++i) {
    const bool refused = survives([&] {
      limit_memory(kMore);
      if (!is_refused(bad[i])) ::_exit(1);
    });
    BOOST_TEST(refused, "file " << i << " was not refused within the memory");
  }
}

BOOST_AUTO_TEST_SUITE_END()
