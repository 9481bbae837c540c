#!/usr/bin/env python3
"""Every source is as clang-format 14 writes it (`./dev format`)."""
import re
import shutil
import subprocess
import sys

from project import ROOT, SKIP, finish, sources

FORMATTER = "clang-format-14"


def main() -> None:
    if not shutil.which(FORMATTER):
        print(f"skipped, {FORMATTER} is not installed (./dev format installs it)")
        sys.exit(SKIP)
    files = sources()
    command = [FORMATTER, "--dry-run", "-Werror", *map(str, files)]
    report = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False).stderr
    first_lines = dict(reversed(re.findall(r"^([^\s:]+):(\d+):\d+: error:", report, re.MULTILINE)))
    problems = [f"{path}:{line}: not formatted; ./dev format does it" for path, line in sorted(first_lines.items())]
    finish("format", problems, len(files))


if __name__ == "__main__":
    main()
