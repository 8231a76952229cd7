#!/bin/sh
# Makes the documentation of each module as a DocC archive, .build/documentation/<module>.doccarchive,
# with the toolchain's own docc; a link that leads nowhere is an error. To look at one:
#   python3 -m http.server --directory .build/documentation/Graph.doccarchive
# and open http://localhost:8000/documentation/graph
set -eu

cd "$(dirname "$0")/.."
sh Scripts/dependencies.sh
swift build -c release
products=$(swift build -c release --show-bin-path)
target=$(uname -m)-unknown-linux-gnu

for folder in Tensor Graph Layers Atomistic Train; do
  module=$folder
  [ "$folder" = Tensor ] && module=Tensors
  symbols=.build/symbols/$module
  rm -rf "$symbols" ".build/documentation/$module.doccarchive"
  mkdir -p "$symbols" .build/documentation
  swift symbolgraph-extract -module-name "$module" -target "$target" -minimum-access-level public \
    -I "$products/Modules" -Xcc -fmodule-map-file=Sources/COpenBLAS/module.modulemap \
    -output-dir "$symbols"
  docc convert "Sources/$folder/Documentation.docc" --additional-symbol-graph-dir "$symbols" \
    --fallback-display-name "$module" --fallback-bundle-identifier "atomflow.$module" \
    --warnings-as-errors --output-path ".build/documentation/$module.doccarchive"
done
