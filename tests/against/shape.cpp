// Views, parts, grids, repetition, diagonals, padding; ranges and dtypes.
#include "case.h"

#include <cmath>

using against::gradients;
using against::integers;
using against::real;
using against::refuses;
using against::value;

namespace {

torch::Tensor longs(std::vector<int64_t> numbers) { return torch::tensor(numbers, torch::kLong); }

void values(const std::string& what, const std::vector<torch::Tensor>& tensors) {
  value(what + " count", static_cast<double>(tensors.size()));
  for (size_t i = 0; i < tensors.size(); ++i) value(what + " part " + std::to_string(i), tensors[i]);
}
void strides(const std::string& what, const torch::Tensor& tensor) {
  value(what, tensor);
  value(what + " strides", torch::tensor(tensor.strides().vec(), torch::kLong));
  value(what + " offset", static_cast<double>(tensor.storage_offset()));
}

}  // namespace

AGAINST(unfold) {
  value("triu of bool", torch::ones({3, 4}, torch::kBool).triu(1));
  value("tril of bool", torch::ones({3, 4}, torch::kBool).tril(-1));
  gradients("overlapping", {real({6})}, AGAINST_F(in[0].unfold(0, 3, 1)));
  gradients("gaps", {real({2, 7})}, AGAINST_F(in[0].unfold(1, 2, 3)));
  gradients("first", {real({5, 2})}, AGAINST_F(in[0].unfold(0, 2, 2)));
  gradients("twice", {real({4, 5})}, AGAINST_F(in[0].unfold(0, 2, 1).unfold(1, 3, 2)));
  gradients("transposed", {real({3, 5})}, AGAINST_F(in[0].t().unfold(-2, 2, 1)));
  gradients("0-dim", {real({})}, AGAINST_F(in[0].unfold(0, 1, 1)));
  strides("strides", torch::arange(24).reshape({2, 3, 4}).unfold(1, 2, 1));
  value("size 0", torch::arange(3).unfold(0, 0, 1));
  refuses("size", [] { torch::ones({2}).unfold(0, 3, 1); });
  refuses("step", [] { torch::ones({2}).unfold(0, 1, 0); });
}

AGAINST(as_strided) {
  gradients("overlapping", {real({5})}, AGAINST_F(torch::as_strided(in[0], {3, 3}, {1, 1}, 0)));
  gradients("every other", {real({2, 3})}, AGAINST_F(in[0].as_strided({3}, {2}, 1)));
  gradients("broadcast", {real({3})}, AGAINST_F(in[0].as_strided({2, 3}, {0, 1})));
  gradients("of an expanded", {real({3, 1})}, AGAINST_F(in[0].expand({3, 2}).as_strided({2, 2}, {1, 0})));
  gradients("of a transposed", {real({2, 3})}, AGAINST_F(in[0].t().as_strided({2, 2}, {2, 1}, 1)));
  auto x = torch::arange(6);
  x.as_strided_({2, 2}, {2, 1}, 1);
  strides("in place", x);
  refuses("outside", [] { torch::ones({3}).as_strided({4}, {1}); });
}

AGAINST(in_place_views) {
  gradients("squeeze_", {real({1, 3, 1})}, AGAINST_F((in[0] * in[0]).squeeze_()));
  gradients("squeeze_ one", {real({1, 3, 1})}, AGAINST_F((in[0] * in[0]).squeeze_(0).mul_(2)));
  gradients("unsqueeze_", {real({3})}, AGAINST_F((in[0] * in[0]).unsqueeze_(-1)));
  gradients("t_", {real({2, 3})}, AGAINST_F((in[0] * in[0]).t_().add_(1)));
  gradients("transpose_", {real({2, 3, 2})}, AGAINST_F((in[0] * in[0]).transpose_(0, 1)));
  gradients("swapaxes_", {real({2, 3})}, AGAINST_F((in[0] * in[0]).swapaxes_(0, 1)));
  gradients("swapdims_", {real({2, 3})}, AGAINST_F((in[0] * in[0]).swapdims_(0, 1)));
  gradients("of a view", {real({2, 3, 2})}, AGAINST_F((in[0] * in[0]).select(0, 1).t_()));
  auto x = torch::arange(6).reshape({1, 2, 3});
  strides("plain", x.squeeze_().t_().unsqueeze_(1));
  strides("of a row", torch::arange(12).reshape({2, 3, 2})[1].t_());
  refuses("leaf", [] { torch::ones({2, 3}).requires_grad_().t_(); });
}

