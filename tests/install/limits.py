#!/usr/bin/env python3
"""What rondo costs its users, measured on the installed static library: a file with the tutorial compiles in 1.5 s of CPU
time, its stripped program stays under 2 MB, and a program that prints a 2x2 tensor runs in 3 ms.

usage: limits.py CXX PREFIX SCRATCH      (PREFIX: an installed tree; SCRATCH: a folder to build in)
"""
import os
import pathlib
import resource
import subprocess
import sys
import time

COMPILE_SECONDS = 1.5
# What a file with nothing but these headers takes on the machine where the limit was set, when it is quiet: where it takes
# longer, the machine is slower or busy, and the limit grows alike.
YARDSTICK = "".join(f"#include <{name}>\n" for name in ("algorithm", "iostream", "map", "memory", "string", "vector"))
YARDSTICK_SECONDS = 0.5
PROGRAM_BYTES = 2_000_000
START_SECONDS = 0.003
TURNS = 4
HERE = pathlib.Path(__file__).resolve().parent


def pkg_config(prefix: pathlib.Path, *arguments: str) -> list[str]:
    folder = next(prefix.rglob("rondo.pc")).parent
    environment = dict(os.environ, PKG_CONFIG_PATH=str(folder))
    command = ["pkg-config", "--static", *arguments, "rondo"]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout.split()


def cpu_seconds(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def wall_seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> int:
    compiler, prefix, scratch = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    scratch.mkdir(parents=True, exist_ok=True)
    flags, libraries = pkg_config(prefix, "--cflags"), pkg_config(prefix, "--libs")
    compiling, programs = {}, {}
    for name in ("program", "tutorial"):
        built, programs[name] = scratch / f"{name}.o", scratch / name
        compiling[name] = [compiler, "-O2", *flags, "-c", str(HERE / f"{name}.cpp"), "-o", str(built)]
        subprocess.run(compiling[name], check=True)
        subprocess.run([compiler, str(built), "-o", str(programs[name]), "-s", *libraries], check=True)

    yardstick = scratch / "yardstick.cpp"
    yardstick.write_text(YARDSTICK)
    compiling["yardstick"] = [compiler, "-O2", *flags, "-c", str(yardstick), "-o", str(scratch / "yardstick.o")]
    turns = [(cpu_seconds(compiling["yardstick"]), cpu_seconds(compiling["tutorial"])) for _ in range(TURNS)]
    slower = max(1.0, min(plain for plain, _ in turns) / YARDSTICK_SECONDS)
    compile_seconds = min(tutorial for _, tutorial in turns)
    start_seconds = min(wall_seconds([str(programs["program"])]) for _ in range(30))
    figures = [
        ("seconds of CPU to compile the tutorial", compile_seconds, COMPILE_SECONDS * slower),
        ("bytes of its stripped program", programs["tutorial"].stat().st_size, PROGRAM_BYTES),
        ("seconds to print a 2x2 tensor", start_seconds, START_SECONDS * slower),
    ]
    for what, value, limit in figures:
        print(f"{value:12.6g} {what}, at most {limit:g}{'' if value <= limit else ': TOO MUCH'}")
    return 0 if all(value <= limit for _, value, limit in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
