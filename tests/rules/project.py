"""What the rule scripts share: the project's files, and how a script ends."""
import os
import pathlib
import re
import sys

# The project, or the small tree with planted mistakes that planted.py gives.
ROOT = pathlib.Path(os.environ.get("RONDO_RULES_ROOT", pathlib.Path(__file__).resolve().parents[2]))
SOURCE_FOLDERS = ("autograd", "nn", "optim", "data", "models", "compat", "include", "examples", "bench", "tests")
SKIP = 77  # what CTest is told to take for a skip


def sources(*suffixes: str) -> list[pathlib.Path]:
    """The C++ files below the source folders, relative to the root, in order."""
    found = (path for folder in SOURCE_FOLDERS for path in (ROOT / folder).rglob("*"))
    return sorted(path.relative_to(ROOT) for path in found if path.suffix in (suffixes or (".h", ".cpp")))


def text_files() -> list[pathlib.Path]:
    """Every text file of the project, relative to the root: all but the build folder and git's own."""
    found = (path for path in ROOT.rglob("*") if path.is_file() and not path.is_symlink())
    kept = (path.relative_to(ROOT) for path in found)
    return sorted(path for path in kept if path.parts[0] not in (".git", "build") and is_text(ROOT / path))


def is_text(path: pathlib.Path) -> bool:
    return b"\0" not in path.read_bytes()[:4096]


def without_comments(text: str) -> str:
    """C++ text with comments blanked out, its lines kept."""
    blank = lambda match: match.group(0) if match.group(0)[0] == '"' else re.sub(r"[^\n]", " ", match.group(0))
    return re.sub(r'"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/', blank, text, flags=re.DOTALL)


def finish(rule: str, problems: list[str], looked_at: int) -> None:
    """Prints the problems and ends the script; a rule that found nothing to look at has not held, it has not run."""
    for problem in problems:
        print(problem)
    print(f"{rule}: {looked_at} files, {len(problems)} problems")
    sys.exit(1 if problems or not looked_at else 0)
