// Datasets, samplers, transforms and loaders. What reads data in chunks is included by itself: data/chunk_dataset.h.
#pragma once

#include <rondo/data/dataset.h>
#include <rondo/data/distributed_sampler.h>
#include <rondo/data/idx.h>
#include <rondo/data/loader.h>
#include <rondo/data/mnist.h>
#include <rondo/data/sampler.h>
#include <rondo/data/tensor_dataset.h>
#include <rondo/data/transform.h>
