// Inference mode as tensors know it (graph/mode.h has the guard).
#pragma once

namespace rondo::tensor_data {

// Whether tensors that are made now are inference tensors. A setting of each thread.
extern constinit thread_local bool inference_mode;

}  // namespace rondo::tensor_data
