// The machine that runs a pickle: a stack of values, and what was put aside for later (protocols 2 to 4).
#include <rondo/autograd/serialize/pickle.h>
#include <rondo/autograd/serialize/storage_types.h>

#include <rondo/autograd/serialize/file.h>
#include <rondo/autograd/serialize/json.h>

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <unordered_map>

namespace rondo::serialize {
namespace {

using Id = Pickle::Id;
using Kind = Pickle::Kind;

// The codes of Python's pickletools that occur in what torch.save writes.
enum Code : unsigned char {
  kMark = '(',
  kStop = '.',
  kPop = '0',
  kPopMark = '1',
  kFloatBig = 'G',
  kInt4 = 'J',
  kInt1 = 'K',
  kInt2 = 'M',
  kNone = 'N',
  kPersistent = 'Q',
  kReduce = 'R',
  kString4 = 'T',
  kString1 = 'U',
  kUnicode4 = 'X',
  kAppend = 'a',
  kBuild = 'b',
  kGlobal = 'c',
  kAppends = 'e',
  kGet1 = 'h',
  kGet4 = 'j',
  kPut1 = 'q',
  kPut4 = 'r',
  kSetItem = 's',
  kTuple = 't',
  kSetItems = 'u',
  kEmptyTuple = ')',
  kEmptyList = ']',
  kEmptyDict = '}',
  kProtocol = 0x80,
  kNewObject = 0x81,
  kTuple1 = 0x85,
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kTrue = 0x88,
  kFalse = 0x89,
  kLong1 = 0x8a,
  kUnicode1 = 0x8c,
  kStackGlobal = 0x93,
  kMemoize = 0x94,
  kFrame = 0x95
};

constexpr unsigned kMostProtocol = 4;
constexpr uint64_t kFreeCopies = 1024;
constexpr size_t kMostProperties = 16;

// What a pickle may name and call.
enum class Global : uint8_t {
  kOrderedDict,
  kRebuildTensor,
  kRebuildParameter,
  kFirstArgument,  // calls that only label their argument
  kTypedList,
  kText,  // torch.device('cpu')
  kClass  // of TorchScript
};
struct NamedGlobal {
  std::string_view name;
  Global global;
};
constexpr NamedGlobal kGlobals[] = {
    {"collections.OrderedDict", Global::kOrderedDict},
    {"torch._utils._rebuild_tensor_v2", Global::kRebuildTensor},
    {"torch._utils._rebuild_parameter", Global::kRebuildParameter},
    {"torch.Size", Global::kFirstArgument},
    {"torch.device", Global::kText},
    {"torch.jit._pickle.restore_type_tag", Global::kFirstArgument},
    {"torch.jit._pickle.build_intlist", Global::kTypedList},
    {"torch.jit._pickle.build_tensorlist", Global::kTypedList},
    {"torch.jit._pickle.build_doublelist", Global::kTypedList},
    {"torch.jit._pickle.build_boollist", Global::kFirstArgument},
};
constexpr std::string_view kDtypes[] = {"torch.float32", "torch.float64", "torch.float16", "torch.bfloat16",
                                        "torch.int64",   "torch.int32",   "torch.int16",   "torch.int8",
                                        "torch.uint8",   "torch.bool"};

class Machine {
 public:
  Machine(const Source& source, std::string_view text) : source_(source), text_(text) {}

  Pickle run() {
    while (!step()) {}
    pickle_.root = value(pop());
    return std::move(pickle_);
  }

 private:
  // A place on the stack: a value, a mark, or something to call.
  struct Slot {
    enum What : uint8_t { kValue, kMarked, kCall } what;
    Global global = Global::kOrderedDict;
    Id id = 0;
  };

  [[noreturn]] void fail(const std::string& what) const {
    source_.fail(fmt::format("{} at byte {} of the pickle", what, place_));
  }

