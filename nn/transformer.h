// Stacks of transformer blocks, and the whole Transformer.
#pragma once

#include <rondo/nn/module_list.h>
#include <rondo/nn/transformer_layer.h>

namespace rondo::nn {

struct TransformerEncoderOptions {
  TransformerEncoderOptions(TransformerEncoderLayer encoder_layer, int64_t num_layers);
  TransformerEncoderOptions(const TransformerEncoderLayerOptions& encoder_layer_options, int64_t num_layers);
  // Each layer begins as a clone of this one.
  RONDO_ARG(TransformerEncoderLayer, encoder_layer) = nullptr;
  RONDO_ARG(int64_t, num_layers);
  // Behind the last layer; may be empty.
  RONDO_ARG(AnyModule, norm);
};

struct TransformerDecoderOptions {
  TransformerDecoderOptions(TransformerDecoderLayer decoder_layer, int64_t num_layers);
  TransformerDecoderOptions(const TransformerDecoderLayerOptions& decoder_layer_options, int64_t num_layers);
  RONDO_ARG(TransformerDecoderLayer, decoder_layer) = nullptr;
  RONDO_ARG(int64_t, num_layers);
  RONDO_ARG(AnyModule, norm);
};

// Layers one behind the other: src (time, batch, d_model), src_mask (time, time), src_key_padding_mask (batch, time).
class TransformerEncoderImpl : public Cloneable<TransformerEncoderImpl> {
 public:
  TransformerEncoderImpl(TransformerEncoderLayer encoder_layer, int64_t num_layers);
  explicit TransformerEncoderImpl(TransformerEncoderOptions options);
  void reset() override;
  void reset_parameters();
  Tensor forward(const Tensor& src, const Tensor& src_mask = {}, const Tensor& src_key_padding_mask = {});

  TransformerEncoderOptions options;
  ModuleList layers = nullptr;
  AnyModule norm;

 protected:
  RONDO_DECLARE_DEFAULT_ARGS
};
RONDO_MODULE(TransformerEncoder);

class TransformerDecoderImpl : public Cloneable<TransformerDecoderImpl> {
 public:
  TransformerDecoderImpl(TransformerDecoderLayer decoder_layer, int64_t num_layers);
  explicit TransformerDecoderImpl(TransformerDecoderOptions options);
  void reset() override;
  void reset_parameters();
  Tensor forward(const Tensor& tgt, const Tensor& memory, const Tensor& tgt_mask = {}, const Tensor& memory_mask = {},
                 const Tensor& tgt_key_padding_mask = {}, const Tensor& memory_key_padding_mask = {});

  TransformerDecoderOptions options;
  ModuleList layers = nullptr;
  AnyModule norm;

 protected:
  RONDO_DECLARE_DEFAULT_ARGS
};
RONDO_MODULE(TransformerDecoder);

// An encoder of src (source time, batch, d_model) whose result the decoder of tgt (target time, batch, d_model) attends
// to. Its matrices begin as xavier_uniform_ says. Throws Error for shapes that do not fit.
class TransformerImpl : public Cloneable<TransformerImpl> {
 public:
  explicit TransformerImpl(TransformerOptions options);
  void reset() override;
  void reset_parameters();
  Tensor forward(const Tensor& src, const Tensor& tgt, const Tensor& src_mask = {}, const Tensor& tgt_mask = {},
                 const Tensor& memory_mask = {}, const Tensor& src_key_padding_mask = {},
                 const Tensor& tgt_key_padding_mask = {}, const Tensor& memory_key_padding_mask = {});
  // (sz, sz): minus infinity above the diagonal, 0 elsewhere, so that no element sees a later one.
  static Tensor generate_square_subsequent_mask(int64_t sz);

  TransformerOptions options;
  AnyModule encoder, decoder;

 protected:
  RONDO_DECLARE_DEFAULT_ARGS
};
RONDO_MODULE(Transformer);

}  // namespace rondo::nn
