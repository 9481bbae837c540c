// Tensors and differentiation.
#pragma once

#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/functional/checkpoint.h>
#include <rondo/autograd/functional/dot.h>
#include <rondo/autograd/functional/gradcheck.h>
#include <rondo/autograd/functional/profile.h>
#include <rondo/autograd/functional/transforms.h>
#include <rondo/autograd/graph/engine.h>
#include <rondo/autograd/graph/function.h>
#include <rondo/autograd/graph/hooks.h>
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/distance.h>
#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/linalg.h>
#include <rondo/autograd/ops/loss.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/product.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/shape.h>
#include <rondo/autograd/ops/sorting.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/autograd/tensor/indexing.h>
