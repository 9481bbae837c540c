// The names of storages in PyTorch's files, by the dtype of their elements.
#pragma once

#include <rondo/autograd/base/scalar_type.h>

#include <string_view>

namespace rondo::serialize {

struct StorageType {
  std::string_view name;
  ScalarType type;
};
inline constexpr StorageType kStorageTypes[] = {{"torch.FloatStorage", kFloat}, {"torch.DoubleStorage", kDouble},
                                                {"torch.HalfStorage", kHalf},   {"torch.LongStorage", kLong},
                                                {"torch.IntStorage", kInt},     {"torch.ShortStorage", kShort},
                                                {"torch.CharStorage", kChar},   {"torch.ByteStorage", kByte},
                                                {"torch.BoolStorage", kBool},   {"torch.BFloat16Storage", kBFloat16}};

}  // namespace rondo::serialize
