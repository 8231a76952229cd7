#!/bin/sh
# Kills runs at random moments, resumes them, and compares every file with those of a run that nobody
# killed, to the last byte. Prints a line for each round; ends with 1 if a file differs.
# Usage: Scripts/crash.sh [--kills N] [--seed S] [train [FORM] | md [FORM] | study]
#
# N (default 10) is the number of rounds for each form, or for the one that is named: train with each
# optimizer, md at constant volume and at constant pressure. A round kills its run up to three times;
# the one round of study is killed N times, with all its processes or alone.
#
# Not compared: the times in event files (their scalars are) and in report.html of a training, the column
# `rate` of md's log (atom steps a second), and the name of the directory that is part of config.json. Of
# a study, study.json is compared. ATOMFLOW names the program; without it, it is built for release.
set -eu
export LC_ALL=C

usage() {
  echo "crash: usage: Scripts/crash.sh [--kills N] [--seed S]" \
    "[train [FORM] | md [FORM] | study]" >&2
  exit 2
}

# The forms of train: a name, and what is set for it. Each optimizer of the catalogue, each form of a
# covariance and each schedule has a line; a test reads these lines.
train_forms='
ekf optimizer={ekf:{}}
ekf-element optimizer={ekf:{covariance:"element"}}
ekf-layer optimizer={ekf:{covariance:"layer",innovation:"separate"}}
ekf-node optimizer={ekf:{covariance:"node"}}
ekf-diagonal optimizer={ekf:{covariance:"diagonal"}}
ekf-kronecker optimizer={ekf:{covariance:"kronecker"}}
ekf-blocks optimizer={ekf:{covariance:{blocks:100}}}
ekf-fading optimizer={ekf:{fading:{initial:0.98,nu:0.99},wildLabels:"weigh"}}
ekf-measured optimizer={ekf:{measuredNoise:{initial:1,floor:1e-8,memory:100}}} schedule={runner:{}}
gradientEKF optimizer={gradientEKF:{}}
adam optimizer={adam:{learningRate:{exponential:{initial:1e-3,factor:0.9,every:50}},clipNorm:0.01}}
adam-plateau optimizer={adam:{plateau:{factor:0.5,patience:1}}} weights.average=0.99
adamW optimizer={adamW:{}} schedule={structures:{perStep:4}}
soap optimizer={soap:{}}
muon optimizer={muon:{}}
sgd optimizer={sgd:{momentum:0.9,clipNorm:0.1}} schedule={n2p2:{}}
spring optimizer={spring:{}}
levenbergMarquardt optimizer={levenbergMarquardt:{}} schedule={structures:{perStep:1,fixed:true}}
lbfgs optimizer={lbfgs:{}} schedule={structures:{perStep:4,fixed:true}}
'
md_forms='
nvt --thermostat langevin
npt --thermostat rescaling
'

# The names of the forms in a list like those above.
names() { printf '%s\n' "$1" | awk 'NF { print $1 }'; }

# The words of a form in a list, without its name.
words() { printf '%s\n' "$1" | awk -v form="$2" '$1 == form { $1 = ""; print }'; }

rounds=10 seed=$(date +%s) asked="" only=""
while [ $# -gt 0 ]; do
  case "$1" in
    --kills) rounds=$2; shift ;;
    --seed) seed=$2; shift ;;
    train | md | study) asked=$1 ;;
    -* | "") usage ;;
    *) [ -n "$asked" ] || usage
      only=$1 ;;
  esac
  shift
done

if [ -n "$only" ]; then
  if [ "$asked" = train ]; then list=$train_forms; else list=$md_forms; fi
  if [ "$asked" = study ] || ! names "$list" | grep -qFx -e "$only"; then
    echo "crash: $asked has no form '$only'; train has" $(names "$train_forms") "and md" \
      $(names "$md_forms") >&2
    exit 2
  fi
fi

root=$(cd "$(dirname "$0")/.." && pwd)
if [ -z "${ATOMFLOW:-}" ]; then
  (cd "$root" && swift build -c release)
  ATOMFLOW=$(cd "$root" && swift build -c release --show-bin-path)/atomflow
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
failures=0
state=$seed

# Sets `random` to a number from 0 to $1 - 1.
draw() {
  state=$(((state * 1103515245 + 12345) % 2147483648))
  random=$((state / 65536 % 32768 * $1 / 32768))
}

milliseconds() { date +%s%3N; }

# Each kind of run is four functions: FORM is its variant, DIRECTORY its folder, which is empty at a start.
#   KIND_start FORM DIRECTORY      replaces this shell by the run
#   KIND_resume FORM DIRECTORY     replaces this shell by the rest of the run
#   KIND_begun DIRECTORY           whether the run can be resumed; before that it is started again
#   KIND_content DIRECTORY OUTPUT  copies all files, without what the clock decides, to a new folder

train_start() {
  form=$1 directory=$2
  set -f -- # Brackets and stars in settings are no names of files.
  for setting in $(words "$train_forms" "$form"); do set -- "$@" --set "$setting"; done
  exec "$ATOMFLOW" train "$root/Examples/water-ekf.json" --data "$folder/water.extxyz" \
    -d "$directory" --steps 300 --force --set "network.behlerParrinello.hidden=[10,10]" \
    --set run.evaluateEvery=25 --set run.checkpointEvery=20 --set run.logEvery=10 "$@"
}

