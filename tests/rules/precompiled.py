#!/usr/bin/env python3
"""A source includes what it uses, itself or by the project's headers: precompiled headers would hide that it does not."""
import pathlib
import re

from includes import INCLUDE, resolve
from project import ROOT, finish, sources, without_comments

LIBRARY = ("autograd/", "nn/", "optim/", "data/", "models/", "compat/")
# What the precompiled headers of the library (CMakeLists.txt) bring: a header, and the names that ask for it.
USES = {
    "algorithm": r"std::(sort|stable_sort|partial_sort|nth_element|copy|copy_n|fill|fill_n|reverse|rotate|find|find_if|"
    r"any_of|all_of|none_of|count|count_if|equal|max_element|min_element|minmax_element|clamp|transform|unique|remove_if|"
    r"lower_bound|upper_bound|is_sorted|max|min|swap_ranges)\(",
    "cmath": r"std::(sqrt|exp|log|log1p|expm1|pow|floor|ceil|round|isnan|isinf|isfinite|fmod|lgamma|tgamma|hypot|nearbyint|"
    r"sin|cos|tan|tanh|abs\(static_cast<double>|fabs|signbit|copysign|ldexp|frexp)\(",
    "cstring": r"std::(memcpy|memmove|memset|memcmp|strcmp|strlen)\(",
    "fmt/format.h": r"\bfmt::",
    "limits": r"std::numeric_limits<",
    "memory": r"std::(unique_ptr|shared_ptr|weak_ptr|make_unique|make_shared|enable_shared_from_this)\b",
    "optional": r"std::(optional|nullopt)\b",
    "string": r"std::(string|to_string)\b(?!_)",
    "vector": r"std::vector<",
}
# Each of these is as good.
ALSO = {"cmath": ("complex", "random"), "optional": ("variant",), "algorithm": ("ranges",)}


def reach(path: pathlib.Path, known: dict[pathlib.Path, set[str]]) -> set[str]:
    """The outside headers that a file includes, itself or by the project's headers."""
    if path in known:
        return known[path]
    known[path] = set()
    for quote, name in INCLUDE.findall(without_comments((ROOT / path).read_text())):
        target = resolve(path, quote, name)
        if target and (ROOT / target).exists():
            known[path] |= reach(target, known)
        else:
            known[path].add(name)
    return known[path]


def main() -> None:
    problems: list[str] = []
    known: dict[pathlib.Path, set[str]] = {}
    files = [path for path in sources() if path.as_posix().startswith(LIBRARY) and path.suffix == ".cpp"]
    for path in files:
        text = without_comments((ROOT / path).read_text())
        there = reach(path, known)
        for header, names in USES.items():
            used = re.search(names, text)
            if used and not there.intersection((header, *ALSO.get(header, ()))):
                line = text.count("\n", 0, used.start()) + 1
                problems.append(f"{path}:{line}: uses {used.group().rstrip('(<')}; need #include <{header}>")
    finish("precompiled", problems, len(files))


if __name__ == "__main__":
    main()
