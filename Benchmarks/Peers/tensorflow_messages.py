"""PiNet and PiNet2 in TensorFlow, as a graph and with XLA: pairs in a list, as in PiNN, or a table, the
first layer on pairs, as in PiNN, or on atoms."""

import functools

import numpy as np
import tensorflow as tf

from pinet import NETWORKS
from workload import BETA_1, BETA_2, EPSILON, LEARNING_RATE, Variant


class Operations:
    """What the networks need, for pairs in any layout."""

    tanh, sqrt, cos = staticmethod(tf.tanh), staticmethod(tf.sqrt), staticmethod(tf.cos)
    sum = staticmethod(tf.reduce_sum)
    join = staticmethod(functools.partial(tf.concat, axis=-1))
    stack = staticmethod(functools.partial(tf.stack, axis=-1))

    @staticmethod
    def product(x, weights):
        """One product of matrices, whatever axes rows have."""
        rows = tf.reshape(x, [-1, x.shape[-1]])
        return tf.reshape(tf.matmul(rows, weights), [-1, *x.shape[1:-1], weights.shape[-1]])

    @staticmethod
    def halves(weights):
        return tf.split(weights, 2)

    @staticmethod
    def contract(z, radial):
        count = radial.shape[-1]
        z = tf.reshape(z, [-1, *z.shape[1:-1], z.shape[-1] // count, count])
        return tf.reduce_sum(z * radial[..., None, :], -1)


class ListOperations(Operations):
    """Pairs one after another: gathers, and sums over segments as in PiNN."""

    def __init__(self, pairs, atoms):
        self.pairs, self.atoms = pairs, atoms

    def first(self, x):
        return tf.gather(x, self.pairs["first"])

    def second(self, x):
        return tf.gather(x, self.pairs["second"])

    def sum_pairs(self, x):
        return tf.math.unsorted_segment_sum(x, self.pairs["first"], self.atoms)


class TableOperations(Operations):
    """Pairs as a table of neighbours: broadcasts, and sums along an axis.

    What comes back to the second atoms is gathered from the reverse pairs, not scattered.
    """

    def __init__(self, pairs, _):
        self.pairs = pairs

    def first(self, x):
        atoms, slots = self.pairs["second"].shape
        return tf.broadcast_to(x[:, None], [atoms, slots, *x.shape[1:]])

    def second(self, x):
        @tf.custom_gradient
        def gather(x):
            return tf.gather(x, self.pairs["second"]), back

        @tf.custom_gradient
        def back(y):
            rows = tf.reshape(y, [-1, *y.shape[2:]])
            return tf.reduce_sum(tf.gather(rows, self.pairs["reverse"]), 1), gather

        return gather(x)

    def sum_pairs(self, x):
        return tf.reduce_sum(x, 1)


LAYOUTS = {"list": ListOperations, "table": TableOperations}
FORMS = {  # layout, and whether the first layer is a product on atoms
    "list, first layer on pairs": ("list", False),
    "list, first layer on atoms": ("list", True),
    "table, first layer on atoms": ("table", True),
}
MODES = {
    "graph": functools.partial(tf.function, autograph=False),
    "XLA": functools.partial(tf.function, autograph=False, jit_compile=True),
}


def variants_of(case, _):
    def variables(arrays):
        # A function reads them without any argument, and nothing is computed ahead.
        return {name: tf.Variable(array, trainable=False) for name, array in arrays.items()}

    numbers = variables({
        "positions": case.positions, "properties": case.properties,
        "energies": case.energies, "forces": case.forces,
    })
    layouts = {"list": variables(case.list()), "table": variables(case.table())}
    flat = tf.constant(case.flat)
    sizes = [int(np.prod(shape)) for shape in case.shapes]

    def unflatten(w):
        arrays = zip(case.names, tf.split(w, sizes), case.shapes)
        return {name: tf.reshape(array, shape) for name, array, shape in arrays}

    def with_forces(w, layout, on_atoms):
        """The energy of each structure and the forces of all atoms."""
        positions = numbers["positions"].read_value()
        pairs = {name: array.read_value() for name, array in layouts[layout].items()}
        operations = LAYOUTS[layout](pairs, len(case.positions))
        with tf.GradientTape() as tape:
            tape.watch(positions)
            displacements = (
                operations.second(positions) - operations.first(positions) + pairs["offsets"])
            atoms = NETWORKS[case.network](
                operations, unflatten(w), numbers["properties"].read_value(), displacements,
                on_atoms)
            energies = tf.reduce_sum(tf.reshape(atoms, [case.structures, -1]), 1)
        return energies, -tf.convert_to_tensor(tape.gradient(energies, positions))

    def make_potential(layout, on_atoms, mode):
        w = tf.Variable(flat)
        function = mode(lambda: with_forces(w.read_value(), layout, on_atoms))
        return Variant(
            lambda: None, lambda _: function(), lambda state: [value.numpy() for value in state])

    def make_adam(layout, on_atoms, mode):
        w, m, v = tf.Variable(flat), tf.Variable(0 * flat), tf.Variable(0 * flat)
        t = tf.Variable(0.0)

        def step():
            value = w.read_value()
            with tf.GradientTape() as tape:
                tape.watch(value)
                energies, forces = with_forces(value, layout, on_atoms)
                loss = (
                    tf.reduce_mean((energies - numbers["energies"].read_value()) ** 2)
                    + tf.reduce_mean((forces - numbers["forces"].read_value()) ** 2))
            g = tape.gradient(loss, value)
            t.assign_add(1.0)
            m.assign(BETA_1 * m + (1 - BETA_1) * g)
            v.assign(BETA_2 * v + (1 - BETA_2) * g * g)
            rate = LEARNING_RATE * tf.sqrt(1 - BETA_2**t) / (1 - BETA_1**t)
            w.assign_sub(rate * m / (tf.sqrt(v) + EPSILON))

        function = mode(step)

        def initial():
            for variable, start in [(w, flat), (m, 0 * flat), (v, 0 * flat), (t, 0.0)]:
                variable.assign(start)

        def call(_):
            function()

        return Variant(initial, call, lambda _: [w.numpy(), m.numpy()])

    make = make_potential if case.method == "potential" else make_adam
    return {
        f"{a}, {b}": functools.partial(make, *form, mode)
        for a, form in FORMS.items()
        for b, mode in MODES.items()
    }
