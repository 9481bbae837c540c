// Padding: free functions, nn::functional and modules. Squares of the inputs give it second derivatives.
#include "case.h"

using against::gradients;
using against::integers;
using against::real;
using against::refuses;
using against::value;
namespace F = torch::nn::functional;

AGAINST(padding_functions) {
  gradients("reflection 1d", {real({2, 3, 5})}, AGAINST_F(torch::reflection_pad1d(in[0].square(), {4, 2})));
  gradients("reflection 1d channels", {real({3, 5})}, AGAINST_F(torch::reflection_pad1d(in[0].square(), {0, 3})));
  gradients("reflection 1d strided", {real({5, 3})}, AGAINST_F(torch::reflection_pad1d(in[0].square().t(), {1, 3})));
  gradients("reflection 1d negative", {real({2, 3, 5})}, AGAINST_F(torch::reflection_pad1d(in[0].square(), {-2, 3})));
  gradients("reflection 1d negative right", {real({2, 3, 5})},
            AGAINST_F(torch::reflection_pad1d(in[0].square(), {2, -1})));
  gradients("reflection 2d", {real({2, 3, 4, 5})}, AGAINST_F(torch::reflection_pad2d(in[0].square(), {4, 2, 1, 3})));
  gradients("reflection 2d channels", {real({3, 4, 5})},
            AGAINST_F(torch::reflection_pad2d(in[0].square(), {1, 2, 0, 3})));
  gradients("reflection 2d negative", {real({3, 4, 5})},
            AGAINST_F(torch::reflection_pad2d(in[0].square(), {-1, 2, 3, -1})));
  gradients("reflection 3d", {real({2, 2, 3, 4, 3})},
            AGAINST_F(torch::reflection_pad3d(in[0].square(), {2, 1, 3, 0, 2, 1})));
  gradients("reflection 3d channels", {real({2, 3, 4, 3})},
            AGAINST_F(torch::reflection_pad3d(in[0].square(), {2, 1, 3, 0, 2, 1})));
  gradients("replication 1d", {real({2, 3, 5})}, AGAINST_F(torch::replication_pad1d(in[0].square(), {7, 2})));
  gradients("replication 1d channels", {real({3, 5})}, AGAINST_F(torch::replication_pad1d(in[0].square(), {0, 3})));
  gradients("replication 1d negative", {real({2, 3, 5})}, AGAINST_F(torch::replication_pad1d(in[0].square(), {-2, 3})));
  gradients("replication 2d", {real({2, 3, 4, 5})}, AGAINST_F(torch::replication_pad2d(in[0].square(), {4, 2, 1, 6})));
  gradients("replication 2d channels", {real({3, 4, 5})},
            AGAINST_F(torch::replication_pad2d(in[0].square(), {1, 2, 0, 3})));
  gradients("replication 2d negative", {real({3, 4, 5})},
            AGAINST_F(torch::replication_pad2d(in[0].square(), {-1, 2, 3, -1})));
  gradients("replication 3d", {real({2, 2, 3, 4, 3})},
            AGAINST_F(torch::replication_pad3d(in[0].square(), {2, 1, 3, 0, 2, 1})));
  gradients("replication 3d channels", {real({2, 3, 4, 3})},
            AGAINST_F(torch::replication_pad3d(in[0].square(), {2, 1, 3, 0, 2, 1})));
  gradients("pad constant", {real({2, 3})}, AGAINST_F(torch::pad(in[0].square(), {1, 2, -1, 1}, "constant", 1.5)));
  gradients("pad reflect", {real({2, 3})}, AGAINST_F(torch::pad(in[0].square(), {1, 2}, "reflect")));
  gradients("pad replicate", {real({2, 2, 3})}, AGAINST_F(torch::pad(in[0].square(), {1, 2, 0, 1}, "replicate")));
  gradients("pad circular", {real({2, 2, 3})}, AGAINST_F(torch::pad(in[0].square(), {3, 2}, "circular")));
  gradients("pad circular 2d", {real({2, 2, 3, 4})}, AGAINST_F(torch::pad(in[0].square(), {3, 2, 1, 0}, "circular")));
  gradients("pad circular 3d", {real({2, 1, 3, 2, 3})},
            AGAINST_F(torch::pad(in[0].square(), {3, 2, 1, 0, 2, 1}, "circular")));
  gradients("pad circular negative", {real({2, 2, 5})}, AGAINST_F(torch::pad(in[0].square(), {-1, 2}, "circular")));
  gradients("pad circular negative right", {real({2, 2, 5})},
            AGAINST_F(torch::pad(in[0].square(), {2, -1}, "circular")));
  value("empty batch", torch::reflection_pad2d(torch::ones({0, 2, 3, 3}), {1, 1, 1, 1}));
  value("float", torch::replication_pad1d(torch::arange(6, torch::kFloat).reshape({2, 3}), {1, 2}));
  value("circular of integers", torch::pad(integers({1, 2, 3}, 9), {1, 2}, "circular"));
  refuses("reflection too far", [] { torch::reflection_pad1d(torch::ones({2, 3}), {3, 0}); });
  refuses("reflection 2d too far", [] { torch::reflection_pad2d(torch::ones({2, 3, 4}), {1, 1, 0, 3}); });
  refuses("reflection 3d too far", [] { torch::reflection_pad3d(torch::ones({2, 2, 3, 4}), {1, 1, 0, 1, 2, 0}); });
  refuses("reflection rank", [] { torch::reflection_pad1d(torch::ones({3}), {1, 0}); });
  refuses("reflection 2d rank", [] { torch::reflection_pad2d(torch::ones({3, 3}), {1, 0, 0, 0}); });
  refuses("reflection empty", [] { torch::reflection_pad1d(torch::ones({2, 0}), {0, 0}); });
  refuses("replication empty channels", [] { torch::replication_pad1d(torch::ones({2, 0, 3}), {1, 0}); });
  refuses("replication to nothing", [] { torch::replication_pad1d(torch::ones({2, 3}), {-2, -1}); });
  refuses("replication rank", [] { torch::replication_pad3d(torch::ones({3, 3, 3}), {1, 0, 0, 0, 0, 0}); });
  refuses("circular too far", [] { torch::pad(torch::ones({2, 2, 3}), {4, 0}, "circular"); });
  refuses("mode", [] { torch::pad(torch::ones({2, 2, 3}), {4, 0}, "mirror"); });
  refuses("odd", [] { torch::pad(torch::ones({2, 2, 3}), {4}, "reflect"); });
  refuses("too long", [] { torch::pad(torch::ones({3}), {1, 1, 1, 1}); });
  refuses("value", [] { torch::pad(torch::ones({2, 3}), {1, 1}, "reflect", 1.0); });
}

