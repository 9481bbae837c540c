// Tensors and differentiation.
#pragma once

#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/graph/engine.h>
#include <rondo/autograd/graph/hooks.h>
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/loss.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/pointwise_in_place.h>
#include <rondo/autograd/ops/product.h>
#include <rondo/autograd/ops/random.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/special.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/autograd/tensor/indexing.h>
