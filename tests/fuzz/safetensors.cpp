// Archives in safetensors files.
#include "target.h"

#include <rondo/autograd/serialize/archive_format.h>
#include <rondo/autograd/serialize/entries.h>

FUZZ(safetensors) { rondo::serialize::read_archive(source); }