AGAINST(padding_functional) {
  gradients("constant", {real({2, 3})}, AGAINST_F(F::pad(in[0].square(), F::PadFuncOptions({1, 2}))));
  gradients("constant value", {real({2, 3})},
            AGAINST_F(F::pad(in[0].square(), F::PadFuncOptions({1, 2, 2, 0}).value(-3.5))));
  gradients("constant negative", {real({4, 3})},
            AGAINST_F(F::pad(in[0].square(), F::PadFuncOptions({1, -1, -1, -2}).value(2))));
  gradients("constant all negative", {real({4, 3})},
            AGAINST_F(F::pad(in[0].square(), F::PadFuncOptions({0, -1, -1, -2}))));
  gradients("reflect", {real({2, 3, 4})},
            AGAINST_F(F::pad(in[0].square(), F::PadFuncOptions({1, 2, 2, 1}).mode(torch::kReflect))));
  gradients("replicate", {real({2, 3, 4})},
            AGAINST_F(F::pad(in[0].square(), F::PadFuncOptions({5, 2}).mode(torch::kReplicate))));
  gradients("circular", {real({2, 3, 4, 2})},
            AGAINST_F(F::pad(in[0].square(), F::PadFuncOptions({1, 2, 2, 1}).mode(torch::kCircular))));
  refuses("value with reflect", [] {
    F::pad(torch::ones({2, 3}), F::PadFuncOptions({1, 1}).mode(torch::kReflect).value(1));
  });
  refuses("rank", [] { F::pad(torch::ones({3}), F::PadFuncOptions({1, 1}).mode(torch::kReflect)); });
  refuses("rank and pads", [] { F::pad(torch::ones({3, 3}), F::PadFuncOptions({1, 1, 1, 1}).mode(torch::kReflect)); });
}

AGAINST(padding_modules) {
  using namespace torch::nn;
  gradients("ReflectionPad1d", {real({2, 2, 4})}, AGAINST_F(ReflectionPad1d(2)(in[0].square())));
  gradients("ReflectionPad2d", {real({2, 3, 4})},
            AGAINST_F(ReflectionPad2d(ReflectionPad2dOptions({1, 1, 2, 0}))(in[0].square())));
  gradients("ReflectionPad3d", {real({1, 2, 3, 4, 2})}, AGAINST_F(ReflectionPad3d(1)(in[0].square())));
  gradients("ReplicationPad1d", {real({2, 2, 4})}, AGAINST_F(ReplicationPad1d(2)(in[0].square())));
  gradients("ReplicationPad2d", {real({2, 3, 4})}, AGAINST_F(ReplicationPad2d(2)(in[0].square())));
  gradients("ReplicationPad3d", {real({1, 2, 3, 4, 2})},
            AGAINST_F(ReplicationPad3d(ReplicationPad3dOptions({1, 2, 1, 2, 1, 2}))(in[0].square())));
  gradients("ZeroPad2d", {real({2, 3, 4})}, AGAINST_F(ZeroPad2d(ZeroPad2dOptions({1, 1, 2, 0}))(in[0].square())));
  gradients("ConstantPad1d", {real({2, 3})}, AGAINST_F(ConstantPad1d(2, 3.5)(in[0].square())));
  gradients("ConstantPad2d", {real({2, 3})},
            AGAINST_F(ConstantPad2d(ConstantPad2dOptions({3, 0, 2, 1}, 3.5))(in[0].square())));
  gradients("ConstantPad3d", {real({1, 2, 2})}, AGAINST_F(ConstantPad3d(1, -1)(in[0].square())));
}
