#include <rondo/nn/transformer.h>

#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/nn/init.h>

#include <fmt/format.h>

#include <limits>

namespace rondo::nn {
namespace {

// `count` clones of a layer, registered as "layers".
template <class Layer>
ModuleList cloned(const Layer& layer, int64_t count) {
  ModuleList layers;
  for (int64_t i = 0; i < count; ++i) layers->push_back(layer->clone());
  return layers;
}

void check_count(const char* name, const char* what, const ModuleList& layers, int64_t needed) {
  if (layers->size() == static_cast<size_t>(needed)) return;
  fail(name, fmt::format("{} should have {} {} layers, but got {}", name, needed, what, layers->size()));
}

}  // namespace

TransformerEncoderImpl::TransformerEncoderImpl(TransformerEncoderOptions options_) : options(std::move(options_)) {
  TransformerEncoderImpl::reset();
}

void TransformerEncoderImpl::reset() {
  layers = register_module("layers", cloned(options.encoder_layer(), options.num_layers()));
  if (options.norm().is_empty()) return;
  norm = options.norm().clone();
  register_module("norm", norm.ptr());
}

void TransformerEncoderImpl::reset_parameters() {
  check_count("TransformerEncoder", "encoder", layers, options.num_layers());
  for (size_t i = 0; i < layers->size(); ++i) layers->at<TransformerEncoderLayerImpl>(i).reset_parameters();
  // Nothing is known of how the norm begins: it is made anew.
  if (!norm.is_empty()) unregister_module("norm");
  norm = {};
  if (options.norm().is_empty()) return;
  norm = options.norm().clone();
  register_module("norm", norm.ptr());
}

Tensor TransformerEncoderImpl::forward(const Tensor& src, const Tensor& src_mask, const Tensor& src_key_padding_mask) {
  Tensor x = src;
  for (const auto& layer : *layers) {
    x = layer->as<TransformerEncoderLayer>()->forward(x, src_mask, src_key_padding_mask);
  }
  return norm.is_empty() ? x : norm.forward<Tensor>(x);
}

TransformerDecoderImpl::TransformerDecoderImpl(TransformerDecoderOptions options_) : options(std::move(options_)) {
  TransformerDecoderImpl::reset();
}

void TransformerDecoderImpl::reset() {
  layers = register_module("layers", cloned(options.decoder_layer(), options.num_layers()));
  if (options.norm().is_empty()) return;
  norm = options.norm().clone();
  register_module("norm", norm.ptr());
}

void TransformerDecoderImpl::reset_parameters() {
  check_count("TransformerDecoder", "decoder", layers, options.num_layers());
  for (size_t i = 0; i < layers->size(); ++i) layers->at<TransformerDecoderLayerImpl>(i).reset_parameters();
  if (!norm.is_empty()) unregister_module("norm");
  norm = {};
  if (options.norm().is_empty()) return;
  norm = options.norm().clone();
  register_module("norm", norm.ptr());
}

Tensor TransformerDecoderImpl::forward(const Tensor& tgt, const Tensor& memory, const Tensor& tgt_mask,
                                       const Tensor& memory_mask, const Tensor& tgt_key_padding_mask,
                                       const Tensor& memory_key_padding_mask) {
  Tensor x = tgt;
  for (const auto& layer : *layers) {
    x = layer->as<TransformerDecoderLayer>()->forward(x, memory, tgt_mask, memory_mask, tgt_key_padding_mask,
                                                      memory_key_padding_mask);
  }
  return norm.is_empty() ? x : norm.forward<Tensor>(x);
}

TransformerImpl::TransformerImpl(TransformerOptions options_) : options(std::move(options_)) {
  TransformerImpl::reset();
}

void TransformerImpl::reset() {
  const auto norm = [&] { return AnyModule(LayerNorm(LayerNormOptions({options.d_model()}))); };
  if (options.custom_encoder().is_empty()) {
    const AnyModule last = norm();
    encoder = AnyModule(
        TransformerEncoder(TransformerEncoderOptions(TransformerEncoderLayerOptions(options.d_model(), options.nhead())
                                                         .dim_feedforward(options.dim_feedforward())
                                                         .dropout(options.dropout())
                                                         .activation(options.activation()),
                                                     options.num_encoder_layers())
                               .norm(last)));
  } else {
    encoder = options.custom_encoder().clone();
  }
  register_module("encoder", encoder.ptr());
  if (options.custom_decoder().is_empty()) {
    const AnyModule last = norm();
    decoder = AnyModule(
        TransformerDecoder(TransformerDecoderOptions(TransformerDecoderLayerOptions(options.d_model(), options.nhead())
                                                         .dim_feedforward(options.dim_feedforward())
                                                         .dropout(options.dropout())
                                                         .activation(options.activation()),
                                                     options.num_decoder_layers())
                               .norm(last)));
  } else {
    decoder = options.custom_decoder().clone();
  }
  register_module("decoder", decoder.ptr());
  reset_parameters();
}

void TransformerImpl::reset_parameters() {
  for (const Tensor& parameter : parameters()) {
    if (parameter.dim() > 1) init::xavier_uniform_(parameter);
  }
}

Tensor TransformerImpl::forward(const Tensor& src, const Tensor& tgt, const Tensor& src_mask, const Tensor& tgt_mask,
                                const Tensor& memory_mask, const Tensor& src_key_padding_mask,
                                const Tensor& tgt_key_padding_mask, const Tensor& memory_key_padding_mask) {
  if (src.dim() != 3 || tgt.dim() != 3) {
    fail("Transformer", fmt::format("src and tgt should have 3 dimensions, but got {} and {}", src.dim(), tgt.dim()));
  }
  if (src.size(1) != tgt.size(1)) {
    fail("Transformer", fmt::format("src and tgt should have equal batch size (at dim 1), but got {} and {}",
                                    src.size(1), tgt.size(1)));
  }
  if (src.size(2) != options.d_model() || tgt.size(2) != options.d_model()) {
    fail("Transformer", fmt::format("src and tgt should have same feature size as d_model (at dim 2), but got {} and "
                                    "{} while d_model is {}",
                                    src.size(2), tgt.size(2), options.d_model()));
  }
  const Tensor memory = encoder.forward<Tensor>(src, src_mask, src_key_padding_mask);
  return decoder.forward<Tensor>(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);
}

Tensor TransformerImpl::generate_square_subsequent_mask(int64_t sz) {
  if (sz < 0) {
    fail("generate_square_subsequent_mask",
         fmt::format("Input size must be non-negative to generate a valid square subsequent mask, but got {}", sz));
  }
  return full({sz, sz}, -std::numeric_limits<float>::infinity()).triu(1);
}

TransformerEncoderImpl::TransformerEncoderImpl(TransformerEncoderLayer encoder_layer, int64_t num_layers)
    : TransformerEncoderImpl(TransformerEncoderOptions(std::move(encoder_layer), num_layers)) {}
TransformerDecoderImpl::TransformerDecoderImpl(TransformerDecoderLayer decoder_layer, int64_t num_layers)
    : TransformerDecoderImpl(TransformerDecoderOptions(std::move(decoder_layer), num_layers)) {}

RONDO_DEFAULT_ARGS(TransformerEncoderImpl, {1, AnyValue(Tensor())}, {2, AnyValue(Tensor())})
RONDO_DEFAULT_ARGS(TransformerDecoderImpl, {2, AnyValue(Tensor())}, {3, AnyValue(Tensor())}, {4, AnyValue(Tensor())},
                   {5, AnyValue(Tensor())})
RONDO_DEFAULT_ARGS(TransformerImpl, {2, AnyValue(Tensor())}, {3, AnyValue(Tensor())}, {4, AnyValue(Tensor())},
                   {5, AnyValue(Tensor())}, {6, AnyValue(Tensor())}, {7, AnyValue(Tensor())})

TransformerEncoderOptions::TransformerEncoderOptions(TransformerEncoderLayer encoder_layer, int64_t num_layers)
    : encoder_layer_(std::move(encoder_layer)), num_layers_(num_layers) {}
TransformerEncoderOptions::TransformerEncoderOptions(const TransformerEncoderLayerOptions& encoder_layer_options,
                                                     int64_t num_layers)
    : encoder_layer_(encoder_layer_options), num_layers_(num_layers) {}
TransformerDecoderOptions::TransformerDecoderOptions(TransformerDecoderLayer decoder_layer, int64_t num_layers)
    : decoder_layer_(std::move(decoder_layer)), num_layers_(num_layers) {}
TransformerDecoderOptions::TransformerDecoderOptions(const TransformerDecoderLayerOptions& decoder_layer_options,
                                                     int64_t num_layers)
    : decoder_layer_(decoder_layer_options), num_layers_(num_layers) {}

}  // namespace rondo::nn
