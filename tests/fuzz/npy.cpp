// NumPy's arrays.
#include "target.h"

#include <rondo/autograd/serialize/npy.h>

FUZZ(npy) { rondo::serialize::read_npy(source); }
