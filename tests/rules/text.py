#!/usr/bin/env python3
"""No text of the project names a path of one machine, a package registry's host, or how the project is worked on."""
import re

from project import ROOT, finish, text_files

# The two files that must name what they look for.
EXEMPT = ("tests/rules/text.py", "tests/rules/planted.py")
RULES = {
    # Scripts that make their own folders ask mktemp, which knows where.
    "a path of one machine": r"(?<![\w$}.~/:-])/(work|tmp|home|root|mnt)/",
    "a package registry": r"\b(pypi\.org|registry\.npmjs\.org|crates\.io|deb\.debian\.org|archive\.ubuntu\.com|"
    r"proxy\.golang\.org|conda\.anaconda\.org)\b",
    "how it is worked on": r"(?i)\bissues? #?\d+\b|\b(this|the|a|each|next|last|another) session\b|\bsub-?agents?\b|"
    r"\bhelper session",
    "an unfinished place": r"\b(TODO|FIXME|XXX|HACK)\b",
}


def main() -> None:
    problems = []
    files = [path for path in text_files() if path.as_posix() not in EXEMPT]
    for path in files:
        for number, line in enumerate((ROOT / path).read_text(errors="replace").splitlines(), 1):
            for what, pattern in RULES.items():
                match = re.search(pattern, line)
                if match:
                    problems.append(f"{path}:{number}: names {what}: {match.group(0)}")
    finish("text", problems, len(files))


if __name__ == "__main__":
    main()
