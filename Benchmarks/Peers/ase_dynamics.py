"""Steps a second of molecular dynamics by ASE with PiNet as PiNN writes it: pairs in a list, the first layer
on pairs, a TensorFlow graph. Compare with the steps a second that `atomflow md` prints.

Usage: .build/peers/tensorflow/bin/python Benchmarks/Peers/ase_dynamics.py NETWORK [STEPS] [WORKLOAD]
NETWORK is pinet or pinet2; WORKLOAD is what `compare.sh --cases NETWORK-potential` has left in .build/peers.
"""

import pathlib
import sys
import time

import numpy as np
import tensorflow as tf
from ase import Atoms, units
from ase.calculators.calculator import Calculator, all_changes
from ase.md.verlet import VelocityVerlet
from vesin import ase_neighbor_list

from messages import ELEMENTS, MessageCase
from pinet import CUTOFF, NETWORKS
from tensorflow_messages import ListOperations
from workload import distance, read_safetensors

TIME_STEP = 0.1  # fs; the network is not trained, so atoms should not move far


class PiNetCalculator(Calculator):
    """Energies and forces of a case's network; neighbours are listed for each step."""

    implemented_properties = ["energy", "forces"]

    def __init__(self, case):
        super().__init__()
        weights, start = {}, 0
        for name, shape in zip(case.names, case.shapes):
            size = int(np.prod(shape))
            weights[name] = tf.constant(case.flat[start:start + size].reshape(shape))
            start += size
        properties = tf.constant(case.properties)

        def run(positions, first, second, offsets):
            operations = ListOperations({"first": first, "second": second}, len(case.positions))
            with tf.GradientTape() as tape:
                tape.watch(positions)
                displacements = operations.second(positions) - operations.first(positions) + offsets
                atoms = NETWORKS[case.network](
                    operations, weights, properties, displacements, False)
                energy = tf.reduce_sum(atoms)
            return energy, -tf.convert_to_tensor(tape.gradient(energy, positions))

        vectors, pairs = tf.TensorSpec([None, 3]), tf.TensorSpec([None], tf.int32)
        self.run = tf.function(
            run, autograph=False, input_signature=[vectors, pairs, pairs, vectors])

    def calculate(self, atoms=None, properties=None, system_changes=all_changes):
        super().calculate(atoms, properties, system_changes)
        first, second, shifts = ase_neighbor_list("ijS", atoms, CUTOFF)
        order = np.argsort(first, kind="stable")
        first, second, shifts = first[order], second[order], shifts[order]
        energy, forces = self.run(
            atoms.positions.astype(np.float32), first.astype(np.int32), second.astype(np.int32),
            (shifts @ atoms.cell.array).astype(np.float32))
        self.results = {"energy": float(energy), "forces": forces.numpy().astype(np.float64)}


def main():
    network = sys.argv[1]
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    root = pathlib.Path(__file__).resolve().parents[2]
    workload = sys.argv[3] if len(sys.argv) > 3 else str(root / ".build/peers/workload.safetensors")
    case = MessageCase(f"{network}-potential", *read_safetensors(workload))
    numbers = np.array(ELEMENTS)[case.properties.argmax(1)]
    edge = float(np.abs(case.offsets).max())  # boxes are cubes, wider than the cutoff
    atoms = Atoms(numbers=numbers, positions=case.positions, cell=[edge] * 3, pbc=True)
    atoms.calc = PiNetCalculator(case)
    error = max(map(distance, [[atoms.get_potential_energy()], atoms.get_forces()], case.expected))
    dynamics = VelocityVerlet(atoms, TIME_STEP * units.fs)
    dynamics.run(20)
    start = time.perf_counter()
    dynamics.run(steps)
    rate = steps / (time.perf_counter() - start)
    print(f"{network}: {rate:.1f} steps/s, {len(atoms)} atoms; error at the start {error:.1e}")


main()
