#include <rondo/autograd/base/escape.h>
#include <rondo/autograd/functional/profile.h>
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/graph/watch.h>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>

namespace rondo::autograd {

using Clock = std::chrono::steady_clock;

struct Profile::Recorder final : graph::OperationWatch {
  Clock::time_point begin = Clock::now(), opened = begin;
  bool open = false;  // a result was allocated and its operation not recorded yet
  size_t bytes = 0;
  int steps = 0;  // of backward, one within another
  std::vector<Event> events;
  std::vector<size_t> running;     // places of the steps in progress
  base::Ref<graph::Node> unnamed;  // of the last event

  double since_begin(Clock::time_point t) const { return std::chrono::duration<double, std::micro>(t - begin).count(); }

  void allocated(size_t count) override {
    if (!open) opened = Clock::now();
    open = true;
    bytes += count;
    for (size_t place : running) events[place].bytes += count;
  }
  void recorded(const graph::Node& node, const Tensor& output) override {
    const Clock::time_point now = Clock::now();
    const Clock::time_point start = open ? opened : now;
    name_last();
    unnamed = base::Ref<graph::Node>(const_cast<graph::Node*>(&node));
    events.push_back({std::string(), since_begin(start), since_begin(now) - since_begin(start), bytes,
                      to_string(output.sizes()), false});
    open = false;
    bytes = 0;
  }
  // A node knows its name once its operation has filled it, which is after it was recorded.
  void name_last() {
    if (!unnamed) return;
    std::string name = unnamed->name();
    if (const size_t suffix = name.rfind("Backward"); suffix != std::string::npos && suffix > 0) name.resize(suffix);
    events.back().name = std::move(name);
    unnamed = nullptr;
  }
  void before_step(const graph::Node& node) override {
    name_last();
    running.push_back(events.size());
    events.push_back({node.name(), since_begin(Clock::now()), 0, 0,
                      node.num_inputs() > 0 ? to_string(node.output_meta(0).sizes) : "", true});
    open = false;
    bytes = 0;
  }
  void after_step(const graph::Node&) override {
    Event& event = events[running.back()];
    event.duration_us = since_begin(Clock::now()) - event.start_us;
    running.pop_back();
    open = false;
    bytes = 0;
  }
};

Profile::Profile() : recorder_(nullptr) {
  if (graph::modes.watch) fail("Profile", "a profile is being recorded on this thread already");
  recorder_ = new Recorder;
  graph::modes.watch = recorder_;
  allocation_watch = recorder_;
}

Profile::~Profile() {
  graph::modes.watch = nullptr;
  allocation_watch = nullptr;
  delete recorder_;
}

std::vector<Profile::Event> Profile::events() const {
  recorder_->name_last();
  std::vector<Event> sorted = recorder_->events;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Event& a, const Event& b) { return a.start_us < b.start_us; });
  return sorted;
}

std::string Profile::table() const {
  recorder_->name_last();
  struct Sum {
    size_t calls = 0, bytes = 0;
    double us = 0;
  };
  std::map<std::string, Sum> sums;
  for (const Event& event : recorder_->events) {
    Sum& sum = sums[event.name];
    ++sum.calls;
    sum.bytes += event.bytes;
    sum.us += event.duration_us;
  }
  std::vector<std::pair<std::string, Sum>> rows(sums.begin(), sums.end());
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.second.us > b.second.us; });
  std::string text =
      fmt::format("{:<36}{:>8}{:>14}{:>12}{:>14}\n", "operation", "calls", "total us", "mean us", "bytes");
  for (const auto& [name, sum] : rows) {
    text += fmt::format("{:<36}{:>8}{:>14.2f}{:>12.3f}{:>14}\n", name, sum.calls, sum.us,
                        sum.us / static_cast<double>(sum.calls), sum.bytes);
  }
  return text;
}

std::string Profile::chrome_trace() const {
  std::string text = "{\"displayTimeUnit\": \"ns\", \"traceEvents\": [";
  const char* separator = "\n";
  for (const Event& event : events()) {
    text += fmt::format(
        "{}{{\"name\": \"{}\", \"cat\": \"{}\", \"ph\": \"X\", \"pid\": 1, \"tid\": 1, \"ts\": "
        "{:.3f}, \"dur\": {:.3f}, \"args\": {{\"shape\": \"{}\", \"bytes\": {}}}}}",
        separator, base::escaped(event.name), event.backward ? "backward" : "forward", event.start_us,
        event.duration_us, event.shape, event.bytes);
    separator = ",\n";
  }
  return text + "\n]}\n";
}

void Profile::write_chrome_trace(const std::string& path) const {
  const std::string text = chrome_trace();
  FILE* file = std::fopen(path.c_str(), "w");
  const bool written = file && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if ((file && std::fclose(file) != 0) || !written) fail("write_chrome_trace", "cannot write " + path);
}

}  // namespace rondo::autograd
