"""PiNet and PiNet2 in JAX: pairs in a list or a table, the first layer on pairs or on atoms, gradients
of the loss by reverse mode twice or by reverse mode over forward mode."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
from jax.custom_derivatives import linear_call

from pinet import NETWORKS
from workload import BETA_1, BETA_2, EPSILON, LEARNING_RATE, Variant


class Operations:
    """What the networks need, for pairs in any layout."""

    tanh, sqrt, cos = staticmethod(jnp.tanh), staticmethod(jnp.sqrt), staticmethod(jnp.cos)
    product = staticmethod(jnp.matmul)
    sum = staticmethod(jnp.sum)
    join = staticmethod(functools.partial(jnp.concatenate, axis=-1))
    stack = staticmethod(functools.partial(jnp.stack, axis=-1))

    @staticmethod
    def halves(weights):
        return jnp.split(weights, 2)

    @staticmethod
    def contract(z, radial):
        z = z.reshape(z.shape[:-1] + (-1, radial.shape[-1]))
        return (z * radial[..., None, :]).sum(-1)


class ListOperations(Operations):
    """Pairs one after another: gathers, and sums over sorted segments."""

    def __init__(self, pairs, atoms):
        self.pairs, self.atoms = pairs, atoms

    def first(self, x):
        return x.at[self.pairs["first"]].get(indices_are_sorted=True)

    def second(self, x):
        return x[self.pairs["second"]]

    def sum_pairs(self, x):
        return jax.ops.segment_sum(
            x, self.pairs["first"], self.atoms, indices_are_sorted=True)


class TableOperations(Operations):
    """Pairs as a table of neighbours: broadcasts, and sums along an axis.

    What comes back to the second atoms is gathered from the reverse pairs, not scattered.
    """

    def __init__(self, pairs, _):
        self.pairs = pairs

    def first(self, x):
        shape = self.pairs["second"].shape + x.shape[1:]
        return jnp.broadcast_to(x[:, None], shape)

    def second(self, x):
        def gather(pairs, x):
            return x[pairs["second"]]

        def back(pairs, y):
            return y.reshape((-1,) + y.shape[2:])[pairs["reverse"]].sum(1)

        return linear_call(gather, back, self.pairs, x)

    def sum_pairs(self, x):
        return x.sum(1)


LAYOUTS = {"list": ListOperations, "table": TableOperations}
FORMS = {  # layout, and whether the first layer is a product on atoms
    "list, first layer on pairs": ("list", False),
    "list, first layer on atoms": ("list", True),
    "table, first layer on atoms": ("table", True),
}


def variants_of(case, _):
    numbers = jax.device_put({
        "positions": case.positions, "properties": case.properties,
        "energies": case.energies, "forces": case.forces,
    })
    layouts = {"list": jax.device_put(case.list()), "table": jax.device_put(case.table())}
    flat = jnp.asarray(case.flat)
    bounds = np.cumsum([int(np.prod(shape)) for shape in case.shapes])[:-1]

    def unflatten(w):
        arrays = zip(case.names, jnp.split(w, bounds), case.shapes)
        return {name: array.reshape(shape) for name, array, shape in arrays}

    def energies(w, positions, numbers, layout, on_atoms):
        """The energy of each structure."""
        operations = LAYOUTS[layout](numbers["pairs"], len(case.positions))
        displacements = (
            operations.second(positions) - operations.first(positions)
            + numbers["pairs"]["offsets"])
        network = NETWORKS[case.network]
        atoms = network(
            operations, unflatten(w), numbers["properties"], displacements, on_atoms)
        return atoms.reshape(case.structures, -1).sum(1)

    def with_forces(energies, w, numbers):
        def total(positions):
            values = energies(w, positions, numbers)
            return values.sum(), values

        slopes, values = jax.grad(total, has_aux=True)(numbers["positions"])
        return values, -slopes

    def make_potential(layout, on_atoms):
        energy = functools.partial(energies, layout=layout, on_atoms=on_atoms)
        function = jax.jit(lambda w, numbers: with_forces(energy, w, numbers))
        own = numbers | {"pairs": layouts[layout]}
        return Variant(
            lambda: None, lambda _: jax.block_until_ready(function(flat, own)),
            lambda state: [np.asarray(value) for value in state])

    def by_reverse(energies, w, numbers):
        def loss(w):
            values, forces = with_forces(energies, w, numbers)
            return (
                ((values - numbers["energies"]) ** 2).mean()
                + ((forces - numbers["forces"]) ** 2).mean())

        return jax.grad(loss)(w)

    def by_forward(energies, w, numbers):
        """The slopes of the loss by energies and forces first, then those of their sum by weights: a
        force along a direction is a derivative of forward mode."""
        values, forces = with_forces(energies, w, numbers)
        by_values = 2 / values.size * (values - numbers["energies"])
        by_forces = 2 / forces.size * (forces - numbers["forces"])

        def sum_of_products(w):
            values, slopes = jax.jvp(
                lambda x: energies(w, x, numbers), (numbers["positions"],), (by_forces,))
            return (by_values * values).sum() - slopes.sum()

        return jax.grad(sum_of_products)(w)

    def make_adam(layout, on_atoms, gradient):
        energy = functools.partial(energies, layout=layout, on_atoms=on_atoms)
        own = numbers | {"pairs": layouts[layout]}

        @functools.partial(jax.jit, donate_argnums=(0, 1, 2, 3))
        def step(w, m, v, t, numbers):
            g = gradient(energy, w, numbers)
            m = BETA_1 * m + (1 - BETA_1) * g
            v = BETA_2 * v + (1 - BETA_2) * g * g
            t = t + 1
            rate = LEARNING_RATE * jnp.sqrt(1 - BETA_2**t) / (1 - BETA_1**t)
            return w - rate * m / (jnp.sqrt(v) + EPSILON), m, v, t

        def initial():
            return jnp.array(flat), jnp.zeros_like(flat), jnp.zeros_like(flat), jnp.float32(0)

        return Variant(
            initial, lambda state: jax.block_until_ready(step(*state, own)),
            lambda state: [np.asarray(value) for value in state])

    if case.method == "potential":
        return {name: functools.partial(make_potential, *form) for name, form in FORMS.items()}
    gradients = {"reverse twice": by_reverse, "reverse over forward": by_forward}
    return {
        f"{a}, {b}": functools.partial(make_adam, *form, gradient)
        for a, form in FORMS.items()
        for b, gradient in gradients.items()
    }
