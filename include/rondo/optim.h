// Optimizers and learning rate schedulers.
#pragma once

#include <rondo/optim/adagrad.h>
#include <rondo/optim/adam.h>
#include <rondo/optim/adamw.h>
#include <rondo/optim/rmsprop.h>
#include <rondo/optim/schedulers.h>
#include <rondo/optim/sgd.h>