AGAINST(order_of_dimensions) {
  const auto x = torch::arange(24).reshape({2, 3, 4});
  strides("movedim", torch::movedim(x, {0, 1}, {-1, 0}));
  strides("movedim one", x.movedim(2, 0));
  strides("moveaxis", torch::moveaxis(x, {2}, {0}));
  strides("moveaxis several", x.moveaxis({0, 2}, {2, 1}));
  strides("moveaxis one", x.moveaxis(0, -1));
  strides("swapaxes", torch::swapaxes(x, 0, 2));
  strides("swapdims", x.swapdims(-1, 1));
  strides("numpy_T", x.numpy_T());
  strides("mT", x.mT());
  strides("mH", x.mH());
  strides("matrix_H", x[0].matrix_H());
  strides("adjoint", x.adjoint());
  gradients("movedim gradient", {real({2, 3, 4})}, AGAINST_F(in[0].movedim({0, 1}, {-1, 0})));
  gradients("mT gradient", {real({2, 3})}, AGAINST_F(in[0].mT()));
  refuses("movedim count", [] { torch::movedim(torch::ones({2, 2}), {0, 1}, {0}); });
  refuses("movedim twice", [] { torch::movedim(torch::ones({2, 2}), {0, 0}, {0, 1}); });
  refuses("mT of a vector", [] { torch::ones({2}).mT(); });
  refuses("H of three", [] { torch::ones({2, 2, 2}).matrix_H(); });
}

AGAINST(parts) {
  const auto x = torch::arange(20).reshape({5, 4});
  values("split", torch::split(x, 2));
  values("split last", x.split(3, -1));
  values("split sizes", x.split({1, 0, 4}));
  values("split_with_sizes", torch::split_with_sizes(x, {3, 1}, 1));
  values("chunk", torch::chunk(x, 3));
  values("chunk more", x.chunk(7, 1));
  values("chunk of nothing", torch::chunk(torch::ones({0, 2}), 3));
  values("split of nothing", torch::split(torch::ones({0, 2}), 3));
  values("unbind", torch::unbind(x, 1));
  values("unsafe_split", torch::unsafe_split(x, 2));
  values("unsafe_split_with_sizes", x.unsafe_split_with_sizes({3, 1}, 1));
  values("unsafe_chunk", torch::unsafe_chunk(x, 2, 1));
  values("tensor_split", torch::tensor_split(x, 3));
  values("tensor_split more", x.tensor_split(6, 1));
  values("tensor_split indices", torch::tensor_split(x, {1, 3}));
  values("tensor_split outside", x.tensor_split({-2, 9, 2}, 1));
  values("tensor_split tensor", torch::tensor_split(x, longs({2, 4})));
  values("tensor_split number", torch::tensor_split(x, torch::tensor(2), 1));
  values("hsplit", torch::hsplit(x, 2));
  values("hsplit indices", x.hsplit({1, 3}));
  values("hsplit vector", torch::hsplit(torch::arange(4), 2));
  values("vsplit", x.vsplit({1, 3}));
  values("vsplit even", torch::vsplit(x, 5));
  values("dsplit", torch::dsplit(x.reshape({1, 5, 4}), 2));
  values("dsplit indices", x.reshape({1, 5, 4}).dsplit({1}));
  gradients("split gradient", {real({5, 2})}, AGAINST_F(in[0].split(2)[1] * in[0].split(2)[0]));
  gradients("tensor_split gradient", {real({5, 2})}, AGAINST_F(in[0].tensor_split({1, 3})[1]));
  gradients("unsafe_split in place", {real({4, 2})}, AGAINST_F((in[0] * in[0]).unsafe_split(2)[1].mul_(3)));
  gradients("tensor_split in place", {real({4, 2})}, AGAINST_F((in[0] * in[0]).tensor_split(2)[1].mul_(3)));
  gradients("unbind gradient", {real({2, 3})}, AGAINST_F(in[0].unbind(1)[2]));
  refuses("split in place", [] { (torch::ones({4}).requires_grad_() * 2).split(2)[0].mul_(2); });
  refuses("hsplit uneven", [] { torch::hsplit(torch::ones({2, 4}), 3); });
  refuses("vsplit vector", [] { torch::vsplit(torch::ones({4}), 2); });
  refuses("dsplit matrix", [] { torch::dsplit(torch::ones({4, 4}), 2); });
  refuses("tensor_split 0", [] { torch::tensor_split(torch::ones({4}), 0); });
  refuses("split sum", [] { torch::split_with_sizes(torch::ones({4}), {1, 2}); });
}