  // ---- the text ----
  std::string_view take(uint64_t bytes) {
    if (bytes > text_.size() - place_) fail("the text ends too early");
    const std::string_view piece = text_.substr(place_, bytes);
    place_ += bytes;
    return piece;
  }
  uint64_t number(size_t width) {
    uint64_t result = 0;
    std::memcpy(&result, take(width).data(), width);
    return result;
  }
  std::string_view line() {
    const size_t end = text_.find('\n', place_);
    if (end == std::string_view::npos) fail("a name without an end");
    const std::string_view piece = text_.substr(place_, end - place_);
    place_ = end + 1;
    return piece;
  }

  // ---- values ----
  Id add(Kind kind) {
    pickle_.nodes.emplace_back().kind = kind;
    return static_cast<Id>(pickle_.nodes.size() - 1);
  }
  Id add_integer(Kind kind, int64_t integer) {
    const Id id = add(kind);
    pickle_.nodes[id].integer = integer;
    return id;
  }
  Id add_string(Kind kind, std::string_view text) {
    if (!is_utf8(text)) fail("a string that is not UTF-8");
    const Id id = add(kind);
    pickle_.nodes[id].place = pickle_.strings.size();
    pickle_.strings.emplace_back(text);
    return id;
  }
  Id add_list(Kind kind, std::vector<Id> list, bool is_tuple = false) {
    const Id id = add(kind);
    pickle_.nodes[id].place = pickle_.lists.size();
    pickle_.nodes[id].is_tuple = is_tuple;
    pickle_.lists.push_back(std::move(list));
    return id;
  }
  // Copies may not add up to more than a multiple of the text, however often it asks for the same one.
  void charge(size_t ids) {
    copied_ += ids;
    if (copied_ > kFreeCopies + text_.size()) fail("the same containers, copied too often,");
  }
  std::vector<Id>& list_of(Id id) { return pickle_.lists[pickle_.nodes[id].place]; }

  // ---- the stack ----
  void push(Id id) { stack_.push_back({Slot::kValue, {}, id}); }
  Slot pop() {
    if (stack_.empty()) fail("an empty stack");
    const Slot slot = stack_.back();
    stack_.pop_back();
    return slot;
  }
  Id value(Slot slot) const {
    if (slot.what != Slot::kValue) fail("a name where a value is needed");
    return slot.id;
  }
  Id pop_value() { return value(pop()); }
  Id top_of(Kind kind, const char* what) const {
    if (stack_.empty() || stack_.back().what != Slot::kValue || !pickle_.is(stack_.back().id, kind)) {
      fail(fmt::format("no {} to add to", what));
    }
    return stack_.back().id;
  }
  // The values above the last mark, which goes too.
  std::vector<Id> pop_marked() {
    size_t mark = stack_.size();
    while (mark > 0 && stack_[mark - 1].what != Slot::kMarked) --mark;
    if (mark == 0) fail("no mark on the stack");
    std::vector<Id> values;
    values.reserve(stack_.size() - mark);
    for (size_t i = mark; i < stack_.size(); ++i) values.push_back(value(stack_[i]));
    stack_.resize(mark - 1);
    return values;
  }
  void put(uint64_t number) {
    if (stack_.empty() || stack_.back().what == Slot::kMarked) fail("nothing to remember");
    memo_[number] = stack_.back();
  }
  void get(uint64_t number) {
    const auto found = memo_.find(number);
    if (found == memo_.end()) fail(fmt::format("number {} was never remembered", number));
    stack_.push_back(found->second);
  }
  void tuple(size_t size) {
    std::vector<Id> values(size);
    for (size_t i = size; i-- > 0;) values[i] = pop_value();
    push(add_list(Kind::kList, std::move(values), true));
  }
  void extend(Kind kind, const char* what, const std::vector<Id>& values) {
    const Id id = top_of(kind, what);
    if (kind == Kind::kList && pickle_.at(id).is_tuple) fail("a tuple cannot be added to");
    if (kind == Kind::kDict && values.size() % 2 != 0) fail("a key without a value");
    std::vector<Id>& list = list_of(id);
    list.insert(list.end(), values.begin(), values.end());
  }

