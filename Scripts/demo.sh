#!/bin/sh
# From an empty folder to a trained potential of water, twice: once with the extended Kalman filter,
# once with Adam; then both side by side, and a study of both with the potential that made the data as the
# truth. Takes some ten minutes on two cores after the build.
# Usage: Scripts/demo.sh [--quick] [FOLDER]     (ATOMFLOW_DEMO_SIZE=quick is the same as --quick)
set -eu
export LC_ALL=C

size=${ATOMFLOW_DEMO_SIZE:-full}
folder=""
for argument in "$@"; do
  case "$argument" in
    --quick) size=quick ;;
    -*) echo "demo: there is no option $argument; usage: Scripts/demo.sh [--quick] [FOLDER]" >&2
      exit 2 ;;
    *) folder=$argument ;;
  esac
done
case "$size" in
  full) frames=120 molecules=32 ekf_steps=2000 adam_steps=10000 scale=1 ;;
  quick) frames=12 molecules=16 ekf_steps=60 adam_steps=300 scale=0.01 ;;
  *) echo "demo: ATOMFLOW_DEMO_SIZE should be full or quick, but is '$size'" >&2
    exit 2 ;;
esac

root=$(cd "$(dirname "$0")/.." && pwd)
folder=${folder:-$root/.build/demo}
sh "$root/Scripts/dependencies.sh"
(cd "$root" && swift build -c release)
atomflow=$(cd "$root" && swift build -c release --show-bin-path)/atomflow

rm -rf "$folder/ekf" "$folder/adam" "$folder/study"
mkdir -p "$folder"
cd "$folder"

echo "== 1. Water, labelled by the classical model SPC/Fw"
"$atomflow" data generate --frames "$frames" --molecules "$molecules" --densities 0.9,1.0,1.1 \
  --temperatures 300,400 --seed 1 -o water.extxyz
"$atomflow" data info water.extxyz

echo "== 2. The same network, trained with two optimizers"
train() {
  name=$1 steps=$2
  started=$(date +%s)
  "$atomflow" train "$root/Examples/water-$name.json" --data water.extxyz -d "$name" \
    --steps "$steps" --set "run.evaluateEvery=$((steps / 10))" \
    --set "run.checkpointEvery=$steps" --set "run.logEvery=$((steps / 10))"
  echo "$name: $steps steps in $(($(date +%s) - started)) s"
}
train ekf "$ekf_steps"
train adam "$adam_steps"

echo "== 3. Learning curves: root mean square errors of validation, meV/atom and meV/angstrom"
# Prints the columns of one metrics.csv by their names, where they were validated.
curve() {
  awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    {
      energy = $column["validation.energy.rmse"]; force = $column["validation.force.rmse"]
      if (energy != "" && force != "")
        printf "%s %.3f %.1f\n", $column["step"], 1000 * energy, 1000 * force
    }' "$1/metrics.csv"
}
curve ekf >ekf.curve
curve adam >adam.curve
printf '%-30s | %s\n' "EKF" "Adam"
printf '%8s %10s %10s | %8s %10s %10s\n' step energy force step energy force
paste -d '|' ekf.curve adam.curve | awk -F '|' '
  {
    split($1, e, " "); split($2, a, " ")
    printf "%8s %10s %10s | %8s %10s %10s\n", e[1], e[2], e[3], a[1], a[2], a[3]
  }'

echo "== 4. Errors on all structures"
for name in ekf adam; do
  echo "$name"
  "$atomflow" evaluate "$name" water.extxyz
done

echo "== 5. Energies and forces of structures without labels"
"$atomflow" predict ekf water.extxyz -o predicted.extxyz

echo "== 6. Are errors all that counts? The same simulations with both and with the truth"
"$atomflow" study "$root/Examples/study-quick.json" -d study --scale "$scale" --jobs 2

echo
echo "All files are in $folder:"
echo "  water.extxyz                  the structures with their labels"
echo "  ekf/, adam/                   configuration, weights, checkpoint, metrics.csv of each run"
echo "  predicted.extxyz              energies and forces of the network that EKF trained"
echo "  study/report.html             the comparison of both optimizers, for a browser"
