"""Times AtomFlow and its peers in turn on the same numbers, and prints how many times faster it is.

Started by compare.sh, which installs the peers and writes the workload. Each case is timed in many
short turns, a second or two for all together: a machine that others use, too, is slow for some seconds
at a time, and so much alike for all.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
from pathlib import Path

CASES = [
    "jacobian-energy-1", "jacobian-energy-64", "jacobian-force-10", "jacobian-force-100",
    "ekf-energy-1", "ekf-force-10", "adam-energy-1", "adam-force-10",
    "pinet-potential", "pinet-adam-structures-10", "pinet2-potential", "pinet2-adam-structures-10",
]
MEMORY = ["pinet-adam-structures-10", "pinet2-adam-structures-10"]  # the peak of memory counts, too
PREPARATION = ["batch-energy-1", "batch-force-10"]
THREADS = 2
TOLERANCE = 1e-4
HERE = Path(__file__).parent


class Peer:
    """A running peer: it answers one JSON object for each that it is given."""

    def __init__(self, name, python, workload, log):
        environment = os.environ | {
            "ATOMFLOW_BENCH_THREADS": str(THREADS),
            "OMP_NUM_THREADS": str(THREADS),
            "TORCHINDUCTOR_CACHE_DIR": str(log.parent / "inductor"),
        }
        self.name, self.start = name, (name, python, workload, log)
        self.process = subprocess.Popen(
            [python, str(HERE / f"{name}_peer.py"), workload], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=open(log, "w"), text=True, env=environment)
        self.variants = {}  # case -> variants that agree
        self.times = {}  # (case, variant) -> milliseconds of each round
        self.errors = {}  # case -> largest error of a variant that runs
        self.answer()

    def answer(self):
        return receive(self.process, self.name)

    def ask(self, **command):
        send(self.process, json.dumps(command))
        return self.answer()

    def prepare(self, case, seconds, only=None):
        """Checks all variants of a case and keeps those near the best, or only the named one."""
        form = None
        if case.startswith("ekf"):
            form = self.best(case.replace("ekf", "jacobian"))
            form = form and form[1]
        answers = self.ask(case=case, form=form)
        if not answers:
            note(f"{self.name} has no {case}")
        agreeing = []
        for variant, error in answers.items():
            if isinstance(error, float) and error <= TOLERANCE:
                agreeing.append(variant)
            else:
                note(f"{self.name}: '{variant}' of {case} is left out: {error}")
        if only in agreeing:
            agreeing = [only]
        times = self.ask(case=case, variants=agreeing, seconds=seconds)
        best = min(times.values(), default=0)
        self.variants[case] = [v for v in agreeing if times[v] < 1.5 * best]
        self.errors[case] = max((e for e in answers.values() if isinstance(e, float)), default=None)
        for variant in self.variants[case]:
            self.times[case, variant] = [times[variant]]

    def time(self, case, seconds):
        answers = self.ask(case=case, variants=self.variants[case], seconds=seconds)
        for variant, time in answers.items():
            self.times[case, variant].append(time)

    def memory(self, case):
        """The peak of memory of the best variant's steps, in a process of its own; None without one."""
        best = self.best(case)
        if not best:
            return None
        alone = Peer(*self.start)
        answer = alone.ask(case=case, memory=best[1])
        alone.end()
        return answer[best[1]]

    def end(self):
        self.process.stdin.close()
        self.process.wait()

    def forget_preparation(self):
        """Drops the times of the choice, so that only those in turn with AtomFlow's count."""
        for times in self.times.values():
            del times[0]

    def best(self, case):
        """The median and the name of the best variant."""
        medians = [
            (statistics.median(times), variant)
            for (name, variant), times in self.times.items()
            if name == case and times
        ]
        return min(medians, default=None)


