#!/bin/sh
# Takes the tool of this package through the life of a model: training by two optimizers, a resumed run,
# evaluation, prediction, molecular dynamics, ASE, graphs, and a property of its own. Less than three
# minutes on two cores after the build.
# Usage: Examples/Author/check.sh [AUTHOR ATOMFLOW]     (executables; built for release unless given)
set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
if [ $# -ge 2 ]; then
  author=$1 atomflow=$2
else
  swift build --package-path "$here" --scratch-path "$root/.build" -c release
  author=$root/.build/release/author
  (cd "$root" && swift build -c release --product atomflow)
  atomflow=$(cd "$root" && swift build -c release --show-bin-path)/atomflow
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

fail() {
  echo "check: $*" >&2
  exit 1
}
# Refuses a run whose error has not fallen below a fraction of its first value.
learnt() {
  awk -F, -v run="$1" -v name="$2.rmse" -v fraction="$3" '
    NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) column = i }
    NR == 2 { first = $column }
    END {
      printf "%s: %s from %.4g to %.4g in %d steps\n", run, name, first, $column, $1
      exit !(column && $column > 0 && $column < fraction * first)
    }' "$1/metrics.csv" || fail "$1 has not learnt"
}
train() {
  "$author" train "$@" 2>train.log >train.txt || { cat train.log >&2; fail "train $*"; }
}

echo "== data"
"$author" data generate --frames 24 --molecules 8 --seed 1 -o water.extxyz

echo "== training with two optimizers"
[ "$(diff "$here/ekf.json" "$here/adam.json" | grep -c '^> *[^/ ]')" = 1 ] ||
  fail "the configurations should differ in one line"
train "$here/adam.json" --data water.extxyz -d adam --steps 400
grep 'whole structures' train.log || fail "no plan is named"
grep 'dense' train.log && fail "a Jacobian is dense"
train "$here/ekf.json" --data water.extxyz -d ekf --steps 200
grep 'dense' train.log && fail "a Jacobian is dense"
learnt adam validation.force 0.7
learnt ekf validation.force 0.3

echo "== 50 and 50 steps are 100 steps"
for name in ekf adam; do
  train "$here/$name.json" --data water.extxyz -d whole --force --steps 100
  train "$here/$name.json" --data water.extxyz -d parts --force --steps 50
  train -d parts --resume --steps 100
  cmp whole/last/model.safetensors parts/last/model.safetensors || fail "$name does not resume"
done

echo "== evaluation, prediction, extrapolation to another box"
"$author" evaluate ekf water.extxyz
"$author" data generate --frames 1 --molecules 27 --densities 1 --temperatures 300 --seed 2 \
  -o other.extxyz
"$author" predict ekf other.extxyz -o predicted.extxyz
grep -q 'energy=.*stress=' predicted.extxyz || fail "nothing is predicted"

echo "== molecular dynamics"
tail -n 26 water.extxyz >start.extxyz
"$author" md ekf start.extxyz --ensemble nve --temperature 300 --timestep 0.25 --steps 1000 \
  --precision float64 -o nve.extxyz
"$author" md ekf start.extxyz --ensemble npt --temperature 300 --timestep 0.25 --steps 400 \
  -o npt.extxyz

echo "== serving ASE"
python=$root/.build/python/bin/python3
if [ -x "$python" ] && "$python" -c 'import ase.calculators.socketio' 2>/dev/null; then
  PYTHONPATH=$root/Python "$python" - "$author" <<'PYTHON'
import sys
import ase.io
from atomflow import AtomFlow
atoms, other = ase.io.read("other.extxyz"), ase.io.read("predicted.extxyz")
with AtomFlow("ekf", command=sys.argv[1], threads=1) as calculator:
    atoms.calc = calculator
    difference = abs(atoms.get_potential_energy() - other.get_potential_energy())
    forces = abs(atoms.get_forces() - other.get_forces()).max()
    print(f"ASE and predict differ by {difference:.1e} eV and {forces:.1e} eV/angstrom")
    assert difference < 1e-6 and forces < 1e-6
PYTHON
else
  echo "check: Python has no ASE, so serving is skipped."
fi

echo "== graphs"
"$author" graph ekf >prediction.txt
"$author" graph ekf --of training >training.txt
grep -c '' prediction.txt training.txt
"$author" graph ekf --check --structures water.extxyz
"$author" graph ekf --of training --check --structures water.extxyz
grep -E '\[structures, (atoms|pairs)' training.txt && fail "each label has all atoms or pairs in the step"

echo "== errors"
"$author" export ekf -o n2p2 2>error.txt && fail "nothing exports this model"
cat error.txt
grep -q 'messagePassing cannot be written' error.txt || fail "export says nothing of use"
"$atomflow" evaluate ekf water.extxyz 2>error.txt && fail "atomflow knows a model of this package"
cat error.txt
grep -q 'behlerParrinello.*messagePassing.*catalogue' error.txt || fail "the kinds are not listed"

echo "== a property of one's own"
# Charges of a classical model of water, and the dipoles that follow from them.
awk '
  NF == 1 { count = $1; getline header; x = y = z = 0
    sub(/Properties=[^ ]*/, "Properties=species:S:1:pos:R:3:charge:R:1", header)
    for (i = 1; i <= count; i++) { getline
      q = $1 == "O" ? -0.82 : 0.41
      atom[i] = $1 " " $2 " " $3 " " $4 " " q
      x += q * $2; y += q * $3; z += q * $4 }
    print count; printf "%s dipole=\"%.9f %.9f %.9f\"\n", header, x, y, z
    for (i = 1; i <= count; i++) print atom[i] }' water.extxyz >dipoles.extxyz
sed -e 's/messagePassing/dipole/' -e 's/force: 10/dipole: 3/' \
  -e 's/loss: .*/loss: { energy: 1, force: 0, dipole: 1 },/' "$here/ekf.json" >dipole.json
train dipole.json --data dipoles.extxyz -d dipole --steps 200
learnt dipole validation.dipole 0.1
"$author" evaluate dipole dipoles.extxyz

echo "check: all is well"
