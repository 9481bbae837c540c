// Files packed by gzip.
#include "target.h"

#include <rondo/data/gzip.h>

FUZZ(gz) { rondo::data::gunzip(fuzz::bytes_of(source)); }
