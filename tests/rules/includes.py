#!/usr/bin/env python3
"""An include points down or sideways within its folder, never up; outside libraries stay where the design has them."""
import pathlib
import re

from project import ROOT, finish, sources, without_comments

FLOORS = {
    "autograd/base": 0,
    "autograd/kernels": 1,
    "autograd/tensor": 2,
    "autograd/graph": 3,
    "autograd/ops": 4,
    "autograd/functional": 5,
    "autograd/serialize": 6,
    "nn": 7,
    "optim": 7,
    "data": 7,
    "models": 8,
    "compat": 9,
    "include": 9,
    "examples": 9,
    "bench": 9,
    "tests": 9,
}
TOP = 9
# The graph names no kernel. What only compatibility asks for is reached by its own header alone.
FORBIDDEN = {("autograd/graph", "autograd/kernels")}
MAY_INCLUDE_COMPAT = {"compat", "tests", "bench", "examples"}
COMPAT_HEADER = pathlib.Path("include/rondo/torch.h")

# Outside library: the include's beginning, and who may have it.
SOURCES_ONLY = r".*(\.cpp|-inl\.h)$"
LIBRARIES = {
    "OpenBLAS": (r"(cblas|lapacke|openblas_config)\.h$", r"autograd/kernels/" + SOURCES_ONLY),
    "Highway": (r"hwy/", r"(autograd/(kernels|ops)|tests|bench)/" + SOURCES_ONLY),
    "OpenMP": (r"omp\.h$", r"autograd/base/parallel\.cpp$|(tests|bench)/"),
    "fmt": (r"fmt/", SOURCES_ONLY),
    "Boost": (r"boost/", r"tests/"),
    "zlib": (r"zlib\.h$", r"(data|autograd/serialize)/" + SOURCES_ONLY),
    "libtorch": (r"torch/torch\.h$", r"tests/against/"),
    "CLI11": (r"CLI/", r"(examples|bench)/"),
    "Google Benchmark": (r"benchmark/", r"bench/"),
}
SYSTEM = r"(fcntl|unistd)\.h$|(sys|arpa|netinet|linux)/|cxxabi\.h$"
MOST_BLAS_FILES = 2

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def folder_of(path: pathlib.Path) -> str:
    name = path.as_posix()
    return next((folder for folder in FLOORS if name.startswith(folder + "/")), "")


def resolve(path: pathlib.Path, quote: str, name: str) -> pathlib.Path | None:
    """The project's file that an include means, or None for a library's."""
    if name.startswith("rondo/"):
        inner = pathlib.Path(name.removeprefix("rondo/"))
        return inner if (ROOT / inner).exists() else pathlib.Path("include") / name
    if quote == '"':
        beside = (ROOT / path.parent / name).resolve()
        if beside.exists():
            return beside.relative_to(ROOT)
    return None


def project_problem(path: pathlib.Path, target: pathlib.Path) -> str | None:
    if not (ROOT / target).exists():
        return "no such header"
    here, there = folder_of(path), folder_of(target)
    if not there:
        return "a header outside the floors"
    if here == there:
        return None
    if there == "compat" and here not in MAY_INCLUDE_COMPAT and path != COMPAT_HEADER:
        return f"only {COMPAT_HEADER} leads to compat"
    if (here, there) in FORBIDDEN:
        return f"{here} does not know {there}"
    if FLOORS[here] == TOP or FLOORS[there] < FLOORS[here]:
        return None
    return f"{here} is on floor {FLOORS[here]}, {there} on floor {FLOORS[there]}"


def library_problem(path: pathlib.Path, name: str) -> str | None:
    for library, (begins, allowed) in LIBRARIES.items():
        if re.match(begins, name):
            return None if re.match(allowed, path.as_posix()) else f"{library} does not belong here"
    if "/" in name and not re.match(SYSTEM, name):
        return "an unknown library"
    return None


def main() -> None:
    problems: list[str] = []
    blas_files: set[str] = set()
    files = sources()
    for path in files:
        text = without_comments((ROOT / path).read_text())
        if not folder_of(path):
            problems.append(f"{path}: in no folder of the floors")
            continue
        for match in INCLUDE.finditer(text):
            quote, name = match.groups()
            target = resolve(path, quote, name)
            problem = project_problem(path, target) if target else library_problem(path, name)
            if problem:
                line = text.count("\n", 0, match.start()) + 1
                problems.append(f"{path}:{line}: includes {name}: {problem}")
            if re.match(LIBRARIES["OpenBLAS"][0], name):
                blas_files.add(path.as_posix())
        if re.search(r"^[ \t]*#[ \t]*pragma[ \t]+omp[ \t]+(?!simd\b)", text, re.MULTILINE) and not re.match(
            LIBRARIES["OpenMP"][1], path.as_posix()
        ):
            problems.append(f"{path}: has an OpenMP pragma for threads; loops go through parallel_for")
    if len(blas_files) > MOST_BLAS_FILES:
        problems.append(f"OpenBLAS in {len(blas_files)} files, at most {MOST_BLAS_FILES}: {', '.join(sorted(blas_files))}")
    finish("includes", problems, len(files))


if __name__ == "__main__":
    main()