  // ---- names and calls ----
  void global(std::string_view module, std::string_view name) {
    const std::string full = fmt::format("{}.{}", module, name);
    for (const NamedGlobal& entry : kGlobals) {
      if (entry.name == full) return stack_.push_back({Slot::kCall, entry.global, 0});
    }
    for (const StorageType& storage : kStorageTypes) {
      if (storage.name == full) return push(add_string(Kind::kStorageType, full));
    }
    for (const std::string_view dtype : kDtypes) {
      if (dtype == full) return push(add_string(Kind::kString, full));
    }
    // Classes of TorchScript: nothing of them is run, only the attributes are taken.
    if (module.starts_with("__torch__")) return stack_.push_back({Slot::kCall, Global::kClass, 0});
    fail(
        fmt::format("it asks for '{}', which is no part of a state dictionary, and which is not run; save "
                    "model.state_dict() instead",
                    is_utf8(full) ? full : "?"));
  }

  void call(Slot callee, Id arguments) {
    if (callee.what != Slot::kCall) fail("a call of what is no function");
    if (!pickle_.is(arguments, Kind::kList)) fail("a call without a tuple of arguments");
    // No more than this is used, and adding to the lists moves them.
    const std::vector<Id>& all = list_of(arguments);
    const std::vector<Id> list(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), size_t{5})));
    const auto need = [&](size_t count) {
      if (list.size() < count) fail("a call with too few arguments");
    };
    switch (callee.global) {
      case Global::kOrderedDict: {
        std::vector<Id> items;
        // Python 2 gives a list of pairs.
        if (!list.empty()) {
          if (!pickle_.is(list[0], Kind::kList)) fail("a dictionary of what is no list");
          charge(2 * list_of(list[0]).size());
          for (const Id pair : list_of(list[0])) {
            if (!pickle_.is(pair, Kind::kList) || list_of(pair).size() != 2) fail("a dictionary of what are no pairs");
            items.insert(items.end(), list_of(pair).begin(), list_of(pair).end());
          }
        }
        push(add_list(Kind::kDict, std::move(items)));
        break;
      }
      case Global::kRebuildTensor:
        need(5);
        push(add_list(Kind::kTensor, {list[0], list[1], list[2], list[3], list[4]}));
        break;
      case Global::kRebuildParameter:
        need(2);
        push(add_list(Kind::kParameter, {list[0], list[1]}));
        break;
      case Global::kFirstArgument:
        need(1);
        push(list[0]);
        break;
      case Global::kTypedList:
        need(1);
        if (!pickle_.is(list[0], Kind::kList)) fail("a list of what is no list");
        pickle_.nodes[list[0]].is_typed = true;
        push(list[0]);
        break;
      case Global::kText:
        need(1);
        if (!pickle_.is(list[0], Kind::kString)) fail("a device without a name");
        push(list[0]);
        break;
      case Global::kClass:
        push(add_list(Kind::kObject, {}));
        break;
    }
  }

  // Gives an object its attributes. Those of dictionaries and tensors say nothing about their values.
  void build() {
    const Id state = pop_value();
    if (stack_.empty() || stack_.back().what != Slot::kValue) fail("nothing to build");
    const Id id = stack_.back().id;
    if (pickle_.is(id, Kind::kDict) || pickle_.is(id, Kind::kTensor) || pickle_.is(id, Kind::kParameter)) return;
    if (!pickle_.is(id, Kind::kObject) || !pickle_.is(state, Kind::kDict)) fail("an object with an unknown state");
    charge(list_of(state).size());
    std::vector<Id> attributes = list_of(state);
    list_of(id) = std::move(attributes);
  }

  int64_t long_number(std::string_view bytes) {
    if (bytes.size() > 8) fail("an integer beyond 64 bits");
    uint64_t number = 0;
    for (size_t i = 0; i < bytes.size(); ++i) number |= uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    if (!bytes.empty() && bytes.size() < 8 && (bytes.back() & 0x80)) number |= ~uint64_t{0} << (8 * bytes.size());
    return static_cast<int64_t>(number);
  }

  // One instruction; true for the last.
  bool step();

  const Source& source_;
  std::string_view text_;
  size_t place_ = 0;
  Pickle pickle_;
  std::vector<Slot> stack_;
  std::unordered_map<uint64_t, Slot> memo_;
  uint64_t copied_ = 0;
};

