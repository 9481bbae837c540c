// Modules, their functions and initial values.
#pragma once

#include <rondo/nn/activation.h>
#include <rondo/nn/attention.h>
#include <rondo/nn/channel_norm.h>
#include <rondo/nn/dropout.h>
#include <rondo/nn/embedding.h>
#include <rondo/nn/expanding_array.h>
#include <rondo/nn/functional_module.h>
#include <rondo/nn/init.h>
#include <rondo/nn/layer_norm.h>
#include <rondo/nn/linear.h>
#include <rondo/nn/loss.h>
#include <rondo/nn/module_dict.h>
#include <rondo/nn/module_list.h>
#include <rondo/nn/padding.h>
#include <rondo/nn/parameter_dict.h>
#include <rondo/nn/parameter_list.h>
#include <rondo/nn/rnn.h>
#include <rondo/nn/sequential.h>
#include <rondo/nn/state_dict.h>
#include <rondo/nn/transformer.h>
#include <rondo/nn/utils/clip_grad.h>
#include <rondo/nn/utils/convert_parameters.h>
#include <rondo/nn/utils/rnn.h>
#include <rondo/nn/utils/spectral_norm.h>
#include <rondo/nn/utils/weight_norm.h>
