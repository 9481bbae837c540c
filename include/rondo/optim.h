// Optimizers, learning rate schedules, averages of weights.
#pragma once

#include <rondo/optim/accumulate.h>
#include <rondo/optim/adadelta.h>
#include <rondo/optim/adafactor.h>
#include <rondo/optim/adagrad.h>
#include <rondo/optim/adam.h>
#include <rondo/optim/adamax.h>
#include <rondo/optim/adamw.h>
#include <rondo/optim/asgd.h>
#include <rondo/optim/average.h>
#include <rondo/optim/composed_schedules.h>
#include <rondo/optim/cyclic_schedules.h>
#include <rondo/optim/lamb.h>
#include <rondo/optim/lbfgs.h>
#include <rondo/optim/lion.h>
#include <rondo/optim/muon.h>
#include <rondo/optim/nadam.h>
#include <rondo/optim/radam.h>
#include <rondo/optim/rmsprop.h>
#include <rondo/optim/rprop.h>
#include <rondo/optim/schedulers.h>
#include <rondo/optim/schedules.h>
#include <rondo/optim/sgd.h>
