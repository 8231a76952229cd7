#!/bin/sh
# Runs models of AtomFlow in LAMMPS through the KIM API, in a collection of its own, and compares with the
# tool: a line for each check, and status 1 if one fails.
# Usage: sh Integrations/KIM/test.sh [--quick] [--speed]
#   --quick   without the runs of many steps and of many atoms; about two minutes after the build
#   --speed   also times LAMMPS against the tool; only meaningful while nothing else runs
# Installs libkim-api-dev, lammps and openmpi-bin where they are missing: on Debian and Ubuntu, as root or
# with sudo. Where that cannot be done it says so and ends with status 0.
set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
skip() {
  echo "kim: $*, so LAMMPS is not tested."
  exit 0
}
missing=""
for package in libkim-api-dev lammps openmpi-bin; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q "ok installed" ||
    missing="$missing $package"
done
if [ -n "$missing" ]; then
  command -v apt-get >/dev/null || skip "there is no apt-get to install$missing"
  sudo=""
  [ "$(id -u)" -eq 0 ] || sudo="sudo -n"
  # shellcheck disable=SC2086  # the packages are a list of words
  { $sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq $missing; } \
    >/dev/null 2>&1 || skip "the packages$missing cannot be installed"
fi
sh "$root/Scripts/python-environment.sh"
python=$root/.build/python/bin/python3
"$python" -c 'import ase' 2>/dev/null || skip "Python has no ASE to read files of LAMMPS with"

# Builds a product of one of the packages, all of which use the build of the library that is there. A plan
# kept from another package would not know the product.
build() {
  swift build --package-path "$1" --scratch-path "$root/.build" -c release --product "$2" \
    --disable-build-manifest-caching
}
if [ -z "${ATOMFLOW:-}" ]; then
  build "$root" atomflow
  ATOMFLOW=$root/.build/release/atomflow
fi
build "$root/Examples/Author" author
AUTHOR=$root/.build/release/author
export ATOMFLOW AUTHOR
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export KIM_API_MODEL_DRIVERS_DIR="$folder/drivers" KIM_API_PORTABLE_MODELS_DIR="$folder/models"
mkdir "$folder/drivers" "$folder/models"
# Puts the driver NAME, a product of a package, into the collection: PACKAGE PRODUCT NAME.
driver() {
  build "$1" "$2"
  mkdir "$folder/drivers/$3"
  cp "$root/.build/release/lib$2.so" "$folder/drivers/$3/libkim-api-model-driver.so"
}
driver "$here" kim-api-model-driver AtomFlow
driver "$here/Examples/AuthorDriver" AuthorDriver AuthorDriver
# Each process has one thread; Open MPI refuses to start as root otherwise.
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
cd "$folder"
"$python" "$here/Tests/checks.py" "$@"
sh "$root/Scripts/cookbook.sh" SimulationsInLAMMPS