AGAINST(parts_together) {
  const auto a = real({2, 3}), b = real({2, 3}), v = real({3});
  value("concat", torch::concat({a, b}, 1));
  value("concatenate", torch::concatenate({a, b}));
  value("hstack", torch::hstack({a, b}));
  value("hstack vectors", torch::hstack({v, v[0]}));
  value("vstack", torch::vstack({a, v}));
  value("row_stack", torch::row_stack({v, v}));
  value("dstack", torch::dstack({a, b}));
  value("dstack vectors", torch::dstack({v, v}));
  value("column_stack", torch::column_stack({v, real({3, 2}), v}));
  value("column_stack numbers", torch::column_stack({v[0], v[1]}));
  value("block_diag", torch::block_diag({a, v, v[1], torch::ones({0, 2}, torch::kDouble)}));
  value("block_diag integers", torch::block_diag({longs({1, 2}), torch::ones({1, 1})}));
  value("cartesian_prod", torch::cartesian_prod({v, real({2})}));
  value("cartesian_prod one", torch::cartesian_prod({v}));
  value("cartesian_prod three", torch::cartesian_prod({longs({1, 2}), longs({3}), longs({4, 5})}));
  value("combinations", torch::combinations(torch::arange(4)));
  value("combinations 3", torch::combinations(torch::arange(4), 3));
  value("combinations replaced", torch::combinations(torch::arange(3), 2, true));
  value("combinations replaced 3", torch::combinations(torch::arange(3), 3, true));
  value("combinations 1", torch::combinations(torch::arange(3), 1));
  value("combinations too many", torch::combinations(torch::arange(2), 3));
  value("atleast_1d", torch::atleast_1d(v[0]));
  value("atleast_2d", torch::atleast_2d(v));
  value("atleast_3d", torch::atleast_3d(v));
  value("atleast_3d matrix", torch::atleast_3d(a));
  values("atleast lists", torch::atleast_3d({v[0], v, a}));
  values("atleast_2d lists", torch::atleast_2d({v[0], v, a}));
  values("atleast_1d lists", torch::atleast_1d({v[0], v, a}));
  gradients("stack gradients", {real({2, 3}), real({3})}, AGAINST_F(torch::vstack({in[0], in[1]})));
  gradients("column gradients", {real({3}), real({3, 2})}, AGAINST_F(torch::column_stack({in[0], in[1]})));
  gradients("block gradients", {real({2, 3}), real({2}), real({})},
            AGAINST_F(torch::block_diag({in[0], in[1], in[2]})));
  gradients("product gradients", {real({2}), real({3})}, AGAINST_F(torch::cartesian_prod({in[0], in[1]})));
  gradients("combination gradients", {real({4})}, AGAINST_F(torch::combinations(in[0])));
  refuses("block of three dimensions", [] { torch::block_diag({torch::ones({1, 1, 1})}); });
  refuses("product of a matrix", [] { torch::cartesian_prod({torch::ones({2, 2})}); });
  refuses("combinations of a matrix", [] { torch::combinations(torch::ones({2, 2})); });
}

