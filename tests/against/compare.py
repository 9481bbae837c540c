#!/usr/bin/env python3
"""Runs two programs that were built from the same cases and compares what they print: compare.py OURS REFERENCE.

Labels, dtypes and sizes must be equal, numbers equal to 1e-9 of their size; those of narrower floating point types to
some units in their last place. Prints the number of lines compared.
"""
import math
import os
import pathlib
import subprocess
import sys

RELATIVE, ABSOLUTE = 1e-9, 1e-11
# By the number of the dtype: float16, float32, bfloat16.
NARROW = {"5": 2e-3, "6": 1e-6, "15": 1.6e-2}
MOST_SHOWN = 60


def lines_of(program: str) -> dict[str, str]:
    environment = {**os.environ, "RONDO_SOURCE_DIR": str(pathlib.Path(__file__).resolve().parents[2])}
    run = subprocess.run([program], capture_output=True, text=True, check=False, env=environment)
    sys.stderr.write(run.stderr)
    if run.returncode != 0:
        sys.exit(f"{program}: ended with {run.returncode}")
    result = {}
    for line in run.stdout.splitlines():
        label, _, rest = line.rpartition(": ")
        if rest == "unexpected exception":
            sys.exit(f"{program}: {line}: the case ended there")
        if label in result:
            sys.exit(f"{program}: the label '{label}' comes twice")
        result[label] = rest
    return result


def same(ours: str, reference: str) -> bool:
    head, _, numbers = ours.rpartition(")")
    other_head, _, other_numbers = reference.rpartition(")")
    a, b = numbers.split(), other_numbers.split()
    if head != other_head or len(a) != len(b):
        return False
    relative = NARROW.get(head.partition(" ")[0], RELATIVE) if "(" in head else RELATIVE
    for x, y in zip(a, b):
        if x == y:
            continue
        try:
            if not math.isclose(float(x), float(y), rel_tol=relative, abs_tol=ABSOLUTE):
                return False
        except ValueError:
            return False
    return True


def main() -> None:
    ours, reference = (lines_of(program) for program in sys.argv[1:3])
    problems = []
    for label in {**reference, **ours}:
        if label not in ours or label not in reference:
            problems.append(f"{label}: only one of the two prints it")
        elif not same(ours[label], reference[label]):
            problems.append(f"{label}\n  ours:      {ours[label][:400]}\n  reference: {reference[label][:400]}")
    for problem in problems[:MOST_SHOWN]:
        print(problem)
    print(f"{len(ours)} lines compared, {len(problems)} differ")
    sys.exit(1 if problems or not ours else 0)


if __name__ == "__main__":
    main()
