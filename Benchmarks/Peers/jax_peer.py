"""Cases 1 to 3 in JAX: jit with donated memory; several forms of each, of which the best counts."""

import functools

import jax
import jax.numpy as jnp
import numpy as np

import jax_messages
from messages import MessageCase
from workload import BETA_1, BETA_2, EPSILON, LEARNING_RATE, Case, Variant, serve


def outputs(layers, rows):
    """The energies of the rows of one element, or their slopes along the directions; [...]."""
    (w1, b1), (w2, b2), (w3, b3) = layers
    a1 = jnp.tanh(rows[0] @ w1 + b1)
    a2 = jnp.tanh(a1 @ w2 + b2)
    if len(rows) == 1:
        return (a2 @ w3 + b3)[..., 0]
    t1 = (1 - a1 * a1) * (rows[1] @ w1)
    t2 = (1 - a2 * a2) * (t1 @ w2)
    return -(t2 @ w3)[..., 0]


def prediction(weights, batch):
    """The sum over the rows of each label; a sum over all rows without the axis of labels."""
    return sum(outputs(layers, rows).sum(-1) for layers, rows in zip(weights, batch))


def flatten(tree, lead=()):
    return jnp.concatenate([x.reshape(lead + (-1,)) for x in jax.tree.leaves(tree)], axis=-1)


def jacobian_by_vmap(weights, batch, scale):
    gradients = jax.vmap(jax.grad(prediction), in_axes=(None, 0))(weights, batch)
    return scale * flatten(gradients, (batch[0][0].shape[0],))


def jacobian_of_one(weights, batch, scale):
    one = [tuple(x[0] for x in rows) for rows in batch]
    return scale * flatten(jax.grad(prediction)(weights, one))[None]


def jacobian_by_hand(weights, batch, scale):
    """Backpropagation written out: one batched product for each layer's weights."""
    labels = batch[0][0].shape[0]
    outer = functools.partial(jnp.einsum, "lri,lrj->lij")
    parts = []
    for layers, rows in zip(weights, batch):
        (w1, b1), (w2, b2), (w3, b3) = layers
        x, v3 = rows[0], w3[:, 0]
        a1 = jnp.tanh(x @ w1 + b1)
        a2 = jnp.tanh(a1 @ w2 + b2)
        s1, s2 = 1 - a1 * a1, 1 - a2 * a2
        if len(rows) == 1:
            z2 = s2 * v3
            z1 = s1 * (z2 @ w2.T)
            count = jnp.full((labels, 1), x.shape[1], jnp.float32)
            parts += [outer(x, z1), z1.sum(1), outer(a1, z2), z2.sum(1), a2.sum(1), count]
        else:
            v = rows[1]
            u1 = v @ w1
            t1 = s1 * u1
            u2 = t1 @ w2
            t2 = s2 * u2
            d2 = -s2 * v3
            z2 = s2 * (2 * a2 * u2 * v3)
            e1 = d2 @ w2.T
            d1 = s1 * e1
            z1 = s1 * (z2 @ w2.T - 2 * a1 * u1 * e1)
            first = outer(jnp.concatenate([v, x], 1), jnp.concatenate([d1, z1], 1))
            second = outer(jnp.concatenate([t1, a1], 1), jnp.concatenate([d2, z2], 1))
            zero = jnp.zeros((labels, 1), jnp.float32)
            parts += [first, z1.sum(1), second, z2.sum(1), -t2.sum(1), zero]
    return scale * jnp.concatenate([part.reshape(labels, -1) for part in parts], axis=1)


def unflatten(case):
    def apply(w):
        tree, start = [], 0
        for element in case.weights:
            layers = []
            for pair in element:
                arrays = []
                for array in pair:
                    arrays.append(w[start : start + array.size].reshape(array.shape))
                    start += array.size
                layers.append(tuple(arrays))
            tree.append(layers)
        return tree

    return apply


def jacobian_forms(case):
    forms = {"vmap": jacobian_by_vmap, "by hand": jacobian_by_hand}
    return forms | ({"grad": jacobian_of_one} if case.labels == 1 else {})