bool Machine::step() {
  const auto code = static_cast<unsigned char>(take(1)[0]);
  switch (code) {
    case kStop:
      return true;
    case kProtocol:
      if (const uint64_t protocol = number(1); protocol < 2 || protocol > kMostProtocol) {
        fail(fmt::format("protocol {}; 2 to {} can be read", protocol, kMostProtocol));
      }
      break;
    case kFrame:
      take(8);
      break;
    case kMark:
      stack_.push_back({Slot::kMarked, {}, 0});
      break;
    case kPop:
      pop();
      break;
    case kPopMark:
      pop_marked();
      break;
    case kNone:
      push(add(Kind::kNone));
      break;
    case kTrue:
    case kFalse:
      push(add_integer(Kind::kBool, code == kTrue));
      break;
    case kInt1:
      push(add_integer(Kind::kInt, static_cast<int64_t>(number(1))));
      break;
    case kInt2:
      push(add_integer(Kind::kInt, static_cast<int64_t>(number(2))));
      break;
    case kInt4:
      push(add_integer(Kind::kInt, static_cast<int32_t>(number(4))));
      break;
    case kLong1:
      push(add_integer(Kind::kInt, long_number(take(number(1)))));
      break;
    case kFloatBig: {
      const Id id = add(Kind::kFloat);
      pickle_.nodes[id].floating = std::bit_cast<double>(__builtin_bswap64(number(8)));
      push(id);
      break;
    }
    case kUnicode4:
    case kString4:
      push(add_string(Kind::kString, take(number(4))));
      break;
    case kUnicode1:
    case kString1:
      push(add_string(Kind::kString, take(number(1))));
      break;
    case kEmptyTuple:
      tuple(0);
      break;
    case kTuple1:
    case kTuple2:
    case kTuple3:
      tuple(code - kTuple1 + 1u);
      break;
    case kTuple:
      push(add_list(Kind::kList, pop_marked(), true));
      break;
    case kEmptyList:
      push(add_list(Kind::kList, {}));
      break;
    case kAppend: {
      const Id item = pop_value();
      extend(Kind::kList, "list", {item});
      break;
    }
    case kAppends:
      extend(Kind::kList, "list", pop_marked());
      break;
    case kEmptyDict:
      push(add_list(Kind::kDict, {}));
      break;
    case kSetItem: {
      const Id item = pop_value(), key = pop_value();
      extend(Kind::kDict, "dictionary", {key, item});
      break;
    }
    case kSetItems:
      extend(Kind::kDict, "dictionary", pop_marked());
      break;
    case kGlobal: {
      const std::string_view module = line();
      global(module, line());
      break;
    }
    case kStackGlobal: {
      const Id name = pop_value(), module = pop_value();
      if (!pickle_.is(name, Kind::kString) || !pickle_.is(module, Kind::kString)) fail("a name that is no string");
      global(std::string(pickle_.string(module)), std::string(pickle_.string(name)));
      break;
    }
    case kReduce:
    case kNewObject: {
      const Id arguments = pop_value();
      call(pop(), arguments);
      break;
    }
    case kBuild:
      build();
      break;
    case kPersistent: {
      const Id properties = pop_value();
      if (!pickle_.is(properties, Kind::kList) || list_of(properties).size() > kMostProperties) {
        fail("a storage without a short list of properties");
      }
      std::vector<Id> list = list_of(properties);
      push(add_list(Kind::kStorage, std::move(list)));
      break;
    }
    case kPut1:
      put(number(1));
      break;
    case kPut4:
      put(number(4));
      break;
    case kMemoize:
      put(memo_.size());
      break;
    case kGet1:
      get(number(1));
      break;
    case kGet4:
      get(number(4));
      break;
    default:
      fail(fmt::format("an instruction (0x{:02x}) that state dictionaries do not need", code));
  }
  return false;
}

}  // namespace

Pickle read_pickle(const Source& source, std::string_view text) { return Machine(source, text).run(); }

}  // namespace rondo::serialize
