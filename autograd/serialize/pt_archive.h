// What is in a .pt file before it is asked what it means: the pickle, and its tensors by the numbers of their nodes.
#pragma once

#include <rondo/autograd/serialize/pickle.h>
#include <rondo/autograd/tensor/tensor.h>

#include <cstdint>
#include <memory>

namespace rondo::serialize {

inline constexpr size_t kMostPickleDepth = 100;

class PtArchive {
 public:
  // Throws Error unless the source is a zip archive with a sound pickle.
  explicit PtArchive(const Source& source);
  ~PtArchive();

  const Pickle& pickle() const;
  bool is_tensor(Pickle::Id id) const {
    return pickle().is(id, Pickle::Kind::kTensor) || pickle().is(id, Pickle::Kind::kParameter);
  }
  // The same object for the same node, so that tied parameters stay tied.
  const Tensor& tensor(Pickle::Id id);
  // Counts what is made of the pickle: containers that refer to each other could ask for any number. Throws Error
  // beyond a multiple of the pickle's length.
  void spend(uint64_t bytes);

 private:
  class Reader;
  std::unique_ptr<Reader> reader_;
};

}  // namespace rondo::serialize
