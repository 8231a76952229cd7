"""The cases of message passing: boxes of water, their pairs, and AtomFlow's results."""

import numpy as np

from pinet import CUTOFF
from workload import BETA_1, distance

ELEMENTS = [1, 6, 7, 8]  # the columns of the one-hots


class MessageCase:
    """One case: structures, the weights of a network and AtomFlow's result.

    `potential` is the energy and the forces of the first structure, `adam-structures-10` steps of Adam
    on the mean of squared errors of energies and that of forces.
    """

    @staticmethod
    def holds(name):
        return name.startswith("pinet")

    def __init__(self, name, tensors, metadata):
        self.name = name
        self.network, self.method = name.split("-", 1)
        self.names = metadata[f"{self.network}.order"].split()
        arrays = [tensors[f"{self.network}/{weight}"] for weight in self.names]
        self.shapes = [array.shape for array in arrays]
        self.flat = np.concatenate([array.ravel() for array in arrays])
        boxes = {key: tensors[f"boxes/{key}"] for key in [
            "positions", "elements", "structure", "first", "second", "offsets", "energies", "forces"]}
        self.structures = len(boxes["energies"])
        if self.method == "potential":
            self.structures = 1
        atoms = int((boxes["structure"] < self.structures).sum())
        pairs = int((boxes["first"] < atoms).sum())  # in the order of their first atoms
        self.positions = boxes["positions"][:atoms]
        self.properties = np.equal.outer(boxes["elements"][:atoms], ELEMENTS).astype(np.float32)
        self.first, self.second = boxes["first"][:pairs], boxes["second"][:pairs]
        self.offsets = boxes["offsets"][:pairs]
        self.energies = boxes["energies"][: self.structures]
        self.forces = boxes["forces"][:atoms]
        results = ["energy", "forces"] if self.method == "potential" else ["gradients"]
        self.expected = [tensors[f"{name}/{result}"] for result in results]

    def reverse(self):
        """The number of each pair's reverse: the same atoms and the opposite lattice vector."""
        keys = [
            (i, j, *np.round(1e3 * offset).astype(int).tolist())
            for i, j, offset in zip(self.first.tolist(), self.second.tolist(), self.offsets)
        ]
        numbers = {key: number for number, key in enumerate(keys)}
        return np.array([numbers[j, i, -x, -y, -z] for i, j, x, y, z in keys], np.int32)

    def list(self):
        """Pairs one after another, sorted by their first atoms."""
        return {
            "first": self.first, "second": self.second, "offsets": self.offsets,
            "reverse": self.reverse(),
        }

    def table(self):
        """Pairs as a table [atoms, slots] of neighbours.

        An empty slot holds the atom itself at the distance of the cutoff, where interactions vanish.
        """
        atoms = len(self.positions)
        counts = np.bincount(self.first, minlength=atoms)
        starts = np.concatenate([[0], np.cumsum(counts)])
        slots = counts.max()
        slot = self.first * slots + np.arange(len(self.first)) - starts[self.first]
        second = np.repeat(np.arange(atoms, dtype=np.int32), slots)
        offsets = np.tile(np.float32([CUTOFF, 0, 0]), (atoms * slots, 1))
        reverse = np.arange(atoms * slots, dtype=np.int32)
        second[slot], offsets[slot], reverse[slot] = self.second, self.offsets, slot[self.reverse()]
        return {
            "second": second.reshape(atoms, slots), "offsets": offsets.reshape(atoms, slots, 3),
            "reverse": reverse.reshape(atoms, slots),
        }

    def check(self, variant):
        """The largest error of a variant: of energy and forces, or of the gradients before each step of
        Adam, which are what a step adds to the first moment."""
        state = variant.initial()
        if self.method == "potential":
            results = variant.result(variant.step(state))
            return max(map(distance, results, self.expected))
        errors, old = [], 0
        for expected in self.expected[0]:
            state = variant.step(state)
            moment = variant.result(state)[1].astype(np.float64)
            errors.append(distance((moment - BETA_1 * old) / (1 - BETA_1), expected))
            old = moment
        return max(errors)
