#!/bin/sh
# Installs OpenBLAS and LAPACK, on which the package is built, where they are missing: on Debian and
# Ubuntu, as root or with sudo.
set -eu

packages="libopenblas-dev liblapack-dev"

missing=""
for package in $packages; do
  if ! dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q "ok installed"; then
    missing="$missing $package"
  fi
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
  echo "dependencies: there is no apt-get; install OpenBLAS and LAPACK with their headers." >&2
  exit 1
fi
root=""
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null 2>&1; then
    echo "dependencies: as root, run: apt-get install$missing" >&2
    exit 1
  fi
  root="sudo"
fi
echo "dependencies: installing$missing"
# shellcheck disable=SC2086  # the packages are a list of words
{
  $root apt-get update -qq
  $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    $missing >/dev/null
}
