#!/bin/sh
# Builds the model driver for release and puts it into a collection of the KIM API.
# Usage: sh Integrations/KIM/install.sh [FOLDER]
#   FOLDER   the folder of model drivers, by default $KIM_API_MODEL_DRIVERS_DIR or the user's
# The driver brings Swift's runtime along, so that programs find it wherever Swift is. Debian and Ubuntu
# have the KIM API as libkim-api-dev.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
sh "$root/Scripts/dependencies.sh"
folder=${1:-${KIM_API_MODEL_DRIVERS_DIR:-}}
if [ -z "$folder" ]; then
  libexec=$(pkg-config --variable=libexecdir libkim-api 2>/dev/null || echo /usr/libexec)
  folder=$("$libexec/kim-api/kim-api-collections-info" config_file model_drivers | head -n 1)
fi
folder=${folder%%:*}
build() {
  swift build --package-path "$root/Integrations/KIM" --scratch-path "$root/.build/install-kim" \
    -c release --static-swift-stdlib "$@"
}
build --product kim-api-model-driver
library=$(build --show-bin-path)/libkim-api-model-driver.so
mkdir -p "$folder/AtomFlow"
cp "$library" "$folder/AtomFlow/libkim-api-model-driver.so"
echo "installed $folder/AtomFlow, the driver of models of AtomFlow"
