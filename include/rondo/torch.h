// libtorch's names for rondo: a program for libtorch's C++ frontend includes this instead of <torch/torch.h>.
#pragma once

#include <rondo/autograd.h>
#include <rondo/compat/arguments.h>
#include <rondo/compat/at.h>
#include <rondo/compat/aten.h>
#include <rondo/compat/backward.h>
#include <rondo/compat/blob.h>
#include <rondo/compat/containers.h>
#include <rondo/compat/context.h>
#include <rondo/compat/copy_views.h>
#include <rondo/compat/cuda.h>
#include <rondo/compat/data_container.h>
#include <rondo/compat/dispatch.h>
#include <rondo/compat/dropout.h>
#include <rondo/compat/engine.h>
#include <rondo/compat/files.h>
#include <rondo/compat/generator_mutex.h>
#include <rondo/compat/half_limits.h>
#include <rondo/compat/logging.h>
#include <rondo/compat/macros.h>
#include <rondo/compat/names.h>
#include <rondo/compat/node.h>
#include <rondo/compat/optim.h>
#include <rondo/compat/out.h>
#include <rondo/compat/special.h>
#include <rondo/compat/str.h>
#include <rondo/compat/type_properties.h>
#include <rondo/compat/warning.h>
#include <rondo/data.h>
#include <rondo/data/chunk_dataset.h>
#include <rondo/nn.h>
#include <rondo/optim.h>

// Programs written for libtorch have these from its headers.
#include <algorithm>
#include <cassert>
#include <chrono>
#include <cinttypes>
#include <cmath>
#include <condition_variable>
#include <deque>
#include <functional>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <list>
#include <map>
#include <mutex>
#include <numeric>
#include <queue>
#include <set>
#include <sstream>
#include <stack>
#include <thread>
#include <typeindex>
#include <unordered_map>
#include <unordered_set>
#include <variant>

// A macro: programs reopen libtorch's inner namespaces (torch::nn), declare its classes ahead and specialize its
// templates, and neither an alias nor a using-directive lets them. -DRONDO_TORCH_NAMESPACE makes `torch` a namespace,
// in which only torch itself can be reopened.
#ifdef RONDO_TORCH_NAMESPACE
namespace torch {
using namespace ::rondo;  // NOLINT(google-build-using-namespace): this namespace is rondo under another name
}
#else
#define torch rondo
#endif
namespace c10 {
using namespace ::rondo;  // NOLINT(google-build-using-namespace)
}
