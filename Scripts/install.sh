#!/bin/sh
# Builds the tool for release with Swift's runtime inside, and puts it in place with its completions, its
# manual page and the Python package.
# Usage: sh Scripts/install.sh [PREFIX] [--portable]
#        sh Scripts/install.sh --uninstall [PREFIX]
#   PREFIX       by default /usr/local for root, else ~/.local
#   --portable   for all processors with 256-bit vectors (x86-64-v3) instead of this machine's
# All that it has written, and the folders that it made, are listed in PREFIX/share/atomflow/installed.txt, by
# which --uninstall goes.
set -eu

usage() {
  echo "usage: sh Scripts/install.sh [PREFIX] [--portable | --uninstall]" >&2
  exit 2
}
prefix="" processor=native uninstall=""
for argument in "$@"; do
  case "$argument" in
    --portable) processor=x86-64-v3 ;;
    --uninstall) uninstall=1 ;;
    -*) usage ;;
    *) [ -z "$prefix" ] || usage
      prefix=$argument ;;
  esac
done
if [ -z "$prefix" ]; then
  if [ "$(id -u)" -eq 0 ]; then prefix=/usr/local; else prefix=$HOME/.local; fi
fi
list=$prefix/share/atomflow/installed.txt

if [ -n "$uninstall" ]; then
  if [ ! -f "$list" ]; then
    echo "install: nothing is installed under $prefix: there is no $list" >&2
    exit 1
  fi
  # Files first, then the folders that it made, the inner ones first; others may have files in there.
  folders=$(grep '/$' "$list" | sort -r || true)
  grep -v '/$' "$list" | while IFS= read -r file; do rm -f "$prefix/$file"; done
  # Python may have compiled it in there.
  rm -rf "$prefix/share/atomflow/python"
  rm -f "$list"
  echo "$folders" | while IFS= read -r folder; do rmdir "$prefix/$folder" 2>/dev/null || true; done
  echo "removed AtomFlow from $prefix"
  exit 0
fi

root=$(cd "$(dirname "$0")/.." && pwd)
sh "$root/Scripts/dependencies.sh"
# A folder of its own: other builds have Swift's runtime beside them.
build() {
  ATOMFLOW_PROCESSOR=$processor swift build --package-path "$root" \
    --scratch-path "$root/.build/install-$processor" -c release --static-swift-stdlib \
    --product atomflow "$@"
}
build
tool=$(build --show-bin-path)/atomflow

mkdir -p "$prefix"
prefix=$(cd "$prefix" && pwd)
list=$prefix/share/atomflow/installed.txt
# The folders of a former installation stay on the list.
folders=$(grep '/$' "$list" 2>/dev/null || true)
# Names a folder and those around it that are not there.
missing() {
  folder=$1
  while [ ! -d "$prefix/$folder" ]; do
    echo "$folder/"
    folder=$(dirname "$folder")
  done
}
folders="$folders
$(missing share/atomflow)"
mkdir -p "$prefix/share/atomflow"
echo "$folders" | grep . >"$list" || true
# Puts a file in place and on the list.
place() {
  missing "$(dirname "$3")" >>"$list"
  mkdir -p "$(dirname "$prefix/$3")"
  install -m "$1" "$2" "$prefix/$3"
  echo "$3" >>"$list"
}
draft=$(mktemp)
trap 'rm -f "$draft"' EXIT
# Puts what the tool prints in place.
printed() {
  file=$1
  shift
  "$tool" "$@" >"$draft"
  place 644 "$draft" "$file"
}
place 755 "$tool" bin/atomflow
printed share/bash-completion/completions/atomflow completions bash
printed share/zsh/site-functions/_atomflow completions zsh
printed share/fish/vendor_completions.d/atomflow.fish completions fish
printed share/man/man1/atomflow.1 manual
for file in pyproject.toml README.md atomflow/py.typed $(cd "$root/Python" && echo atomflow/*.py); do
  place 644 "$root/Python/$file" "share/atomflow/python/$file"
done

echo "installed under $prefix:"
echo "  bin/atomflow                                    the tool, for the processor $processor"
echo "  share/bash-completion/completions/atomflow      completions of bash"
echo "  share/zsh/site-functions/_atomflow              completions of zsh"
echo "  share/fish/vendor_completions.d/atomflow.fish   completions of fish"
echo "  share/man/man1/atomflow.1                       the manual page"
echo "  share/atomflow/python                           the Python package"
echo "The tool needs OpenBLAS (libopenblas0) where it runs. For Python: pip install $prefix/share/atomflow/python"
case ":$PATH:" in
  *":$prefix/bin:"*) ;;
  *) echo "The folder $prefix/bin is not on your path yet." ;;
esac
