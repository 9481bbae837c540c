#!/usr/bin/env python3
"""Writes the methods of Tensor that forward to free functions: each declaration marked RONDO_METHOD in a header of
autograd/ops gives a method of the same name.

    RONDO_METHOD Tensor lerp(const Tensor& self, const Tensor& end, Scalar weight);

becomes `x.lerp(end, weight)`; a function that takes `Tensor& self` works in place and becomes a const method. Writes
autograd/tensor/method_list.inc (the declarations) and autograd/ops/method_bodies.h; with --check only says whether they
are up to date.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
OPS = ROOT / "autograd" / "ops"
DECLARATIONS = ROOT / "autograd" / "tensor" / "method_list.inc"
BODIES = OPS / "method_bodies.h"
DECLARATION = re.compile(r"^RONDO_METHOD\s+(?P<result>[\w:<>,&\s]+?)\s*(?P<name>\w+)\((?P<parameters>[^;]*)\);", re.M)


def split_parameters(text: str) -> list[str]:
    """At commas that stand in no bracket."""
    parts, depth, start = [], 0, 0
    for i, c in enumerate(text):
        depth += c in "(<{["
        depth -= c in ")>}]"
        if c == "," and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    return [" ".join(part.split()) for part in [*parts, text[start:]] if part.strip()]


def method(match: re.Match, header: str) -> tuple[str, str]:
    result = " ".join(match["result"].split())
    name = match["name"]
    first, *rest = split_parameters(match["parameters"])
    if first not in ("const Tensor& self", "Tensor& self"):
        sys.exit(f"{header}: {name}: the first parameter is '{first}'; need 'const Tensor& self' or 'Tensor& self'")
    plain = [re.sub(r"\s*=.*", "", parameter) for parameter in rest]
    names = [re.search(r"(\w+)$", parameter)[1] for parameter in plain]
    types = [parameter[: -len(word)].strip() for parameter, word in zip(plain, names)]
    passed = [f"std::move({word})" if re.match(r"(std::optional|std::string$|std::vector)", kind) else word
              for kind, word in zip(types, names)]
    this = "*this" if first.startswith("const") else "const_cast<Tensor&>(*this)"
    declaration = f"{result} {name}({', '.join(rest)}) const;"
    body = (f"inline {result} Tensor::{name}({', '.join(plain)}) const "
            f"{{ return rondo::{name}({', '.join([this, *passed])}); }}")
    return declaration, body


def texts() -> tuple[str, str]:
    declarations, bodies, includes = [], [], []
    for header in sorted(OPS.glob("*.h")):
        found = [method(match, header.name) for match in DECLARATION.finditer(header.read_text())]
        if found:
            declarations.append(f"// {header.name}")
            declarations += [declaration for declaration, _ in found]
            bodies += [body for _, body in found]
            includes.append(f"#include <rondo/autograd/ops/{header.name}>")
    note = "// Written by tools/methods.py from the declarations marked RONDO_METHOD.\n"
    return ("// clang-format off\n" + note + "\n".join(declarations) + "\n// clang-format on\n",
            note + "#pragma once\n\n" + "\n".join(includes)
            + "\n\n// clang-format off\nnamespace rondo {\n\n" + "\n".join(bodies)
            + "\n\n}  // namespace rondo\n// clang-format on\n")


def main() -> None:
    wanted = dict(zip((DECLARATIONS, BODIES), texts()))
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text() != text]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.relative_to(ROOT)}: not what the headers say; run tools/methods.py")
        sys.exit(1 if stale else 0)
    for path in stale:
        path.write_text(wanted[path])


if __name__ == "__main__":
    main()