AGAINST(cat_and_views) {
  const auto a = real({2, 3}), b = real({2, 3});
  value("cat", torch::cat({a, b, a.to(torch::kFloat).round()}, -1));
  value("cat with nothing", torch::cat({torch::ones({0}), a}));
  value("cat of dtypes", torch::cat({longs({1, 2}), torch::ones({1}, torch::kInt), torch::ones({1}, torch::kBool)}));
  value("stack", torch::stack({a, b}, 1));
  gradients("cat gradient", {real({2, 3}), real({1, 3})}, AGAINST_F(torch::cat({in[0], in[1], in[0]})));
  gradients("stack gradient", {real({2, 3}), real({2, 3})}, AGAINST_F(torch::stack({in[0], in[1]}, -1)));
  gradients("permute", {real({2, 3, 4})}, AGAINST_F(in[0].permute({2, 0, 1}).reshape({4, 6})));
  gradients("flatten", {real({2, 3, 4})}, AGAINST_F(in[0].transpose(0, 2).flatten(0, 1)));
  gradients("expand", {real({2, 1})}, AGAINST_F(in[0].expand({3, -1, 4})));
  gradients("slices", {real({5, 6})}, AGAINST_F(in[0].slice(0, 1, 5, 2).slice(1, -4, -1)));
  gradients("select", {real({3, 4})}, AGAINST_F(in[0].select(1, -2)));
  gradients("squeeze", {real({2, 1, 3})}, AGAINST_F(in[0].squeeze(1).unsqueeze(-1)));
  gradients("in place on a slice", {real({3, 4})}, [](const against::Inputs& in) {
    auto x = in[0] * in[0];
    x.slice(1, 1, 3).mul_(in[0].slice(1, 0, 2));
    x.diagonal().add_(1);
    return x;
  });
  gradients("in place on windows", {real({6})}, [](const against::Inputs& in) {
    auto x = in[0] * in[0];
    x.unfold(0, 2, 2).mul_(3);
    return x;
  });
  refuses("cat shapes", [] { torch::cat({torch::ones({2, 2}), torch::ones({2, 3})}); });
  refuses("stack shapes", [] { torch::stack({torch::ones({2}), torch::ones({3})}); });
}

AGAINST(grids) {
  const auto a = longs({1, 2}), b = longs({3, 4, 5}), c = torch::tensor(6);
  values("meshgrid", torch::meshgrid({a, b}, "ij"));
  values("meshgrid xy", torch::meshgrid({a, b, c}, "xy"));
  values("meshgrid one", torch::meshgrid({a}, "xy"));
  values("broadcast_tensors", torch::broadcast_tensors({a.unsqueeze(1), b, c}));
  value("broadcast_to", torch::broadcast_to(b, {2, 3}));
  gradients("meshgrid gradient", {real({2}), real({3})},
            AGAINST_F(torch::meshgrid({in[0], in[1]}, "xy")[0] * torch::meshgrid({in[0], in[1]}, "xy")[1]));
  gradients("broadcast gradient", {real({2, 1})}, AGAINST_F(in[0].broadcast_to({3, 2, 2})));
  refuses("meshgrid matrix", [] { torch::meshgrid({torch::ones({2, 2})}, "ij"); });
  refuses("meshgrid order", [] { torch::meshgrid({torch::ones({2})}, "yx"); });
  refuses("broadcast shapes", [] { torch::broadcast_tensors({torch::ones({2}), torch::ones({3})}); });
}

AGAINST(turned) {
  const auto x = torch::arange(12).reshape({3, 4});
  value("roll", torch::roll(x, 1));
  value("roll rows", x.roll(-1, 0));
  value("roll both", torch::roll(x, {5, -2}, {0, 1}));
  value("roll twice", torch::roll(x, {1, 1}, {1, 1}));
  value("roll empty", torch::roll(torch::ones({0, 2}), 1, 0));
  value("flip", torch::flip(x, {0, 1}));
  value("flip none", x.flip(torch::IntArrayRef{}));
  value("fliplr", torch::fliplr(x));
  value("flipud", x.flipud());
  for (const int64_t k : {-1, 0, 1, 2, 3, 6}) value("rot90 " + std::to_string(k), torch::rot90(x, k));
  value("rot90 dims", torch::rot90(torch::arange(12).reshape({2, 3, 2}), 1, {2, 0}));
  gradients("roll gradient", {real({3, 4})}, AGAINST_F(in[0].roll({1, 2}, {0, 1})));
  gradients("roll flat gradient", {real({3, 4})}, AGAINST_F(in[0].t().roll(5)));
  gradients("rot90 gradient", {real({3, 4})}, AGAINST_F(torch::rot90(in[0], 3)));
  gradients("flip gradient", {real({3, 4})}, AGAINST_F(torch::fliplr(in[0]) * torch::flipud(in[0])));
  refuses("roll shifts", [] { torch::roll(torch::ones({2, 2}), {1, 2}, {0}); });
  refuses("roll none", [] { torch::roll(torch::ones({2}), torch::IntArrayRef{}); });
  refuses("fliplr vector", [] { torch::fliplr(torch::ones({2})); });
  refuses("flipud number", [] { torch::flipud(torch::ones({})); });
  refuses("rot90 vector", [] { torch::rot90(torch::ones({2})); });
  refuses("rot90 one dimension", [] { torch::rot90(torch::ones({2, 2}), 1, {0, 0}); });
}