train_resume() { exec "$ATOMFLOW" train -d "$2" --resume; }

train_begun() { [ -e "$1/checkpoint/state.safetensors" ]; }

train_content() {
  cp -r "$1" "$2"
  rm -f "$2"/events.out.tfevents.* "$2/report.html"
  if command -v python3 >/dev/null; then
    python3 "$root/Scripts/event-content.py" "$1" >"$2/events.txt"
  fi
}

md_start() {
  mkdir -p "$2"
  exec "$ATOMFLOW" md spcfw "$folder/water.extxyz" --ensemble "$1" --temperature 300 \
    $(words "$md_forms" "$1") --steps 2000 --frame-every 30 --log-every 7 --restart-every 50 \
    -o "$2/t.extxyz" --force
}

md_resume() { exec "$ATOMFLOW" md spcfw --resume -o "$2/t.extxyz"; }

md_begun() { [ -e "$1/t.restart" ]; }

md_content() {
  cp -r "$1" "$2"
  awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) if ($i ~ /^rate/) rate = i }
    { if (rate) $rate = ""; print }' OFS=, "$1/t.csv" >"$2/t.csv"
}

# Kills a run up to three times and lets it end; prints a line and counts a failure.
round() {
  kind=$1 form=$2 number=$3 time=$4
  directory=$folder/$kind-$form-$number
  kills=""
  log=$folder/log
  attempt=start
  for _ in 1 2 3; do
    ("${kind}_$attempt" "$form" "$directory" >"$log" 2>&1) &
    run=$!
    draw "$time"
    sleep "$(awk "BEGIN { print $random / 1000 }")"
    if ! kill -9 "$run" 2>/dev/null; then
      wait "$run" || true
      break
    fi
    wait "$run" 2>/dev/null || true
    kills="$kills $random"
    if "${kind}_begun" "$directory"; then attempt=resume; else attempt=start; fi
  done
  found=""
  if ! ("${kind}_$attempt" "$form" "$directory" >"$log" 2>&1); then
    found="$attempt ends with an error: $(grep -v '^$' "$log" | tail -1)"
  else
    "${kind}_content" "$directory" "$folder/content"
    found=$(diff -rq "$folder/$kind-$form-content" "$folder/content" |
      sed "s|$folder/||g" | tr '\n' ';') || true
    rm -rf "$folder/content"
  fi
  echo "$kind $form, round $number: killed after ms:${kills:- none}; ${found:-the same}"
  if [ -n "$found" ]; then
    failures=$((failures + 1))
  fi
  rm -rf "$directory"
}

rounds_of() {
  kind=$1 form=$2
  begin=$(milliseconds)
  if ! ("${kind}_start" "$form" "$folder/$kind-$form" >"$folder/log" 2>&1); then
    cat "$folder/log" >&2
    exit 1
  fi
  time=$(($(milliseconds) - begin))
  "${kind}_content" "$folder/$kind-$form" "$folder/$kind-$form-content"
  number=1
  while [ "$number" -le "$rounds" ]; do
    round "$kind" "$form" "$number" "$time"
    number=$((number + 1))
  done
}

# A study of some seconds, killed as often as was asked for.
study_rounds() {
  "$ATOMFLOW" study "$root/Examples/study-quick.json" --scale 0.02 -d whole >log 2>&1 || {
    cat log >&2
    exit 1
  }
  "$ATOMFLOW" study "$root/Examples/study-quick.json" --scale 0.02 -d killed --slurm >log 2>&1
  number=1
  kills=""
  while [ "$number" -le "$rounds" ]; do
    setsid "$ATOMFLOW" study killed >log 2>&1 &
    run=$!
    draw 4000
    sleep "$(awk "BEGIN { print $random / 1000 }")"
    # Every second time only the study's own process: the runs then end by themselves.
    if [ $((number % 2)) -eq 0 ]; then killed=$run; else killed=$(ps -o pid= -s "$run"); fi
    kill -9 $killed 2>/dev/null || true
    wait "$run" 2>/dev/null || true
    kills="$kills $random"
    number=$((number + 1))
  done
  found="the same"
  "$ATOMFLOW" study killed >log 2>&1 || found="it ends with an error: $(tail -1 log)"
  cmp -s whole/study.json killed/study.json || found="study.json differs"
  echo "study: killed after ms:$kills; $found"
  [ "$found" = "the same" ] || failures=$((failures + 1))
}

"$ATOMFLOW" data generate --frames 12 --molecules 16 --seed 1 -o water.extxyz >log 2>&1
echo "seed $seed"
if [ "${asked:-study}" = study ]; then
  study_rounds
fi
for kind in train md; do
  [ "${asked:-$kind}" = "$kind" ] || continue
  if [ "$kind" = train ]; then list=$train_forms; else list=$md_forms; fi
  for form in ${only:-$(names "$list")}; do rounds_of "$kind" "$form"; done
done
if [ "$failures" -gt 0 ]; then
  echo "$failures rounds differ"
  exit 1
fi
