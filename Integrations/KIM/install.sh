#!/bin/sh
# Builds a model driver for release and puts it into a collection of the KIM API.
# Usage: sh Integrations/KIM/install.sh [OPTIONS] [FOLDER]
#   FOLDER                   the folder of model drivers, by default $KIM_API_MODEL_DRIVERS_DIR or the user's
#   --package PACKAGE NAME   the driver NAME of another package, whose product has that name, instead of the
#                            driver AtomFlow of the models of this library
#   --portable               for all processors with 256-bit vectors (x86-64-v3) instead of this machine's
#   --uninstall              removes the driver
# The driver brings Swift's runtime along, so that programs find it wherever Swift is. Debian and Ubuntu
# have the KIM API as libkim-api-dev.
set -eu

usage() {
  echo "usage: sh Integrations/KIM/install.sh [--package PACKAGE NAME] [--portable | --uninstall] [FOLDER]" >&2
  exit 2
}
root=$(cd "$(dirname "$0")/../.." && pwd)
package=$root/Integrations/KIM product=kim-api-model-driver name=AtomFlow
folder="" processor=native uninstall=""
while [ $# -gt 0 ]; do
  case "$1" in
    --package)
      [ $# -ge 3 ] || usage
      package=$2 product=$3 name=$3
      shift 2 ;;
    --portable) processor=x86-64-v3 ;;
    --uninstall) uninstall=1 ;;
    -*) usage ;;
    *) [ -z "$folder" ] || usage
      folder=$1 ;;
  esac
  shift
done
folder=${folder:-${KIM_API_MODEL_DRIVERS_DIR:-}}
if [ -z "$folder" ]; then
  libexec=$(pkg-config --variable=libexecdir libkim-api 2>/dev/null || echo /usr/libexec)
  folder=$("$libexec/kim-api/kim-api-collections-info" config_file model_drivers | head -n 1)
fi
folder=${folder%%:*}
library=$folder/$name/libkim-api-model-driver.so

if [ -n "$uninstall" ]; then
  if [ ! -f "$library" ]; then
    echo "install: there is no driver $name in $folder" >&2
    exit 1
  fi
  rm "$library"
  rmdir "$folder/$name"
  echo "removed $folder/$name"
  exit 0
fi

sh "$root/Scripts/dependencies.sh"
# It uses the build of the library that Scripts/install.sh makes.
build() {
  ATOMFLOW_STATIC_RUNTIME=1 ATOMFLOW_PROCESSOR=$processor swift build --package-path "$package" \
    --scratch-path "$root/.build/install-$processor" -c release --static-swift-stdlib "$@"
}
build --product "$product"
mkdir -p "$folder/$name"
# Renamed into place: a program that has the old driver loaded keeps it.
cp "$(build --show-bin-path)/lib$product.so" "$library.new"
mv "$library.new" "$library"
echo "installed $folder/$name, a model driver for the processor $processor"
