#!/bin/sh
# Kills runs at random moments, resumes them, and compares every file with those of a run that nobody
# killed, to the last byte. Prints a line for each round; ends with 1 if a file differs.
# Usage: Scripts/crash.sh [--kills N] [--seed S] [train|md|study]
#
# N (default 10) is the number of rounds for each form: train with the extended Kalman filter and with Adam, md
# at constant volume and at constant pressure. A round kills its run up to three times; the one round of
# study is killed N times, with all its processes or alone.
#
# Not compared: the times in event files (their scalars are) and in report.html of a training, the column
# `rate` of md's log (atom steps a second), and the name of the directory that is part of config.json. Of
# a study, study.json is compared. ATOMFLOW names the program;
# without it, it is built for release.
set -eu
export LC_ALL=C

rounds=10 seed=$(date +%s) kind=""
while [ $# -gt 0 ]; do
  case "$1" in
    --kills) rounds=$2; shift ;;
    --seed) seed=$2; shift ;;
    train | md | study) kind=$1 ;;
    *) echo "crash: usage: Scripts/crash.sh [--kills N] [--seed S] [train|md|study]" >&2
      exit 2 ;;
  esac
  shift
done

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
  exec "$ATOMFLOW" train "$root/Examples/water-$1.json" --data "$folder/water.extxyz" -d "$2" \
    --steps 300 --force --set "network.behlerParrinello.hidden=[10,10]" --set run.evaluateEvery=25 \
    --set run.checkpointEvery=20 --set run.logEvery=10
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
  case "$1" in
    nvt) set -- "$1" "$2" --thermostat langevin ;;
    npt) set -- "$1" "$2" --thermostat rescaling ;;
  esac
  form=$1 directory=$2
  shift 2
  exec "$ATOMFLOW" md spcfw "$folder/water.extxyz" --ensemble "$form" --temperature 300 "$@" \
    --steps 2000 --frame-every 30 --log-every 7 --restart-every 50 -o "$directory/t.extxyz" --force
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
if [ "$kind" = study ] || [ -z "$kind" ]; then
  study_rounds
fi
if [ "$kind" = train ] || [ -z "$kind" ]; then
  asked=$kind
  rounds_of train ekf
  rounds_of train adam
  kind=$asked
fi
if [ "$kind" = md ] || [ -z "$kind" ]; then
  rounds_of md nvt
  rounds_of md npt
fi
if [ "$failures" -gt 0 ]; then
  echo "$failures rounds differ"
  exit 1
fi