AGAINST(repeated) {
  const auto x = torch::arange(6).reshape({2, 3});
  value("tile", torch::tile(x, {2}));
  value("tile more", x.tile({2, 1, 2}));
  value("tile none", torch::tile(x, {0, 1}));
  value("repeat", x.repeat({2, 1, 3}));
  value("interleave", torch::repeat_interleave(x, 2));
  value("interleave rows", x.repeat_interleave(2, 0));
  value("interleave each", torch::repeat_interleave(x, longs({2, 0, 3}), 1));
  value("interleave one", x.repeat_interleave(longs({2}), 0));
  value("interleave places", torch::repeat_interleave(longs({2, 0, 3})));
  value("interleave int", torch::repeat_interleave(longs({2, 0, 3}).to(torch::kInt)));
  value("interleave 0-dim", torch::repeat_interleave(torch::tensor(3), 2));
  gradients("tile gradient", {real({2, 3})}, AGAINST_F(in[0].tile({2, 1, 2})));
  gradients("interleave gradient", {real({2, 3}), longs({2, 0, 3})}, AGAINST_F(in[0].repeat_interleave(in[1], 1)));
  gradients("interleave all gradient", {real({2, 3})}, AGAINST_F(torch::repeat_interleave(in[0], 3)));
  refuses("negative", [] { torch::repeat_interleave(longs({-1})); });
  refuses("count", [] { torch::repeat_interleave(torch::ones({3}), longs({1, 2}), 0); });
}

AGAINST(diagonals) {
  const auto x = torch::arange(12).reshape({3, 4});
  for (const int64_t offset : {-2, 0, 1, 5}) {
    const std::string what = " " + std::to_string(offset);
    value("diag vector" + what, torch::diag(torch::arange(3), offset));
    value("diag_embed" + what, torch::diag_embed(x, offset));
    value("diagflat" + what, torch::diagflat(x.slice(1, 0, 2), offset));
    value("triu" + what, torch::triu(x, offset));
    value("tril" + what, x.t().tril(offset));
    value("triu_" + what, x.clone().triu_(offset));
    value("tril_" + what, x.clone().tril_(offset));
    value("triu_indices" + what, torch::triu_indices(3, 4, offset));
    value("tril_indices" + what, torch::tril_indices(3, 4, offset));
    value("tril_indices tall" + what, torch::tril_indices(5, 2, offset));
    if (offset < 4) {
      value("diag matrix" + what, x.diag(offset));
      value("diagonal" + what, torch::diagonal(x, offset));
    }
  }
  value("diag_embed dims", torch::diag_embed(x, 1, 0, 2));
  value("diag_embed swapped", x.diag_embed(1, 2, 0));
  value("triu batch", torch::arange(12).reshape({2, 2, 3}).triu());
  value("indices int", torch::triu_indices(2, 2, 0, torch::kInt));
  gradients("diag gradient", {real({3})}, AGAINST_F(torch::diag(in[0], 1)));
  gradients("diag matrix gradient", {real({3, 4})}, AGAINST_F(in[0].diag(-1)));
  gradients("diag_embed gradient", {real({2, 3})}, AGAINST_F(torch::diag_embed(in[0], -1, 0, 2)));
  gradients("diagflat gradient", {real({2, 2})}, AGAINST_F(torch::diagflat(in[0])));
  gradients("tril_ gradient", {real({3, 3})}, AGAINST_F((in[0] * in[0]).tril_(-1)));
  gradients("triu gradient", {real({2, 3, 3})}, AGAINST_F(torch::triu(in[0], 1)));
  gradients("diagonal gradient", {real({2, 3, 3})}, AGAINST_F(in[0].diagonal(1, -1, 1)));
  refuses("diag three", [] { torch::diag(torch::ones({2, 2, 2})); });
  refuses("diag_embed dims", [] { torch::diag_embed(torch::ones({2, 2}), 0, 1, 1); });
  refuses("triu vector", [] { torch::triu(torch::ones({2})); });
}

