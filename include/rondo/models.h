// Models that are trained as Keras trains them, and the tensors that they take.
#pragma once

#include <rondo/autograd.h>
#include <rondo/models/activations.h>
#include <rondo/models/callbacks.h>
#include <rondo/models/initializers.h>
#include <rondo/models/layers/core.h>
#include <rondo/models/layers/dense.h>
#include <rondo/models/losses.h>
#include <rondo/models/metrics.h>
#include <rondo/models/optimizers.h>
#include <rondo/models/plot.h>
#include <rondo/models/progress.h>
#include <rondo/models/sequential.h>
#include <rondo/models/session.h>
