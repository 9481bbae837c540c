#!/usr/bin/env python3
"""Every source is as clang-format 14 writes it (`./dev format`)."""
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
    problems = []
    for path in files:
        text = (ROOT / path).read_text()
        command = [FORMATTER, f"--assume-filename={ROOT / path}"]
        formatted = subprocess.run(command, input=text, capture_output=True, text=True, check=True, cwd=ROOT).stdout
        if formatted != text:
            lines = zip(text.splitlines(), formatted.splitlines())
            line = next((number for number, (old, new) in enumerate(lines, 1) if old != new), 1)
            problems.append(f"{path}:{line}: not formatted; ./dev format does it")
    finish("format", problems, len(files))


if __name__ == "__main__":
    main()
