// PyTorch's .pt files: as entries of an archive, and as one value.
#include "target.h"

#include <rondo/autograd/serialize/entries.h>
#include <rondo/autograd/serialize/pickled_value.h>
#include <rondo/autograd/serialize/pt.h>

FUZZ(pt) {
  // What one of them refuses, such as a name that comes twice, the other may read.
  try {
    rondo::serialize::read_pickled(source);
  } catch (const rondo::Error&) {}
  rondo::serialize::read_pt(source);
}
