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
    """One case: its batch and AtomFlow's result."""

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

    def error(self, result):
        """The distance from AtomFlow's result, relative to the size of the Jacobian or the step."""
        start = 0 if self.method == "jacobian" else self.flat
        expected = self.expected.astype(np.float64) - start
        error = float(np.linalg.norm(result - start - expected) / np.linalg.norm(expected))
        return error if np.isfinite(error) else 1e30  # JSON knows no infinity


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


def check(case, variant):
    """The error of a variant after the steps that AtomFlow's result is of."""
    state = variant.initial()
    for _ in range(1 if case.method == "jacobian" else case.steps):
        state = variant.step(state)
    return case.error(np.asarray(variant.result(state), np.float64))


def measure(variant, seconds):
    """The median time of a call in milliseconds."""
    state = variant.initial()
    for _ in range(3):
        state = variant.step(state)
    times = []
    end = time.perf_counter() + seconds
    while len(times) < 5 or (time.perf_counter() < end and len(times) < 10_000):
        start = time.perf_counter()
        state = variant.step(state)
        times.append(time.perf_counter() - start)
    return 1e3 * float(np.median(times))


def serve(variants_of):
    """Answers one command a line, each a JSON object, until the input ends.

    `{"case": NAME, "form": F}` prepares and checks a case: `{VARIANT: relative error or why it
    failed}`; F is the form of the Jacobian that a filter takes, null for all forms.
    `{"case": NAME, "variants": [...], "seconds": T}` times: `{VARIANT: milliseconds}`.
    """
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints is not an answer
    tensors, metadata = read_safetensors(sys.argv[1])
    prepared = {}
    answers.write("{}\n")
    answers.flush()
    for line in sys.stdin:
        command = json.loads(line)
        name = command["case"]
        answer = {}
        if "variants" in command:
            for variant in command["variants"]:
                answer[variant] = measure(prepared[name][variant], command["seconds"])
        else:
            case = Case(name, tensors, metadata)
            prepared[name] = {}
            for variant, make in variants_of(case, command["form"]).items():
                try:
                    prepared[name][variant] = make()
                    answer[variant] = check(case, prepared[name][variant])
                except Exception as error:  # a variant that a version cannot compile is no loss
                    traceback.print_exc()
                    answer[variant] = f"{type(error).__name__}: {error}"[:200]
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