AGAINST(pixels_and_padding) {
  const auto x = torch::arange(32).reshape({2, 8, 1, 2});
  value("pixel_shuffle", torch::pixel_shuffle(x, 2));
  value("pixel_unshuffle", torch::pixel_unshuffle(torch::arange(32).reshape({1, 2, 4, 4}), 2));
  value("channel_shuffle", torch::channel_shuffle(x, 4));
  value("pad", torch::constant_pad_nd(x, {1, 2}, 7));
  value("pad several", torch::constant_pad_nd(x, {1, 0, 2, 1, -3, -2}));
  value("pad cut", torch::constant_pad_nd(torch::arange(5), {-1, -2}));
  value("pad none", torch::constant_pad_nd(torch::arange(5), torch::IntArrayRef{}));
  gradients("pixel_shuffle gradient", {real({4, 2, 1})}, AGAINST_F(torch::pixel_shuffle(in[0], 2)));
  gradients("pixel_unshuffle gradient", {real({1, 4, 2})}, AGAINST_F(torch::pixel_unshuffle(in[0], 2)));
  gradients("pad gradient", {real({3, 4})}, AGAINST_F(torch::constant_pad_nd(in[0], {-1, 2, 1, -2}, 0.5)));
  refuses("pixel channels", [] { torch::pixel_shuffle(torch::ones({3, 2, 2}), 2); });
  refuses("pad odd", [] { torch::constant_pad_nd(torch::ones({2}), {1}); });
  refuses("pad long", [] { torch::constant_pad_nd(torch::ones({2}), {1, 1, 1, 1}); });
  refuses("pad negative", [] { torch::constant_pad_nd(torch::ones({2}), {-2, -1}); });
}

AGAINST(ranges_and_reshapes) {
  const auto x = torch::arange(12).reshape({3, 4});
  value("ravel", torch::ravel(x.t()));
  value("narrow", torch::narrow(x, 1, torch::tensor(1), 2));
  value("narrow method", x.narrow(0, torch::tensor(-2), 1));
  strides("narrow_copy", x.narrow_copy(1, 1, 2));
  value("flatten", torch::flatten(torch::arange(12).reshape({2, 3, 2}), 1));
  value("flatten 0-dim", torch::flatten(torch::tensor(3)));
  value("unflatten", torch::arange(12).reshape({2, 6}).unflatten(1, {2, -1}));
  value("squeeze", torch::ones({1, 2, 1}).squeeze(0));
  value("squeeze large", torch::ones({1, 2, 1}).squeeze(1));
  value("expand", torch::ones({1, 2}).expand({3, -1, 2}));
  value("expand to nothing", torch::ones({1, 2}).expand({0, 2}));
  value("view as bytes", torch::ones({2}, torch::kInt).view(torch::kByte));
  value("view as float", torch::full({2}, 1065353216, torch::kInt).view(torch::kFloat));
  value("view as long", torch::ones({2, 4}, torch::kInt).view(torch::kLong));
  value("vander", torch::vander(torch::arange(1, 4)));
  value("vander N", torch::vander(real({3}), 5));
  value("vander increasing", torch::vander(torch::arange(1, 4).to(torch::kInt), 4, true));
  gradients("ravel gradient", {real({2, 3})}, AGAINST_F(torch::ravel(in[0].t())));
  gradients("narrow gradient", {real({4})}, AGAINST_F(in[0].narrow(0, torch::tensor(1), 2)));
  refuses("narrow start", [] { torch::narrow(torch::ones({2}), 0, torch::ones({1}), 1); });
  refuses("view uneven", [] { torch::ones({3}).view(torch::kDouble); });
  refuses("view across strides", [] { torch::ones({2, 2}).t().view(torch::kDouble); });
  refuses("expand", [] { torch::ones({2}).expand({3}); });
}