class AtomFlow:
    """The tool, which measures each case that it is asked for."""

    def __init__(self, tool, quick, cases):
        self.tool = tool
        command = [tool, "bench", "--in-turn", "--threads", str(THREADS)]
        self.process = subprocess.Popen(
            command + (["--quick"] if quick else []), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        try:
            self.machine = receive(self.process, "AtomFlow")
        except EOFError:
            sys.exit("compare: AtomFlow has ended before its first measurement")
        self.times = {name: [] for name in cases}

    def time(self, case):
        try:
            send(self.process, case)
            answer = receive(self.process, "AtomFlow")
        except (EOFError, BrokenPipeError):
            sys.exit("compare: AtomFlow has ended before its measurements were done")
        self.times[case].append(1e3 * answer["time"]["median"])

    def memory(self, case):
        """The peak of memory of a case in bytes, in a process of its own."""
        command = [self.tool, "bench", case, "--json", "--quick", "--threads", str(THREADS)]
        report = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return json.loads(report.stdout)["measurements"][0].get("peakMemory")

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def send(process, line):
    process.stdin.write(line + "\n")
    process.stdin.flush()


def receive(process, name):
    line = process.stdout.readline()
    if not line:
        raise EOFError(f"{name} has ended")
    return json.loads(line)


def note(text):
    print(text, file=sys.stderr, flush=True)


def start_peers(folder, workload):
    peers = []
    for name in ["jax", "pytorch", "tensorflow"]:
        if not (folder / name / "installed").exists():
            note(f"{name} is not installed and is left out")
            continue
        try:
            peers.append(Peer(name, folder / name / "bin/python", workload, folder / f"{name}.log"))
        except EOFError as error:
            note(f"{error}; see {folder / f'{name}.log'}")
    return peers


def each(peers, action):
    """Does something with each peer; one that ends is left out from then on."""
    for peer in list(peers):
        try:
            action(peer)
        except (EOFError, BrokenPipeError) as error:
            note(f"{peer.name}: {error}; it is left out")
            peers.remove(peer)


def prepare(options, cases, seconds):
    """The peers that run, with the variants of each case that agree with AtomFlow's results."""
    workload = str(options.folder / "workload.safetensors")
    subprocess.run(
        [options.tool, "bench", "--write-workload", workload, "--threads", str(THREADS)],
        check=True, stdout=subprocess.DEVNULL)
    peers = start_peers(options.folder, workload)
    for case in cases:
        note(f"{case}: preparing and checking")
        each(peers, lambda peer: peer.prepare(case, seconds, options.variant))
    each(peers, lambda peer: peer.forget_preparation())
    return peers


def peak_memory(case, atomflow, peers):
    """The peaks of memory in bytes by name, AtomFlow's first."""
    peaks = {"atomflow": atomflow.memory(case)}
    for peer in peers:
        try:
            peaks[peer.name] = peer.memory(case)
        except (EOFError, BrokenPipeError) as error:  # its times are good
            note(f"{peer.name}: no peak of memory: {error}")
    return {name: peak for name, peak in peaks.items() if peak}


def result_of(case, own, peers, memory):
    """What the report says of a case."""
    best = {peer.name: peer.best(case) for peer in peers}
    best = {name: found for name, found in best.items() if found}
    errors = [peer.errors[case] for peer in peers if peer.errors[case] is not None]
    result = {
        "case": case,
        "atomflow_ms": own,
        "peers": {name: time for name, (time, _) in best.items()},
        "ratio": {name: time / own for name, (time, _) in best.items()},
        "agree": bool(errors) and max(errors) <= TOLERANCE and math.isfinite(own),
        "variants": {name: variant for name, (_, variant) in best.items()},
        "largest_error": max(errors, default=None),
    }
    return result | ({"memory": memory} if memory else {})


def print_report(rows, machine, rounds, names, preparation):
    print(f"{machine['processor']}, vectors of {machine['vectorBits']} bits, OpenBLAS with kernels for "
          f"{machine['blasCore']}, load {machine['load']:.2f}, {THREADS} threads each, Float, "
          f"{rounds} round(s); medians in ms and how many times as long as AtomFlow's")
    widths = [27, 12] + [20] * len(names)

    def line(cells):
        print("".join(f"{cell:>{width}}" for cell, width in zip(cells, widths)))

    line(["case", "AtomFlow", *names])
    for row in rows:
        cells = [
            f"{row['peers'][name]:.3f} ({row['ratio'][name]:.2f}x)" if name in row["peers"] else "-"
            for name in names
        ]
        line([row["case"], f"{row['atomflow_ms']:.3f}", *cells])
    print("\nthe best variants, and the largest error relative to AtomFlow's result:")
    for row in rows:
        variants = "; ".join(f"{name}: {variant}" for name, variant in row["variants"].items())
        error = row["largest_error"]
        print(f"  {row['case']}: {variants}" + (f" ({error:.1e})" if error is not None else ""))
    for row in rows:
        if "memory" in row:
            peaks = ", ".join(f"{name} {peak / 1e6:.0f} MB" for name, peak in row["memory"].items())
            print(f"\nthe peak of memory of a process with {row['case']} alone: {peaks}")
    if preparation:
        print("\nAtomFlow's preparation of a batch, in none of these: " + ", ".join(
            f"{name} {time:.4f} ms" for name, time in preparation.items()))


def main():
    parser = argparse.ArgumentParser(prog="compare.sh", description=__doc__)
    parser.add_argument("--json", metavar="FILE", help="write the machine and the ratios as JSON")
    parser.add_argument("--rounds", metavar="N", type=int, default=20, help="default: 20")
    parser.add_argument("--quick", action="store_true", help="three short rounds")
    parser.add_argument(
        "--cases", metavar="NAME", nargs="+", choices=CASES, default=CASES,
        help=f"the cases, all by default: {', '.join(CASES)}")
    parser.add_argument(
        "--variant", metavar="NAME",
        help="of peers that have a variant of this name only that one, such as "
        "'list, first layer on pairs'")
    parser.add_argument("--tool", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--folder", required=True, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    rounds = 3 if options.quick else max(1, options.rounds)
    seconds = 0.05 if options.quick else 0.15
    cases = [case for case in CASES if case in options.cases]
    preparation = [
        name for name in PREPARATION if any(case.endswith(name[6:]) for case in cases)]

    if len(os.sched_getaffinity(0)) > THREADS:  # all have the same cores
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:THREADS])
    peers = prepare(options, cases, seconds)
    atomflow = AtomFlow(options.tool, options.quick, cases + preparation)
    for case in cases + preparation:  # the first call makes the water
        atomflow.time(case)
        atomflow.times[case].clear()
    for number in range(rounds):
        note(f"round {number + 1} of {rounds}")
        for case in cases:
            atomflow.time(case)
            each(peers, lambda peer: peer.time(case, seconds))
        for name in preparation:
            atomflow.time(name)
    peaks = {case: peak_memory(case, atomflow, peers) for case in cases if case in MEMORY}

    medians = {name: statistics.median(times) for name, times in atomflow.times.items()}
    rows = [result_of(case, medians[case], peers, peaks.get(case)) for case in cases]
    print_report(
        rows, atomflow.machine, rounds, [peer.name for peer in peers],
        {name: medians[name] for name in preparation})
    if options.json:
        report = {"machine": atomflow.machine, "rounds": rounds, "cases": rows}
        Path(options.json).write_text(json.dumps(report, indent=1) + "\n")
    for other in [atomflow, *peers]:
        other.end()
    return 0 if all(row["agree"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
