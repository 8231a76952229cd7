"""PiNet and PiNet2 of rank 3 for any framework, from the equations of the article "PiNet as a graph".

A framework brings its `Operations`: how it multiplies, gathers and sums. What has an axis of pairs may
have any axes in their place, so that pairs stand in one list or in a table of neighbours.
"""

CUTOFF = 4.5  # angstrom
PI = 3.141592653589793


def layer(operations, weights, name, x):
    """x W + b; b where there is one."""
    y = operations.product(x, weights[f"{name}.weights"])
    return y + weights[f"{name}.bias"] if f"{name}.bias" in weights else y


def stack(operations, weights, name, x, first=1, activation=None):
    """The layers `name`1, `name`2, …, each with the same activation."""
    activation = activation or operations.tanh
    while f"{name}{first}.weights" in weights:
        x = activation(layer(operations, weights, f"{name}{first}", x))
        first += 1
    return x


def interaction(operations, weights, name, x, radial, on_atoms):
    """PI: a factor for each channel and function of the distance, summed over the functions."""
    if on_atoms:
        # The first layer is a product for each end, less work than one for each pair.
        upper, lower = operations.halves(weights[f"{name}1.weights"])
        start = operations.product(x, upper) + weights[f"{name}1.bias"]
        end = operations.product(x, lower)
        z = operations.tanh(operations.first(start) + operations.second(end))
    else:
        ends = operations.join([operations.first(x), operations.second(x)])
        z = operations.tanh(layer(operations, weights, f"{name}1", ends))
    z = stack(operations, weights, name, z, first=2)
    return operations.contract(z, radial)


def output(operations, weights, name, x):
    """A block's part of the energy of each atom: linear layers."""
    hidden = stack(operations, weights, f"{name}.out", x, activation=lambda y: y)
    return operations.product(hidden, weights[f"{name}.output.weights"])[..., 0]


def residual(operations, weights, name, old):
    """The old properties in the width of the new."""
    matrix = weights.get(f"{name}.residual.weights")
    return old if matrix is None else operations.product(old, matrix)


def pinet(operations, weights, properties, displacements, on_atoms):
    """The energies of atoms from one-hots and displacements of pairs."""
    radial, _ = functions(operations, displacements)
    total, number = 0, 1
    while f"block{number}.pi1.weights" in weights:
        name = f"block{number}"
        ends = stack(operations, weights, f"{name}.pp", properties)
        pairs = interaction(operations, weights, f"{name}.pi", ends, radial, on_atoms)
        new = operations.sum_pairs(stack(operations, weights, f"{name}.ii", pairs))
        total = total + output(operations, weights, name, new)
        properties = new + residual(operations, weights, name, properties)
        number += 1
    return total


def pinet2(operations, weights, properties, displacements, on_atoms):
    """The same with vectors; the last block makes none, so its mix has one group of channels."""
    radial, units = functions(operations, displacements)
    total, vectors, number = 0, None, 1
    while f"block{number}.pi1.weights" in weights:
        name = f"block{number}"
        pairs = interaction(operations, weights, f"{name}.pi", properties, radial, on_atoms)
        pairs = stack(operations, weights, f"{name}.ii", pairs)
        width = pairs.shape[-1] // 2
        scalars = stack(operations, weights, f"{name}.pp", operations.sum_pairs(pairs))
        factor = units[..., None]
        if vectors is not None:
            factor = factor + operations.second(vectors)
        sums = operations.sum_pairs(factor * pairs[..., None, width:])
        mixed = operations.product(sums, weights[f"{name}.p3.pp1.weights"])
        joined = operations.join([scalars, operations.sum(mixed * mixed, -2)])
        joined = stack(operations, weights, f"{name}.mix", joined)
        new = joined[..., :width]
        total = total + output(operations, weights, name, new)
        if joined.shape[-1] > width:
            properties = new + residual(operations, weights, name, properties)
            change = mixed * joined[..., None, width:]
            vectors = change if vectors is None else vectors + change
        number += 1
    return total


def functions(operations, displacements):
    """Powers of the cutoff function, the four of PiNN's default, and the unit vectors of pairs."""
    distances = operations.sqrt(operations.sum(displacements * displacements, -1))
    window = (operations.cos(distances * (PI / CUTOFF)) + 1) / 2
    square = window * window
    radial = operations.stack([window, square, square * window, square * square])
    return radial, displacements / distances[..., None]


NETWORKS = {"pinet": pinet, "pinet2": pinet2}