AGAINST(factories) {
  value("logspace", torch::logspace(-1, 2, 7, 10.0, torch::kDouble));
  value("logspace base 2", torch::logspace(0, 5, 6, 2.0, torch::kDouble));
  value("logspace one", torch::logspace(2, 3, 1, 10.0, torch::kDouble));
  value("logspace none", torch::logspace(2, 3, 0, 10.0));
  value("range", torch::range(1, 4, 0.5, torch::kDouble));
  value("range down", torch::range(3, -1, -2, torch::kDouble));
  value("range default", torch::range(0, 3, 1));
  value("range of int", torch::range(0, 5, 2, torch::kInt));
  value("linspace", torch::linspace(0, 1, 5, torch::kDouble));
  value("linspace one", torch::linspace(3, 9, 1, torch::kDouble));
  value("linspace integers", torch::linspace(0, 10, 4, torch::kLong));
  value("full_like", torch::full_like(torch::ones({2}, torch::kLong), 7));
  value("full_like dtype", torch::full_like(torch::ones({2}), 7, torch::kInt));
  value("scalar_tensor", torch::scalar_tensor(3));
  strides("empty_strided", torch::empty_strided({2, 3}, {1, 2}).zero_());
  const auto like = torch::ones({2}, torch::kInt);
  value("new_zeros", like.new_zeros({2, 1}));
  value("new_ones", like.new_ones(3, torch::kDouble));
  value("new_full", like.new_full({2}, 7));
  value("new_empty", like.new_empty({0, 2}));
  strides("new_empty_strided", like.new_empty_strided({2, 3}, {1, 2}).zero_());
  value("resize_as_", torch::ones({2, 3}).resize_as_(torch::ones({3, 1})));
  for (const bool wrap : {false, true}) {
    value(wrap ? "fill_diagonal_ wrap" : "fill_diagonal_", torch::zeros({8, 2}).fill_diagonal_(2, wrap));
    value(wrap ? "fill_diagonal_ wide wrap" : "fill_diagonal_ wide", torch::zeros({2, 3}).fill_diagonal_(2, wrap));
  }
  value("fill_diagonal_ cube", torch::zeros({2, 2, 2}).fill_diagonal_(3));
  gradients("fill_diagonal_ gradient", {real({3, 3})}, AGAINST_F((in[0] * in[0]).fill_diagonal_(1)));
  refuses("fill_diagonal_ vector", [] { torch::zeros({2}).fill_diagonal_(1); });
  refuses("range sign", [] { torch::range(0, 3, -1); });
  refuses("range step", [] { torch::range(0, 3, 0); });
}

AGAINST(questions) {
  const std::vector<torch::ScalarType> types{torch::kByte, torch::kChar,    torch::kShort, torch::kInt,
                                             torch::kLong, torch::kHalf,    torch::kFloat, torch::kDouble,
                                             torch::kBool, torch::kBFloat16};
  for (const auto a : types) {
    for (const auto b : types) {
      const std::string what = " " + std::to_string(static_cast<int>(a)) + " " + std::to_string(static_cast<int>(b));
      value("promote_types" + what, static_cast<double>(torch::promote_types(a, b)));
      value("can_cast" + what, torch::can_cast(a, b));
      value("result_type" + what, static_cast<double>(torch::result_type(torch::ones({2}, a), torch::ones({}, b))));
    }
    const std::string what = " " + std::to_string(static_cast<int>(a));
    value("result_type number" + what, static_cast<double>(torch::result_type(torch::ones({2}, a), 1.5)));
    value("result_type integer" + what, static_cast<double>(torch::result_type(2, torch::ones({2}, a))));
  }
  value("result_type numbers", static_cast<double>(torch::result_type(1, 1.5)));
  value("result_type bools", static_cast<double>(torch::result_type(true, 1)));
  const auto x = torch::ones({2, 3});
  value("numel", static_cast<double>(torch::numel(x)));
  value("size", static_cast<double>(torch::size(x, -1)));
  value("stride", static_cast<double>(torch::stride(x, 0)));
  value("is_floating_point", torch::is_floating_point(x));
  value("is_complex", torch::is_complex(x));
  value("is_signed", torch::is_signed(x.to(torch::kByte)));
  value("is_nonzero", torch::is_nonzero(torch::ones({1, 1})));
  value("is_nonzero of 0", torch::zeros({}).is_nonzero());
  value("is_same_size", torch::is_same_size(x, x.t()));
  refuses("is_nonzero of two", [] { torch::is_nonzero(torch::ones({2})); });
  refuses("is_nonzero of none", [] { torch::is_nonzero(torch::ones({0})); });
}
