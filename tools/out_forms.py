#!/usr/bin/env python3
"""Writes compat/out.h: libtorch's out forms of rondo's operations, `add_out(out, self, other)` for `add(self, other)`
and `add_outf(self, other, alpha, out)` with all arguments given.

The declarations come from the preprocessed headers of autograd/ops and autograd/tensor/factory.h; NAMES says which of
them libtorch 1.13.1 has in this form. With --check only says whether the file is up to date.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from methods import split_parameters

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = ROOT / "compat" / "out.h"
NAMES = """
abs absolute acos acosh adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool2d adaptive_max_pool3d add addbmm
addcdiv addcmul addmm addmv addr affine_grid_generator all amax amin aminmax angle any arange arccos arccosh arcsin
arcsinh arctan arctan2 arctanh argmax argmin argsort as_strided_scatter asin asinh atan atan2 atanh avg_pool2d
avg_pool3d baddbmm bernoulli binary_cross_entropy binary_cross_entropy_with_logits bincount bitwise_and
bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift bitwise_xor block_diag bmm bucketize cat ceil celu
chain_matmul channel_shuffle cholesky cholesky_inverse cholesky_solve clamp clamp_max clamp_min clip clone col2im
column_stack concat concatenate constant_pad_nd conv_tbc convolution copysign cos cosh count_nonzero cross cummax
cummin cumprod cumsum deg2rad diag diag_embed diagonal_scatter diff digamma dist div divide dot dstack elu embedding
embedding_renorm eq erf erfc erfinv exp exp2 expm1 eye fill fix flip float_power floor floor_divide fmax fmin fmod
frac fractional_max_pool2d fractional_max_pool3d frexp frobenius_norm full gather gcd ge gelu geqrf ger glu greater
greater_equal grid_sampler_2d grid_sampler_3d gt hardshrink hardsigmoid hardswish hardtanh heaviside histc histogram
hstack huber_loss hypot i0 igamma igammac im2col index index_add index_copy index_fill index_put index_reduce
index_select inner inverse isin isinf isnan isneginf isposinf kron kthvalue lcm ldexp le leaky_relu lerp less
less_equal lgamma linalg_cholesky linalg_cholesky_ex linalg_cond linalg_cross linalg_det linalg_eigh linalg_eigvalsh
linalg_householder_product linalg_inv linalg_inv_ex linalg_lstsq linalg_lu linalg_lu_factor linalg_lu_factor_ex
linalg_lu_solve linalg_matmul linalg_matrix_exp linalg_matrix_norm linalg_matrix_power linalg_matrix_rank
linalg_multi_dot linalg_norm linalg_pinv linalg_qr linalg_slogdet linalg_solve linalg_solve_ex linalg_solve_triangular
linalg_svd linalg_svdvals linalg_tensorinv linalg_tensorsolve linalg_vecdot linalg_vector_norm linear linspace log
log10 log1p log2 log_sigmoid log_softmax logaddexp logaddexp2 logcumsumexp logical_and logical_not logical_or
logical_xor logit logspace logsumexp lt lu_solve lu_unpack masked_fill masked_scatter masked_select matmul
matrix_power max max_pool2d_with_indices max_pool3d_with_indices max_unpool2d max_unpool3d maximum mean median min
minimum mish mm mode mse_loss msort mul multi_margin_loss multilabel_margin_loss multinomial multiply mv mvlgamma
nan_to_num nanmean nanmedian nansum narrow_copy ne neg negative nextafter nll_loss2d nonzero norm normal not_equal
nuclear_norm ones orgqr ormqr outer pixel_shuffle pixel_unshuffle poisson polygamma pow prelu prod put qr rad2deg rand
randint randn randperm range reciprocal reflection_pad1d reflection_pad2d reflection_pad3d relu remainder renorm
repeat_interleave replication_pad1d replication_pad2d replication_pad3d roll rot90 round row_stack rsqrt rsub
scalar_tensor scatter scatter_add scatter_reduce searchsorted segment_reduce select_scatter sgn sigmoid sign signbit
silu sin sinc sinh slice_scatter slogdet smooth_l1_loss soft_margin_loss softmax softplus softshrink sort
special_airy_ai special_bessel_j0 special_bessel_j1 special_bessel_y0 special_bessel_y1 special_chebyshev_polynomial_t
special_chebyshev_polynomial_u special_chebyshev_polynomial_v special_chebyshev_polynomial_w special_digamma
special_entr special_erf special_erfc special_erfcx special_erfinv special_exp2 special_expit special_expm1
special_gammainc special_gammaincc special_gammaln special_hermite_polynomial_h special_hermite_polynomial_he
special_i0 special_i0e special_i1 special_i1e special_laguerre_polynomial_l special_legendre_polynomial_p
special_log1p special_log_ndtr special_logit special_logsumexp special_modified_bessel_i0 special_modified_bessel_i1
special_modified_bessel_k0 special_modified_bessel_k1 special_multigammaln special_ndtr special_ndtri
special_polygamma special_psi special_round special_scaled_modified_bessel_k0 special_scaled_modified_bessel_k1
special_shifted_chebyshev_polynomial_t special_shifted_chebyshev_polynomial_u special_shifted_chebyshev_polynomial_v
special_shifted_chebyshev_polynomial_w special_sinc special_spherical_bessel_j0 special_xlog1py special_xlogy
special_zeta sqrt square stack std std_mean sub subtract sum svd symeig take take_along_dim tan tanh tensordot
threshold topk trace triangular_solve tril tril_indices triu triu_indices true_divide trunc unique_consecutive
unique_dim unique_dim_consecutive upsample_bicubic2d upsample_bilinear2d upsample_linear1d upsample_nearest1d
upsample_nearest2d upsample_nearest3d upsample_trilinear3d var var_mean vdot vstack where xlogy zero zeros
""".split()
# Those that libtorch computes first and then converts to whatever out holds, and those that do so with a number.
CONVERTED = ["norm"]
WITH_NUMBER = "add div mul rsub sub".split()
# Those that fill an out of any shape with as many elements.
COUNTED = "arange linspace logspace range".split()
# Those that compute in out's dtype where none is asked for.
IN_OUTS_DTYPE = "cumprod cumsum nansum prod sum".split()
TUPLE = re.compile(r"std::tuple<((?:Tensor(?:, )?)+)>")
FUNCTION = re.compile(r"(?:^|(?<=[;}{]))\s*(?:inline )?(?P<result>Tensor|std::tuple<[\w, ]+>) (?P<name>\w+)"
                      r"\((?P<parameters>(?:[^(){};]|\([^()]*\)|\{[^{}]*\})*)\)\s*[;{]")
SCOPE = re.compile(r"(?P<open>\{)|(?P<close>\})")


def preprocessed() -> tuple[str, list[str]]:
    """The text of the operations' headers, macros expanded, and their names."""
    with tempfile.TemporaryDirectory() as include_dir:
        (pathlib.Path(include_dir) / "rondo").symlink_to(ROOT)
        command = [os.environ.get("CXX", "g++"), "-std=c++20", "-E", "-I", include_dir, "-I", str(ROOT / "include"),
                   "-x", "c++", "-"]
        text = subprocess.run(command, input="#include <rondo/autograd.h>\n", capture_output=True, text=True,
                              check=True).stdout
    kept, headers, wanted = [], set(), False
    for line in text.splitlines():
        if mark := re.match(r'# \d+ "([^"]+)"', line):
            header = re.search(r"rondo/autograd/(ops/(?!method)\w+|tensor/factory)\.h$", mark[1])
            wanted = header is not None
            headers |= {header[0]} if header else set()
        elif wanted:
            kept.append(line)
    # Braces of default arguments are no blocks.
    return re.sub(r"= \{([^{}]*)\}", r"= <\1>", " ".join(" ".join(kept).split())), sorted(headers)


