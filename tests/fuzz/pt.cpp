// PyTorch's .pt files.
#include "target.h"

#include <rondo/autograd/serialize/entries.h>
#include <rondo/autograd/serialize/pt.h>

FUZZ(pt) { rondo::serialize::read_pt(source); }
