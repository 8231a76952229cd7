#!/bin/sh
# Builds and runs the tests of the library with the address or the thread sanitizer, each in a folder of
# its own. A build takes about ten minutes on two cores.
# Usage: Scripts/sanitizers.sh address|thread [options for swift test]
set -eu

usage() {
  echo "usage: Scripts/sanitizers.sh address|thread [options for swift test]" >&2
  exit 2
}
[ $# -gt 0 ] || usage
kind=$1
shift

cd "$(dirname "$0")/.."
case "$kind" in
  # Tests end with memory in use, which is no fault: OpenBLAS keeps its buffers, the tool its catalogue.
  address) export ASAN_OPTIONS="detect_leaks=0:abort_on_error=1${ASAN_OPTIONS:+:$ASAN_OPTIONS}" ;;
  thread)
    export TSAN_OPTIONS="suppressions=$PWD/Scripts/thread-sanitizer.txt:halt_on_error=1${TSAN_OPTIONS:+:$TSAN_OPTIONS}" ;;
  *) usage ;;
esac
sh Scripts/dependencies.sh

# Fuzzing bounds its memory, of which sanitizers take much more; the tool's tests run another program.
swift test --sanitize "$kind" --scratch-path ".build-$kind-sanitizer" \
  --skip FuzzTests --skip CommandTests "$@"
