#!/bin/sh
# Runs the commands of the articles that are recipes, one after another in a folder of their own, with fewer
# steps and frames. Blocks marked `shell` are run; blocks marked `python` are the files that their first
# line names.
# Usage: Scripts/cookbook.sh [ARTICLE...]     (ATOMFLOW names the executable; built for release unless given)
# A recipe whose programs are not installed is passed over with a sentence.
set -eu
export LC_ALL=C

root=$(cd "$(dirname "$0")/.." && pwd)
if [ -z "${ATOMFLOW:-}" ]; then
  (cd "$root" && swift build -c release --product atomflow)
  ATOMFLOW=$(cd "$root" && swift build -c release --show-bin-path)/atomflow
fi
PATH=$root/.build/python/bin:$(dirname "$ATOMFLOW"):$PATH
export PATH
python3 -c 'import ase' 2>/dev/null || {
  echo "cookbook: Python has no ASE, so no recipe is run."
  exit 0
}
[ $# -gt 0 ] || set -- FromElectronicStructureToTraining ACommittee PathIntegrals SimulationsInLAMMPS

# What a recipe needs beyond the tool and ASE.
missing() {
  case "$1" in
    PathIntegrals) command -v i-pi >/dev/null || echo "i-PI" ;;
    SimulationsInLAMMPS)
      command -v lmp >/dev/null && command -v mpirun >/dev/null || echo "LAMMPS"
      [ -n "${KIM_API_MODEL_DRIVERS_DIR:-}" ] || echo "a collection of the KIM API" ;;
  esac
}

# Splits an article into commands.sh and the files of Python.
split() {
  awk '
    /^```shell$/ { mode = "shell"; next }
    /^```python$/ { mode = "python"; name = ""; next }
    /^```/ { mode = ""; next }
    mode == "shell" { print > "commands.sh" }
    mode == "python" { if (name == "") name = $2; print > name }' "$1"
  # Small sizes: commands that train or move atoms take few steps.
  sed -i -e 's/--steps [0-9]*/--steps 20 --set run.evaluateEvery=20 --set run.checkpointEvery=20/' \
    -e 's/--frames [0-9]*/--frames 4/' -e 's/-var steps [0-9]*/-var steps 10/' commands.sh
}

export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
for name in "$@"; do
  lacking=$(missing "$name")
  if [ -n "$lacking" ]; then
    echo "cookbook: $name is passed over: there is no $(echo $lacking)."
    continue
  fi
  folder=$(mktemp -d)
  (
    cd "$folder"
    split "$root"/Sources/*/Documentation.docc/"$name".md
    cp -r "$root/Examples" Examples
    mkdir -p Integrations/KIM
    cp -r "$root/Integrations/KIM/Examples" Integrations/KIM/Examples
    sed -i 's/<total_steps>[0-9]*/<total_steps>4/' Examples/IPI/*.xml
    # Stand-ins for outputs of programs of electronic structure: files that ASE reads, with labels.
    mkdir calculations
    atomflow data generate --frames 10 --molecules 8 --seed 1 -o calculations/water.extxyz >log 2>&1
    set -e
    sh -e commands.sh >>log 2>&1
  ) || {
    echo "cookbook: $name has failed:" >&2
    tail -n 20 "$folder/log" >&2
    exit 1
  }
  echo "cookbook: $name: $(wc -l <"$folder/commands.sh") commands"
  rm -rf "$folder"
done
