#!/bin/sh
# Compares AtomFlow's Jacobians and optimizer steps with JAX, PyTorch and TensorFlow, and its PiNet and
# PiNet2 with JAX and TensorFlow.
# Usage: Benchmarks/Peers/compare.sh [--json FILE] [--rounds N] [--quick] [--cases NAME ...]
#
# The peers are installed with pip, each into an environment of its own under .build/peers, where
# they stay. One that cannot be installed is left out. The exit status is 1 if results disagree.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
folder="$root/.build/peers"
mkdir -p "$folder"

if ! command -v python3 >/dev/null 2>&1; then
  echo "compare: there is no python3." >&2
  exit 1
fi

sh "$root/Scripts/dependencies.sh"
echo "compare: building AtomFlow for release" >&2
swift build --package-path "$root" -c release --product atomflow >"$folder/build.log" 2>&1 || {
  tail -n 20 "$folder/build.log" >&2
  exit 1
}
tool=$(swift build --package-path "$root" -c release --show-bin-path)/atomflow

for peer in jax pytorch tensorflow; do
  packages="$here/requirements/$peer.txt"
  stamp="$folder/$peer/installed"
  if [ -f "$stamp" ] && cmp -s "$packages" "$stamp"; then
    continue
  fi
  echo "compare: installing $peer; this takes minutes" >&2
  rm -f "$stamp"
  if python3 -m venv "$folder/$peer" >"$folder/$peer-install.log" 2>&1 &&
    "$folder/$peer/bin/python" -m pip install --quiet --disable-pip-version-check \
      -r "$packages" >>"$folder/$peer-install.log" 2>&1; then
    cp "$packages" "$stamp"
  else
    echo "compare: $peer could not be installed; see .build/peers/$peer-install.log" >&2
  fi
done

# Nothing is left beside the scripts.
export PYTHONDONTWRITEBYTECODE=1
exec python3 "$here/compare.py" --tool "$tool" --folder "$folder" "$@"
