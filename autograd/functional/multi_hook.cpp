// What each backward has gathered so far.
#include <rondo/autograd/functional/multi_hook.h>
#include <rondo/autograd/graph/engine.h>
#include <rondo/autograd/graph/mode.h>

#include <map>
#include <mutex>
#include <thread>

namespace rondo::autograd {
namespace {

using Key = std::pair<std::thread::id, int>;  // a thread, and how deep its backward is nested

struct Run;

struct Gathering final : base::RefCounted {
  static void dispose(Gathering* gathering) noexcept { delete gathering; }

  base::Ref<MultiGradHook::Function> function;
  size_t count;
  bool any;
  std::mutex busy;
  std::map<Key, Run*> runs;
};

// Lives as long as its backward does, which owns it as a callback: also where that ends with an exception.
struct Run final : Callback {
  Run(base::Ref<Gathering> s, Key k) : shared(std::move(s)), key(k), gradients(shared->count) {}
  ~Run() override { leave(); }
  void call() override {
    leave();
    if (!shared->any) shared->function->call(gradients);
  }
  void leave() const {
    const std::lock_guard lock(shared->busy);
    if (const auto found = shared->runs.find(key); found != shared->runs.end() && found->second == this) {
      shared->runs.erase(found);
    }
  }
  base::Ref<Gathering> shared;
  Key key;
  variable_list gradients;
};

// What the tensors have of it.
struct Attached final : MultiGradHook::Shared {
  void remove() override {
    for (const auto& hook : hooks) hook->over = true;
  }
  std::vector<base::Ref<graph::TensorHook>> hooks;
};

void receive(const base::Ref<Gathering>& shared, size_t i, const Tensor& gradient) {
  const Key key(std::this_thread::get_id(), graph::modes.depth);
  Run* run = nullptr;
  {
    const std::lock_guard lock(shared->busy);
    if (const auto found = shared->runs.find(key); found != shared->runs.end()) run = found->second;
  }
  const bool first = run == nullptr;
  if (first) {
    const base::Ref<Callback> callback(run = new Run(shared, key));
    {
      const std::lock_guard lock(shared->busy);
      shared->runs[key] = run;
    }
    queue_callback(callback);
  }
  if (!shared->any) {
    run->gradients[i] = gradient;
  } else if (first) {
    shared->function->call({gradient});
  }
}

}  // namespace

MultiGradHook::MultiGradHook(const variable_list& tensors, base::Ref<Function> function, bool any) {
  const base::Ref<Gathering> shared(new Gathering);
  shared->function = std::move(function);
  shared->count = tensors.size();
  shared->any = any;
  const base::Ref<Attached> attached(new Attached);
  for (size_t i = 0; i < tensors.size(); ++i) {
    const auto receiver = [shared, i](const Tensor& gradient) { receive(shared, i, gradient); };
    attached->hooks.emplace_back(new graph::TensorHookOf(receiver));
    graph::add_tensor_hook(tensors[i], attached->hooks.back());
  }
  shared_ = attached;
}

}  // namespace rondo::autograd
