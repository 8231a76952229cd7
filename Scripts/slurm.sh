#!/bin/sh
# Runs a small study through a Slurm of its own on this machine, requeues a task while it runs, and compares
# study.json with that of a study without Slurm, to the last byte.
# Usage: Scripts/slurm.sh
#
# Needs root and Debian's slurm-wlm and munge; without them it says so and ends with 0. ATOMFLOW names
# the program; without it, it is built for release. Ports 26817 and 26818 of this machine are taken.
set -eu
export LC_ALL=C

for program in munged slurmctld slurmd sbatch; do
  if ! command -v "$program" >/dev/null; then
    echo "slurm: skipped, since there is no $program here; apt-get install slurm-wlm munge"
    exit 0
  fi
done
if [ "$(id -u)" -ne 0 ]; then
  echo "slurm: skipped, since only root can start slurmd"
  exit 0
fi

root=$(cd "$(dirname "$0")/.." && pwd)
if [ -z "${ATOMFLOW:-}" ]; then
  (cd "$root" && swift build -c release)
  ATOMFLOW=$(cd "$root" && swift build -c release --show-bin-path)/atomflow
fi
folder=$(mktemp -d)
started=""
stop() {
  for one in $started; do kill "$one" 2>/dev/null || true; done
  for one in $started; do wait "$one" 2>/dev/null || true; done
  rm -rf "$folder"
}
trap stop EXIT
cd "$folder"

host=$(hostname -s)
mkdir state spool
dd if=/dev/urandom of=munge.key bs=1024 count=1 2>/dev/null
chmod 400 munge.key
cat >slurm.conf <<END
ClusterName=study
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldPort=26817
SlurmdPort=26818
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
SchedulerParameters=batch_sched_delay=0,sched_interval=2
MinJobAge=3600
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
END
export SLURM_CONF="$folder/slurm.conf"

munged --foreground --force --socket "$folder/munge.socket" --key-file "$folder/munge.key" \
  --pid-file "$folder/munge.pid" --log-file "$folder/munge.log" --seed-file "$folder/munge.seed" \
  >/dev/null 2>&1 &
started="$!"
slurmctld -D -c >slurmctld.log 2>&1 &
started="$started $!"
slurmd -D -c -N "$host" >slurmd.log 2>&1 &
started="$started $!"
tries=0
until sinfo --noheader --format=%T 2>/dev/null | grep -q idle; do
  tries=$((tries + 1))
  if [ "$tries" -gt 60 ]; then
    echo "slurm: skipped, since slurmctld and slurmd do not start here:"
    tail -3 munge.log slurmctld.log slurmd.log || true
    exit 0
  fi
  sleep 1
done

configuration=$root/Examples/study-quick.json
"$ATOMFLOW" study "$configuration" --scale 0.02 -d whole --jobs 2 >log 2>&1
"$ATOMFLOW" study "$configuration" --scale 0.02 -d array --slurm
sh array/job.sh

# The first simulation that runs is queued again, once.
requeued=""
tries=0
while squeue --noheader | grep -q .; do
  tries=$((tries + 1))
  if [ "$tries" -gt 1200 ]; then
    echo "slurm: the jobs do not end"
    squeue
    exit 1
  fi
  if [ -z "$requeued" ]; then
    running=$(squeue --noheader --states=RUNNING --name=study-3 --format=%F_%K | head -1)
    if [ -n "$running" ] && scontrol requeue "$running"; then requeued=$running; fi
  fi
  sleep 0.5
done
echo "requeued: ${requeued:-none}"
"$ATOMFLOW" study array --status
if ! cmp whole/study.json array/study.json; then
  echo "slurm: study.json differs"
  exit 1
fi
echo "slurm: the same study.json; the report is written: $(ls array/report.html)"
