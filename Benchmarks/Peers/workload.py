"""The numbers that AtomFlow wrote, and the loop in which a peer checks and times its variants."""

import json
import os
import sys
import time
import traceback

import numpy as np

THREADS = int(os.environ.get("ATOMFLOW_BENCH_THREADS", "2"))
ELEMENTS = ["H", "O"]  # the order of the flat weight vector
LEARNING_RATE, BETA_1, BETA_2, EPSILON = 1e-3, 0.9, 0.999, 1e-7  # Adam's, epsilon as TensorFlow's


def read_safetensors(path):
    """The tensors and the metadata of a file."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    metadata = header.pop("__metadata__", {})
    types = {"F32": np.float32, "F64": np.float64, "I32": np.int32}
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        tensors[name] = np.frombuffer(data[begin:end], types[entry["dtype"]]).reshape(entry["shape"])
    return tensors, metadata


def distance(result, expected, start=0):
    """The distance of two arrays, relative to the expected one's distance from a start."""
    expected = np.asarray(expected, np.float64)
    difference = np.linalg.norm(np.asarray(result, np.float64) - expected)
    error = float(difference / np.linalg.norm(expected - start))
    return error if np.isfinite(error) else 1e30  # JSON knows no infinity


class Rows:
    """The rows of one element in a batch: descriptors, directions (or None) and label of each."""

    def __init__(self, tensors, prefix):
        self.label = tensors[f"{prefix}.label"]
        self.descriptors = tensors.get(f"{prefix}.descriptors")
        self.directions = tensors.get(f"{prefix}.directions")

    def padded(self, values, labels):
        """The rows as [labels, rows, functions], short labels filled up with zeros.

        A row without a direction adds nothing to a force; energies have equally many rows each.
        """
        counts = np.bincount(self.label, minlength=labels)
        result = np.zeros((labels, counts.max(), values.shape[1]), np.float32)
        starts = np.concatenate([[0], np.cumsum(counts)])
        for label in range(labels):
            result[label, : counts[label]] = values[starts[label] : starts[label + 1]]
        return result


class Case:
    """One case of rows of descriptors: its batch and AtomFlow's result."""

    @staticmethod
    def holds(name):
        return name.split("-")[0] in ["jacobian", "ekf", "adam"]

    def __init__(self, name, tensors, metadata):
        self.name = name
        self.method, self.kind, count = name.split("-")
        self.labels = int(count)
        self.is_force = self.kind == "force"
        self.rows = [Rows(tensors, f"{name}/{element}") for element in ELEMENTS]
        self.references = tensors[f"{name}/references"]
        self.steps = int(metadata["steps"])
        names = metadata["order"].split()
        per_element = len(names) // len(ELEMENTS)
        arrays = [tensors[f"weights/{weight}"] for weight in names]
        # [element][layer] = (weights, biases)
        self.weights = [
            [tuple(arrays[e * per_element + 2 * k :][:2]) for k in range(per_element // 2)]
            for e in range(len(ELEMENTS))
        ]
        self.flat = np.concatenate([array.ravel() for array in arrays])
        self.expected = tensors[f"{name}/{'jacobian' if self.method == 'jacobian' else 'weights'}"]

    def padded(self):
        """For each element the padded descriptors, and directions where labels are forces."""
        kinds = ["descriptors", "directions"] if self.is_force else ["descriptors"]
        return [
            tuple(rows.padded(getattr(rows, kind), self.labels) for kind in kinds)
            for rows in self.rows
        ]

    def check(self, variant):
        """The error of a variant, relative to the size of the Jacobian or of AtomFlow's steps."""
        state = variant.initial()
        for _ in range(1 if self.method == "jacobian" else self.steps):
            state = variant.step(state)
        start = 0 if self.method == "jacobian" else self.flat
        return distance(variant.result(state), self.expected, start)


def shapes(case):
    """Where each part of the flat vector begins, and its shape."""
    parts, start = [], 0
    for element in case.weights:
        for weights, biases in element:
            for array in (weights, biases):
                parts.append((start, array.shape))
                start += array.size
    return parts


class Variant:
    """One way of computing a case.

    `step(state)` returns the next state once it has been computed; `initial()` makes the first one;
    `result(state)` gives J or the flat weights as an array. A Jacobian's state is its last value.
    """

    def __init__(self, initial, step, result):
        self.initial, self.step, self.result = initial, step, result


def measure(variant, seconds):
    """The median time of a call in milliseconds: of five calls at least, unless they are slow."""
    clock = time.perf_counter
    state, start, times = variant.initial(), clock(), []
    for _ in range(3):
        state = variant.step(state)
        if clock() > start + 2 * seconds:
            break
    start = clock()
    while clock() < start + (seconds if len(times) >= 5 else 4 * seconds) or not times:
        begin = clock()
        state = variant.step(state)
        times.append(clock() - begin)
        if len(times) == 10_000:
            break
    return 1e3 * float(np.median(times))


def peak_memory(variant):
    """The most memory in bytes that the process holds at once during steps; None where the system
    does not tell."""
    state = variant.step(variant.initial())
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")  # forgets the peak so far
    except OSError:
        return None
    for _ in range(3):
        state = variant.step(state)
    with open("/proc/self/status") as file:
        line = next(line for line in file if line.startswith("VmHWM:"))
    return 1024 * int(line.split()[1])


def serve(*families):
    """Answers one command a line, each a JSON object, until the input ends.

    A family is a class of cases and its `variants_of`; a case of no family has no variants.
    `{"case": NAME, "form": F}` prepares and checks a case: `{VARIANT: relative error or why it
    failed}`; F is the form of the Jacobian that a filter takes, null for all forms.
    `{"case": NAME, "variants": [...], "seconds": T}` times: `{VARIANT: milliseconds}`.
    `{"case": NAME, "memory": VARIANT}` prepares one variant alone: `{VARIANT: bytes}`.
    """
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints is not an answer
    tensors, metadata = read_safetensors(sys.argv[1])
    prepared = {}

    def variants(name, form=None):
        for kind, variants_of in families:
            if kind.holds(name):
                case = kind(name, tensors, metadata)
                return case, variants_of(case, form)
        return None, {}

    def prepare(name, form):
        answer, prepared[name] = {}, {}
        case, makers = variants(name, form)
        for variant, make in makers.items():
            try:
                prepared[name][variant] = make()
                answer[variant] = case.check(prepared[name][variant])
            except Exception as error:  # a variant that a version cannot compile is no loss
                traceback.print_exc()
                answer[variant] = f"{type(error).__name__}: {error}"[:200]
        return answer

    answers.write("{}\n")
    answers.flush()
    for line in sys.stdin:
        command = json.loads(line)
        name = command["case"]
        if "variants" in command:
            answer = {
                variant: measure(prepared[name][variant], command["seconds"])
                for variant in command["variants"]
            }
        elif "memory" in command:
            variant = command["memory"]
            answer = {variant: peak_memory(variants(name)[1][variant]())}
        else:
            answer = prepare(name, command["form"])
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
