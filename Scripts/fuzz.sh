#!/bin/sh
# Feeds damaged files and messages to the readers until one of them crashes, hangs, takes too much memory
# or refuses without a sentence. The readers and their limits are in Tests/FuzzTests.
# Usage: Scripts/fuzz.sh [READER] [--seconds S | --inputs N] [--seed S [--resume]]
#        Scripts/fuzz.sh READER --replay FILE
#
# READER is extxyz, runner, npy, deepmd, configuration, assignment, safetensors, model, n2p2, restart,
# metrics, checkpoint or i-pi; without one each has the seconds (60) or inputs for itself. The input that
# was being read at a crash is left in .build/fuzz, and the number that each reader has come to: --resume
# goes on from there, with the same seed, to N inputs in all.
#
# It builds as the tests do: the libraries are optimised there as well, and their checks stay on. The
# inputs are not guided by coverage. Swift's -sanitize=fuzzer would do that, on Linux too, but it brings a
# main function of its own, so that each reader would have to be a program beside the package.
set -eu

reader="" seconds="" inputs="" seed="" replay="" resume=""
while [ $# -gt 0 ]; do
  case "$1" in
    --seconds | --inputs | --seed | --replay)
      if [ $# -lt 2 ]; then
        echo "fuzz: $1 needs a value" >&2
        exit 2
      fi ;;
  esac
  case "$1" in
    --seconds) seconds=$2; shift ;;
    --inputs) inputs=$2; shift ;;
    --seed) seed=$2; shift ;;
    --replay) replay=$(realpath "$2"); shift ;;
    --resume) resume=1 ;;
    -*) echo "fuzz: there is no option $1; usage: Scripts/fuzz.sh [READER] [--seconds S | --inputs N]" \
      "[--seed S [--resume]]" >&2
      exit 2 ;;
    *) reader=$1 ;;
  esac
  shift
done
if [ -n "$replay" ] && [ -z "$reader" ]; then
  echo "fuzz: --replay needs the name of a reader" >&2
  exit 2
fi
if [ -n "$resume" ] && [ -z "$seed" ]; then
  echo "fuzz: --resume needs the seed of the run to go on with" >&2
  exit 2
fi
if [ -z "$seed" ]; then seed=$(date +%s); fi
if [ -z "$seconds$inputs$replay" ]; then seconds=60; fi

cd "$(dirname "$0")/.."
sh Scripts/dependencies.sh
mkdir -p .build/fuzz
echo "seed $seed"
# Files that readers open lie in memory: some are written with their bytes on the disk before they are read.
if [ -d /dev/shm ]; then export TMPDIR=/dev/shm; fi
# Nearly every input is refused by an error, and to note where each error was thrown, as Swift Testing
# does, takes most of the time.
export SWT_SWIFT_ERROR_BACKTRACING_ENABLED=0
ATOMFLOW_FUZZ_READER=$reader ATOMFLOW_FUZZ_SECONDS=$seconds ATOMFLOW_FUZZ_INPUTS=$inputs \
  ATOMFLOW_FUZZ_SEED=$seed ATOMFLOW_FUZZ_RESUME=$resume ATOMFLOW_FUZZ_REPLAY=$replay \
  ATOMFLOW_FUZZ_FOLDER="$PWD/.build/fuzz" \
  swift test --filter FuzzTests/reading