def by_namespace(text: str) -> dict[str, str]:
    """What stands directly in each namespace, the bodies of functions and classes left out."""
    found: dict[str, list[str]] = {}
    stack: list[tuple[str, bool]] = []  # the name of each open brace, and whether it is a namespace
    last = 0
    for brace in SCOPE.finditer(text):
        before = text[last:brace.start()]
        last = brace.end()
        inside = all(is_namespace for _, is_namespace in stack)
        name = "::".join(part for part, _ in stack)
        if inside:
            found.setdefault(name, []).append(before)
        if brace["open"]:
            opened = re.search(r"namespace ([\w:]+) $", before + " ") or re.search(r"namespace ([\w:]+)\s*$", before)
            stack.append((opened[1], True) if opened else ("", False))
            if inside and not opened:
                found[name].append("{")
        else:
            stack.pop()
            if all(is_namespace for _, is_namespace in stack):
                found.setdefault("::".join(part for part, _ in stack), []).append("}")
    return {name: "".join(parts) for name, parts in found.items()}


def forms(match: re.Match, flat: str, namespace: str) -> list[str]:
    """Both on one line, since what a header costs is counted in lines."""
    parameters = [re.sub(r"= <(.*)>$", r"= {\1}", parameter) for parameter in split_parameters(match["parameters"])]
    if any("B unbiased" in p for p in parameters):
        return []
    plain = [re.sub(r"\s*=.*", "", parameter) for parameter in parameters]
    passed = []
    for parameter in plain:
        word = re.search(r"(\w+)$", parameter)[1]
        passed.append(f"std::move({word})" if re.match(r"std::optional<(std::string|Generator)>", parameter) else word)
    name = match["name"]
    if name in IN_OUTS_DTYPE and passed[-1] == "dtype":
        passed[-1] = "dtype.value_or(out.scalar_type())"
    if passed and passed[-1] == "options":  # a new tensor is made as out is
        passed[-1] = "out.options()"
        parameters.pop()
        plain.pop()
    call = f"{namespace}::{name}({', '.join(passed)})"
    several = TUPLE.fullmatch(match["result"])
    outs = [f"out{i}" for i in range(several[1].count("Tensor"))] if several else ["out"]
    out_parameters = [f"Tensor& {out}" for out in outs]
    result = f"std::tuple<{', '.join(['Tensor&'] * len(outs))}>" if several else "Tensor&"
    converts = name in CONVERTED or (name in WITH_NUMBER and plain[1].startswith("Scalar"))
    write = "convert_out" if converts else "counted_out" if name in COUNTED else "write_out"
    body = f'{{ return compat::{write}("{flat}", {call}, {", ".join(outs)}); }}'
    return [f"inline {result} {name}_out({', '.join(out_parameters + parameters)}) {body} "
            f"inline {result} {name}_outf({', '.join(plain + out_parameters)}) {body}"]


