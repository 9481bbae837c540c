#!/usr/bin/env python3
"""Tests the rules: each one passes a small tree that is right, and reports each mistake that is planted in it."""
import os
import pathlib
import subprocess
import sys
import tempfile

from project import SKIP

HERE = pathlib.Path(__file__).resolve().parent
RIGHT = {
    ".clang-format": (HERE.parents[1] / ".clang-format").read_text(),
    "autograd/base/error.h": "#pragma once\n#include <string>\nvoid fail(const std::string& text);\n",
    "autograd/base/error.cpp": "#include <rondo/autograd/base/error.h>\n\n#include <fmt/format.h>\n",
    "autograd/tensor/tensor.h": "#pragma once\n#include <rondo/autograd/base/error.h>\n",
    "nn/linear.h": "#pragma once\n#include <rondo/autograd/tensor/tensor.h>\n",
    "optim/sgd.h": "#pragma once\n#include <rondo/autograd/tensor/tensor.h>\n",
    "include/rondo/nn.h": "#pragma once\n#include <rondo/nn/linear.h>\n",
    "README.md": "Sources are in https://example.org/home/rondo, not in ../home.\n",
}
# rule, what is wrong, the file, its text, a word of the report
PLANTED = [
    ("includes", "an include that points up", "autograd/base/up.h", "#include <rondo/autograd/tensor/tensor.h>\n", "floor"),
    ("includes", "a neighbour", "nn/side.h", "#include <rondo/optim/sgd.h>\n", "floor"),
    ("includes", "an umbrella from below", "models/all.h", "#include <rondo/nn.h>\n", "floor"),
    ("includes", "fmt in a public header", "nn/text.h", "#include <fmt/format.h>\n", "fmt does not belong"),
    ("includes", "BLAS outside the kernels", "nn/product.cpp", "#include <cblas.h>\n", "OpenBLAS does not belong"),
    ("includes", "a header that is not there", "nn/gone.cpp", "#include <rondo/nn/lost.h>\n", "no such header"),
    ("includes", "an unknown library", "nn/eigen.cpp", "#include <Eigen/Core>\n", "unknown library"),
    ("includes", "an OpenMP loop", "nn/loop.cpp", "#pragma omp parallel\n", "OpenMP pragma"),
    ("precompiled", "a source that lets others include", "nn/lazy.cpp", "int f() { return std::max(1, 2); }\n", "algorithm"),
    ("headers", "a header that needs another", "nn/needs.h", "#pragma once\nstd::string name();\n", "does not compile"),
    ("headers", "a shadowed name", "nn/shadow.h", "#pragma once\ninline int f(int a) { { int a = 1; return a; } }\n", "alone"),
    ("headers", "a heavy header", "nn/heavy.h", "#pragma once\n#include <functional>\n", "brings in"),
    ("headers", "a long header", "autograd/base/long.h", "#pragma once\n" + "extern int x;\n" * 60_000, "lines preprocessed"),
    ("text", "a path of one machine", "docs/a.md", "It lies in /home/someone/rondo.\n", "path of one machine"),
    ("text", "a registry", "docs/b.md", "From https://pypi.org/simple.\n", "package registry"),
    ("text", "how it is worked on", "nn/c.cpp", "// See issue #12.\n", "worked on"),
    ("text", "an unfinished place", "nn/d.cpp", "// TODO: later\n", "unfinished"),
    ("format", "a file that is not formatted", "nn/e.cpp", "int  f( ) {return 1 ;}\n", "not formatted"),
    ("length", "a long file", "nn/f.cpp", "int x;\n" * 701, "701 lines"),
]


def run(rule: str, extra: dict[str, str]) -> subprocess.CompletedProcess:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (RIGHT | extra).items():
            path = pathlib.Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        environment = dict(os.environ, RONDO_RULES_ROOT=str(pathlib.Path(folder).resolve()))
        command = [sys.executable, str(HERE / f"{rule}.py")]
        return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def main() -> None:
    problems = []
    skipped = set()
    for rule in dict.fromkeys(row[0] for row in PLANTED):
        done = run(rule, {})
        if done.returncode == SKIP:
            skipped.add(rule)
        elif done.returncode != 0:
            problems.append(f"{rule}: does not pass a tree that is right:\n{done.stdout}{done.stderr}")
    for rule, what, name, text, word in PLANTED:
        if rule in skipped:
            continue
        done = run(rule, {name: text})
        if done.returncode != 1 or name not in done.stdout or word not in done.stdout:
            problems.append(f"{rule}: does not report {what} ({name}):\n{done.stdout}{done.stderr}")
    print("\n".join(problems) or f"{len(PLANTED)} planted mistakes, each reported")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
