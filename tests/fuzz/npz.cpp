// NumPy's archives.
#include "target.h"

#include <rondo/autograd/serialize/npy.h>

FUZZ(npz) { rondo::serialize::read_npz(source); }
