// Everything.
#pragma once

#include <rondo/autograd.h>
#include <rondo/data.h>
#include <rondo/models.h>
#include <rondo/nn.h>
#include <rondo/optim.h>
