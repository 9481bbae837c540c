// The accuracies: plain loops, since they run once a batch.
#pragma once

#include <rondo/models/metrics.h>

namespace rondo::metrics {

std::shared_ptr<MetricFunction> sparse_categorical_accuracy(std::string name);
std::shared_ptr<MetricFunction> categorical_accuracy(std::string name);
std::shared_ptr<MetricFunction> binary_accuracy(std::string name, double threshold);
std::shared_ptr<MetricFunction> sparse_top_k_accuracy(std::string name, int64_t k);
std::shared_ptr<MetricFunction> top_k_accuracy(std::string name, int64_t k);

}  // namespace rondo::metrics