def text() -> str:
    lines = []
    declarations, headers = preprocessed()
    for namespace, declared in by_namespace(declarations).items():
        prefix = {"rondo": "", "rondo::special": "special_", "rondo::linalg": "linalg_"}.get(namespace)
        if prefix is None:
            continue
        here, seen = [], set()
        for match in FUNCTION.finditer(declared):
            name = prefix + match["name"]
            if name not in NAMES:
                continue
            for form in forms(match, name, namespace):
                key = re.sub(r"\s*=[^,)]*", "", form)
                if key not in seen:
                    seen.add(key)
                    here.append(form)
        lines += [f"namespace {namespace} {{", *here, f"}}  // namespace {namespace}"]
    return ("// Operations that write into a tensor of the caller's. Written by tools/out_forms.py.\n#pragma once\n\n"
            + "".join(f"#include <{header}>\n" for header in [*headers, "rondo/compat/write_out.h"])
            + "\n// clang-format off\n" + "\n".join(lines)
            + "\n// clang-format on\n")


def main() -> None:
    wanted = text()
    if "--check" in sys.argv:
        if not TARGET.exists() or TARGET.read_text() != wanted:
            print(f"{TARGET.relative_to(ROOT)}: not what the headers say; run tools/out_forms.py")
            sys.exit(1)
        return
    TARGET.write_text(wanted)


if __name__ == "__main__":
    main()
