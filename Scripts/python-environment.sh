#!/bin/sh
# Makes .build/python, the virtual environment of the tests that compare with Python packages.
# Does nothing when it is there already. Without a package index it says so and succeeds: those
# tests are then skipped.
set -eu

packages="numpy==2.1.3 safetensors==0.4.5 tensorboard==2.18.0 setuptools==75.6.0 ase==3.29.0 ipi==3.3.1 pytest==8.3.4"

root=$(cd "$(dirname "$0")/.." && pwd)
environment="$root/.build/python"
stamp="$environment/packages.txt"

if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$packages" ]; then
  exit 0
fi

if ! command -v python3 >/dev/null 2>&1; then
  echo "python-environment: there is no python3; tests that need Python will be skipped."
  exit 0
fi

mkdir -p "$root/.build"
log="$root/.build/python-environment.log"
# shellcheck disable=SC2086  # the packages are a list of words
if python3 -m venv "$environment" >"$log" 2>&1 &&
  "$environment/bin/python3" -m pip install --quiet --disable-pip-version-check $packages \
    >>"$log" 2>&1; then
  echo "$packages" >"$stamp"
else
  echo "python-environment: the packages could not be installed, so tests that need them will be" \
    "skipped; see .build/python-environment.log."
fi
