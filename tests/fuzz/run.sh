#!/usr/bin/env bash
# run.sh SECONDS [TARGET...]: builds the fuzz targets with clang's libFuzzer and sanitizers and runs each for that long.
# Findings, and what the corpora grow by, stay in build/fuzz; a finding is a nonzero exit. The seeds are the fixtures of
# tests/serialize/data, by their ending.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
seconds=${1:?"usage: run.sh SECONDS [TARGET...]"}
shift
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then targets=(safetensors pt npz npy idx gz); fi
out=$root/build/fuzz
mkdir -p "$out/objects" "$out/include"
ln -sfn "$root" "$out/include/rondo"

# What the readers reach: memory, tensors without operations, the readers themselves.
sources=("$root"/autograd/{base,tensor,graph,serialize}/*.cpp "$root"/autograd/functional/{value,dict}.cpp
         "$root"/data/{idx,gzip}.cpp)
for target in "${targets[@]}"; do sources+=("$here/$target.cpp"); done
flags=(-std=c++20 -O1 -g -DRONDO_FUZZER -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
       -I "$out/include" -I "$root/include")
objects=() stale=()
newest=$(find "$root/autograd" "$root/data" "$here" -name '*.h' -printf '%T@ %p\n' | sort -n | tail -1 | cut -d' ' -f2-)
for source in "${sources[@]}"; do
  name=${source#"$root"/}
  object=$out/objects/${name//\//_}.o
  case $source in "$here"/*) ;; *) objects+=("$object") ;; esac
  if [ ! "$object" -nt "$source" ] || [ ! "$object" -nt "$newest" ]; then stale+=("$source" "$object"); fi
done
if [ ${#stale[@]} -gt 0 ]; then
  printf '%s\0' "${stale[@]}" |
    xargs -0 -n2 -P"$(nproc)" bash -c 'source=$1 object=$2; clang++ '"${flags[*]}"' -c "$source" -o "$object"' compile
fi

# The operations on tensors, which no reader reaches, are left out: whoever called one would crash at address 0.
fuzz() {  # fuzz TARGET
  clang++ -no-pie -fsanitize=fuzzer,address,undefined "${objects[@]}" "$out/objects/tests_fuzz_$1.cpp.o" \
    -Wl,--unresolved-symbols=ignore-all -lfmt -lz -l:libgomp.so.1 -o "$out/$1"
  mkdir -p "$out/corpus/$1" "$out/seeds/$1" "$out/findings"
  cp "$root/tests/serialize/data/"*".$1" "$out/seeds/$1"
  echo "fuzz $1: $seconds s"
  "$out/$1" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -malloc_limit_mb=64 -max_len=16384 \
    -print_final_stats=1 -verbosity=0 -artifact_prefix="$out/findings/$1-" "$out/corpus/$1" "$out/seeds/$1"
}

failed=0
for ((i = 0; i < ${#targets[@]}; i += $(nproc))); do
  jobs=()
  for target in "${targets[@]:i:$(nproc)}"; do
    fuzz "$target" >"$out/$target.log" 2>&1 &
    jobs+=("$!")
  done
  for job in "${jobs[@]}"; do wait "$job" || failed=1; done
  for target in "${targets[@]:i:$(nproc)}"; do cat "$out/$target.log"; done
done
exit $failed
