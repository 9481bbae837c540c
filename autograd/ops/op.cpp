#include <rondo/autograd/ops/op.h>

// The linker collects the section's entries and names its ends.
extern "C" {
extern const rondo::ops::OpInfo* const __start_rondo_ops[];
extern const rondo::ops::OpInfo* const __stop_rondo_ops[];
}

namespace rondo::ops {

ArrayRef<const OpInfo*> all_operations() { return {__start_rondo_ops, __stop_rondo_ops}; }

}  // namespace rondo::ops
