#!/usr/bin/env python3
"""What rondo costs its users, measured on the installed static library: the stripped program of the tutorial stays under
2 MB, and a program that prints a 2x2 tensor loads no library that it does not need. The times are printed beside (the aims:
1.5 s of CPU to compile the tutorial, 3 ms to print the tensor), and not judged: they are the machine's as well.

usage: limits.py CXX PREFIX SCRATCH      (PREFIX: an installed tree; SCRATCH: a folder to build in)
"""
import os
import pathlib
import resource
import subprocess
import sys
import time

PROGRAM_BYTES = 2_000_000
# What the loader may bring in for a program that prints a tensor: each library costs start-up time, OpenBLAS most of it.
START_LIBRARIES = {"libfmt", "libstdc++", "libm", "libgomp", "libgcc_s", "libc", "libpthread", "ld-linux-x86-64",
                   "ld-linux-aarch64", "linux-vdso"}
TURNS = 3
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

    compile_seconds = min(cpu_seconds(compiling["tutorial"]) for _ in range(TURNS))
    everything = min(cpu_seconds([*compiling["tutorial"], "-include", "rondo/rondo.h"]) for _ in range(TURNS))
    start_seconds = min(wall_seconds([str(programs["program"])]) for _ in range(30))
    print(f"{compile_seconds:12.3f} seconds of CPU to compile the tutorial (aim 1.5)")
    print(f"{everything:12.3f} seconds of CPU with all of <rondo/rondo.h>")
    print(f"{start_seconds:12.5f} seconds to print a 2x2 tensor (aim 0.003)")
    size = programs["tutorial"].stat().st_size
    print(f"{size:12d} bytes of the tutorial's stripped program, at most {PROGRAM_BYTES}")
    loaded = subprocess.run(["ldd", str(programs["program"])], capture_output=True, text=True, check=True).stdout
    names = {pathlib.Path(line.split()[0]).name.split(".so")[0] for line in loaded.splitlines()}
    extra = sorted(names - START_LIBRARIES)
    print(f"libraries that printing a tensor loads: {', '.join(sorted(names))}")
    failures = []
    if size > PROGRAM_BYTES:
        failures.append(f"the tutorial's program has {size} bytes; need at most {PROGRAM_BYTES}")
    if extra:
        failures.append(f"printing a tensor loads {', '.join(extra)}; need only {', '.join(sorted(START_LIBRARIES))}")
    for failure in failures:
        print(failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
