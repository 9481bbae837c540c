#include <rondo/tests/nn/table.h>

namespace table {
namespace {

std::vector<void (*)()>& groups() {
  static std::vector<void (*)()> all;
  return all;
}
std::vector<Row>& list() {
  static std::vector<Row> all;
  return all;
}

}  // namespace

Group::Group(void (*fill)()) { groups().push_back(fill); }

void add(Row row) { list().push_back(std::move(row)); }

const std::vector<Row>& rows() {
  for (; !groups().empty(); groups().pop_back()) {
    rondo::manual_seed(11);
    groups().back()();
  }
  return list();
}

Tensor real(rondo::IntArrayRef sizes, double low, double high) {
  return rondo::rand(sizes, rondo::kDouble) * (high - low) + low;
}

Tensor integers(rondo::IntArrayRef sizes, int64_t high) { return rondo::randint(0, high, sizes, rondo::kLong); }

}  // namespace table
