#!/usr/bin/env python3
"""No source file is longer than one sitting."""
from project import ROOT, finish, sources

MOST_LINES = 700


def main() -> None:
    files = sources()
    lengths = {path: (ROOT / path).read_text().count("\n") for path in files}
    problems = [f"{path}: {lines} lines; at most {MOST_LINES}" for path, lines in lengths.items() if lines > MOST_LINES]
    finish("length", problems, len(files))


if __name__ == "__main__":
    main()
