// IDX files, plain or packed by gzip.
#include "target.h"

#include <rondo/data/idx.h>

FUZZ(idx) { rondo::data::read_idx(fuzz::bytes_of(source)); }
