#!/usr/bin/env python3
"""Every public header compiles alone, without warnings, includes nothing heavy, and is short once preprocessed.

The compiler is $CXX or g++; where clang++ is installed it compiles the umbrella headers, which bring in all the others.
The lines are counted as g++ 12 preprocesses them; other versions of the standard library get some slack.
"""
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from project import ROOT, finish, sources

# Heavy headers that no public header may bring in, however indirectly.
FORBIDDEN = {"functional", "iostream", "random", "regex", "ranges", "format", "cblas.h", "omp.h"}
# Programs for libtorch have std::cout from its headers.
ALLOWED = {"include/rondo/torch.h": {"functional", "iostream"}}
FORBIDDEN_FOLDERS = ("/fmt/", "/hwy/", "/boost/", "/nlohmann/")
# Most preprocessed lines, by the beginning of the header's path; the longest beginning counts.
LIMITS = {
    "autograd/base": 38_000,
    "autograd/kernels": 55_000,
    "autograd/tensor": 50_000,
    "autograd/graph": 50_000,
    "autograd/ops": 60_000,
    "autograd/functional": 60_000,
    "autograd/serialize": 66_000,
    "nn": 66_000,
    "optim": 66_000,
    "data": 66_000,
    "models": 70_000,
    "include": 76_000,
    "compat": 80_000,
    "include/rondo/torch.h": 136_000,  # with out forms, and the standard headers that programs have from libtorch
}
SLACK = 1.15  # for compilers other than g++ 12
FIRST = os.environ.get("CXX", "g++")
FLAGS = ["-std=c++20", "-Wall", "-Wextra", "-Wshadow", "-Werror", "-x", "c++"]
# Most headers bring in one of these, and most of their time goes into it. It is compiled once, ahead of them: all that a
# header includes stands before its own text in either order, and those here are compiled alone themselves.
COMMON = ["nn/module.h", "autograd/ops/methods.h", "autograd/tensor/tensor.h"]
NO_WARNING = "-Wno-init-list-lifetime"
WORST_SHOWN = 8
ERRORS_SHOWN = 3


def public_headers() -> list[pathlib.Path]:
    outside = ("examples", "bench", "tests")
    return [path for path in sources(".h") if path.parts[0] not in outside and not path.name.endswith("-inl.h")]


def include_name(path: pathlib.Path) -> str:
    return path.relative_to("include").as_posix() if path.parts[0] == "include" else f"rondo/{path.as_posix()}"


def limit_of(path: pathlib.Path) -> int:
    name = path.as_posix()
    return LIMITS[max((start for start in LIMITS if name.startswith(start)), key=len)]


def compilers(path: pathlib.Path) -> list[str]:
    second = ["clang++"] if path.parts[0] == "include" and FIRST != "clang++" and shutil.which("clang++") else []
    return [FIRST, *second]


def run(command: list[str], source: str, from_input: bool = True) -> subprocess.CompletedProcess:
    command = [*command, "-"] if from_input else command
    return subprocess.run(command, input=source, capture_output=True, text=True, check=False)


def compile_alone(compiler: str, include_dir: str, path: pathlib.Path, *only: str) -> subprocess.CompletedProcess:
    command = [compiler, *FLAGS, *only, "-I", include_dir, "-I", str(ROOT / "include")]
    return run(command, f"#include <{include_name(path)}>\n")


def brought_in(preprocessed: str) -> set[str]:
    """The forbidden headers that the text of a preprocessed header says it comes from."""
    names = set(re.findall(r'^# \d+ "([^"]+)"', preprocessed, re.MULTILINE))
    return {
        name
        for name in names
        if not name.startswith(str(ROOT))
        and (pathlib.PurePath(name).name in FORBIDDEN and "/bits/" not in name or any(f in name for f in FORBIDDEN_FOLDERS))
    }


def precompile(include_dir: str) -> dict[str, str]:
    """Where each common header stands beside its precompiled form."""
    places = {}
    for header in COMMON:
        place = pathlib.Path(include_dir) / header.replace("/", "_")
        place.write_text(f"#include <rondo/{header}>\n")
        command = [FIRST, *FLAGS[:-1], "c++-header", "-I", include_dir, "-I", str(ROOT / "include")]
        if run([*command, str(place), "-o", f"{place}.gch"], "", False).returncode == 0:
            places[header] = str(place)
    return places


def check(path: pathlib.Path, include_dir: str, common: dict[str, str], slack: float) -> tuple[int, list[str]]:
    problems = []
    first = compile_alone(FIRST, include_dir, path, "-E")
    preprocessed = first.stdout
    lines = preprocessed.count("\n")
    if lines > limit_of(path) * slack:
        problems.append(f"{path}: {lines} lines preprocessed; at most {limit_of(path)}")
    problems += [f"{path}: brings in {name}" for name in sorted(brought_in(preprocessed))
                 if pathlib.PurePath(name).name not in ALLOWED.get(path.as_posix(), ())]
    for compiler in compilers(path):
        ahead = [place for header, place in common.items() if path.as_posix() != header and f"/{header}\"" in preprocessed]
        if compiler == FIRST and first.returncode == 0 and ahead:
            # g++ forgets the pragmas of precompiled headers that turn a warning off; the library's build has this one.
            done = compile_alone(compiler, include_dir, path, "-fsyntax-only", NO_WARNING, "-include", ahead[0])
        elif compiler == FIRST and first.returncode == 0:
            done = run([FIRST, *FLAGS, "-fpreprocessed", "-fsyntax-only"], preprocessed)
        elif compiler == FIRST:
            done = first
        else:
            done = compile_alone(compiler, include_dir, path, "-fsyntax-only")
        if done.returncode != 0:
            errors = [line for line in done.stderr.splitlines() if "error:" in line][:ERRORS_SHOWN]
            problems.append("\n    ".join([f"{path}: does not compile alone with {compiler}:", *errors]))
    return lines, problems


def main() -> None:
    headers = public_headers()
    version = subprocess.run([FIRST, "-dumpversion"], capture_output=True, text=True, check=True).stdout
    slack = 1.0 if version.startswith("12") else SLACK
    with tempfile.TemporaryDirectory() as include_dir:
        (pathlib.Path(include_dir) / "rondo").symlink_to(ROOT)
        common = precompile(include_dir)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            results = list(pool.map(lambda path: check(path, include_dir, common, slack), headers))
    worst = sorted(zip((lines for lines, _ in results), headers), reverse=True)
    for lines, path in worst[:WORST_SHOWN]:
        print(f"{lines:7} of {limit_of(path):6} lines: {path}")
    finish("headers", [problem for _, problems in results for problem in problems], len(headers))


if __name__ == "__main__":
    main()