PRODUCTS = {"J P": lambda p, j: j @ p, "P J^T": lambda p, j: (p @ j.T).T}


def by_gemm(p, u):
    return p - u.T @ u


def by_outer(p, u):
    """A fused loop over P: one pass through memory."""
    for row in u:
        p = p - row[:, None] * row[None, :]
    return p


UPDATES = {"gemm": by_gemm, "outer": by_outer}


def variants_of(case, best_form):
    batch = jax.device_put([tuple(jnp.asarray(x) for x in rows) for rows in case.padded()])
    references = jnp.asarray(case.references)
    flat = jnp.asarray(case.flat)
    scale = np.float32(case.labels**-0.5)
    tree = unflatten(case)

    if case.method == "jacobian":
        weights = tree(flat)

        def make(form):
            function = jax.jit(lambda weights, batch: form(weights, batch, scale))
            return Variant(
                lambda: None,
                lambda _: jax.block_until_ready(function(weights, batch)),
                np.asarray,
            )

        return {
            name: functools.partial(make, form) for name, form in jacobian_forms(case).items()
        }

    if case.method == "ekf":

        def make(jacobian, product, update):
            @functools.partial(jax.jit, donate_argnums=(0, 1))
            def step(w, p, batch, references):
                weights = tree(w)
                xi = scale * (prediction(weights, batch) - references)
                j = jacobian(weights, batch, scale)
                x = product(p, j)
                a = x @ j.T + jnp.eye(case.labels, dtype=jnp.float32)
                if case.labels == 1:
                    u, z = x / jnp.sqrt(a), xi / jnp.sqrt(a[0])
                else:
                    factor = jnp.linalg.cholesky(a)
                    solve = functools.partial(jax.scipy.linalg.solve_triangular, lower=True)
                    u, z = solve(factor, x), solve(factor, xi)
                return w - z @ u, update(p, u)

            def initial():
                return jnp.array(flat), jnp.eye(flat.size, dtype=jnp.float32)

            return Variant(
                initial,
                lambda state: jax.block_until_ready(step(*state, batch, references)),
                lambda state: np.asarray(state[0]),
            )

        return {
            f"{a}, {b}, {c}": functools.partial(make, jacobian, product, update)
            for a, jacobian in jacobian_forms(case).items()
            if best_form in (None, a)
            for b, product in PRODUCTS.items()
            for c, update in UPDATES.items()
        }

    segments = jax.device_put([
        (
            tuple(jnp.asarray(x) for x in (rows.descriptors, rows.directions) if x is not None),
            jnp.asarray(rows.label),
        )
        for rows in case.rows
    ])

    def padded_errors(w, batch):
        return scale * (prediction(tree(w), batch) - references)

    def segment_errors(w, segments):
        sums = sum(
            jax.ops.segment_sum(
                outputs(layers, rows), label, case.labels, indices_are_sorted=True)
            for layers, (rows, label) in zip(tree(w), segments)
        )
        return scale * (sums - references)

    def make_adam(errors, batch):
        @functools.partial(jax.jit, donate_argnums=(0, 1, 2, 3))
        def step(w, m, v, t, batch):
            g = jax.grad(lambda w: (errors(w, batch) ** 2).sum())(w)
            m = BETA_1 * m + (1 - BETA_1) * g
            v = BETA_2 * v + (1 - BETA_2) * g * g
            t = t + 1
            rate = LEARNING_RATE * jnp.sqrt(1 - BETA_2**t) / (1 - BETA_1**t)
            return w - rate * m / (jnp.sqrt(v) + EPSILON), m, v, t

        def initial():
            return jnp.array(flat), jnp.zeros_like(flat), jnp.zeros_like(flat), jnp.float32(0)

        return Variant(
            initial,
            lambda state: jax.block_until_ready(step(*state, batch)),
            lambda state: np.asarray(state[0]),
        )

    return {
        "padded": functools.partial(make_adam, padded_errors, batch),
        "segments": functools.partial(make_adam, segment_errors, segments),
    }


if __name__ == "__main__":
    serve((Case, variants_of), (MessageCase, jax_messages.variants_of))
