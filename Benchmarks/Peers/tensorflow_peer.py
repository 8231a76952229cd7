"""Cases 1 to 3 in TensorFlow, as a graph and with XLA; several forms, of which the best counts."""

import functools
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import tensorflow as tf

import tensorflow_messages
from messages import MessageCase
from workload import BETA_1, BETA_2, EPSILON, LEARNING_RATE, THREADS, Case, Variant, serve, shapes

tf.config.threading.set_intra_op_parallelism_threads(THREADS)
tf.config.threading.set_inter_op_parallelism_threads(THREADS)
MODES = {
    "graph": functools.partial(tf.function, autograph=False),
    "XLA": functools.partial(tf.function, autograph=False, jit_compile=True),
}


def outputs(layers, rows):
    """The energies of the rows of one element, or minus their slopes along the directions."""
    (w1, b1), (w2, b2), (w3, b3) = layers
    a1 = tf.tanh(rows[0] @ w1 + b1)
    a2 = tf.tanh(a1 @ w2 + b2)
    if len(rows) == 1:
        return (a2 @ w3 + b3)[..., 0]
    t1 = (1 - a1 * a1) * (rows[1] @ w1)
    t2 = (1 - a2 * a2) * (t1 @ w2)
    return -(t2 @ w3)[..., 0]


def prediction(weights, batch):
    return tf.add_n([
        tf.reduce_sum(outputs(layers, rows), -1) for layers, rows in zip(weights, batch)
    ])


def jacobian_by_tiles(weights, batch, scale):
    """One gradient: each label has weights of its own, all alike."""
    labels = batch[0][0].shape[0]

    def tiled(x):
        # Biases get an axis of rows too.
        x = x[None] if x.shape.rank == 2 else x[None, None]
        return tf.tile(x, [labels, 1, 1])

    own = [[tuple(tiled(x) for x in pair) for pair in layers] for layers in weights]
    arrays = tf.nest.flatten(own)
    with tf.GradientTape() as tape:
        tape.watch(arrays)
        total = tf.reduce_sum(prediction(own, batch))
    gradients = tape.gradient(total, arrays, unconnected_gradients="zero")
    return scale * tf.concat([tf.reshape(g, [labels, -1]) for g in gradients], 1)


def jacobian_by_hand(weights, batch, scale):
    """Backpropagation written out: one batched product for each layer's weights."""
    labels = batch[0][0].shape[0]

    def outer(a, b):
        return tf.matmul(a, b, transpose_a=True)

    def along_rows(a):
        return tf.reduce_sum(a, 1)

    parts = []
    for layers, rows in zip(weights, batch):
        (w1, b1), (w2, b2), (w3, b3) = layers
        x, v3, back = rows[0], w3[:, 0], tf.transpose(w2)
        a1 = tf.tanh(x @ w1 + b1)
        a2 = tf.tanh(a1 @ w2 + b2)
        s1, s2 = 1 - a1 * a1, 1 - a2 * a2
        if len(rows) == 1:
            z2 = s2 * v3
            z1 = s1 * (z2 @ back)
            count = tf.fill([labels, 1], float(x.shape[1]))
            parts += [outer(x, z1), along_rows(z1), outer(a1, z2), along_rows(z2)]
            parts += [along_rows(a2), count]
        else:
            v = rows[1]
            u1 = v @ w1
            t1 = s1 * u1
            u2 = t1 @ w2
            t2 = s2 * u2
            d2 = -s2 * v3
            z2 = s2 * (2 * a2 * u2 * v3)
            e1 = d2 @ back
            d1 = s1 * e1
            z1 = s1 * (z2 @ back - 2 * a1 * u1 * e1)
            parts += [outer(tf.concat([v, x], 1), tf.concat([d1, z1], 1)), along_rows(z1)]
            parts += [outer(tf.concat([t1, a1], 1), tf.concat([d2, z2], 1)), along_rows(z2)]
            parts += [-along_rows(t2), tf.zeros([labels, 1])]
    return scale * tf.concat([tf.reshape(part, [labels, -1]) for part in parts], 1)


FORMS = {"tiles": jacobian_by_tiles, "by hand": jacobian_by_hand}
PRODUCTS = {
    "J P": lambda p, j: j @ p,
    "P J^T": lambda p, j: tf.transpose(tf.matmul(p, j, transpose_b=True)),
}


def tree_of(case):
    parts = shapes(case)
    layers = len(case.weights[0])

    def apply(w):
        arrays = iter([tf.reshape(w[s : s + int(np.prod(shape))], shape) for s, shape in parts])
        return [[(next(arrays), next(arrays)) for _ in range(layers)] for _ in case.weights]

    return apply


def variants_of(case, best_form):
    # Variables: a function reads them without any argument, and nothing is computed ahead.
    batch_variables = [
        tuple(tf.Variable(x, trainable=False) for x in rows) for rows in case.padded()
    ]
    references = tf.Variable(case.references, trainable=False)
    scale = float(case.labels**-0.5)
    tree = tree_of(case)
    flat = tf.constant(case.flat)
    n = case.flat.size

    def read_batch():
        return [tuple(x.read_value() for x in rows) for rows in batch_variables]

    if case.method == "jacobian":

        def make(form, mode):
            w = tf.Variable(flat)
            function = mode(lambda: form(tree(w.read_value()), read_batch(), scale))
            return Variant(lambda: None, lambda _: function(), lambda j: j.numpy())

        return {
            f"{a}, {b}": functools.partial(make, form, mode)
            for a, form in FORMS.items()
            for b, mode in MODES.items()
        }

    def optimizer(mode, memory, step):
        """A variant whose state are variables that the function changes in place."""
        variables = [tf.Variable(flat)] + [tf.Variable(make()) for make in memory]
        function = mode(lambda: step(read_batch(), *variables))

        def initial():
            variables[0].assign(flat)
            for variable, make in zip(variables[1:], memory):
                variable.assign(make())

        def call(_):
            function()

        return Variant(initial, call, lambda _: variables[0].numpy())

    if case.method == "ekf":
        identity = tf.eye(case.labels)

        def make(form, product, mode):
            def step(batch, w, p):
                weights = tree(w.read_value())
                xi = scale * (prediction(weights, batch) - references.read_value())
                j = form(weights, batch, scale)
                x = product(p, j)
                a = tf.matmul(x, j, transpose_b=True) + identity
                if case.labels == 1:
                    root = tf.sqrt(a)
                    u, z = x / root, xi[:, None] / root
                else:
                    factor = tf.linalg.cholesky(a)
                    u = tf.linalg.triangular_solve(factor, x)
                    z = tf.linalg.triangular_solve(factor, xi[:, None])
                w.assign_sub(tf.matmul(z, u, transpose_a=True)[0])
                p.assign_sub(tf.matmul(u, u, transpose_a=True))

            return optimizer(mode, [lambda: tf.eye(n)], step)

        best = best_form.partition(", ")[0] if best_form else None
        return {
            f"{a}, {b}, {c}": functools.partial(make, form, product, mode)
            for a, form in FORMS.items()
            if best in (None, a)
            for b, product in PRODUCTS.items()
            for c, mode in MODES.items()
        }

    def make_adam(mode):
        def step(batch, w, m, v, t):
            with tf.GradientTape() as tape:
                value = w.read_value()
                tape.watch(value)
                loss = tf.reduce_sum((scale * (prediction(tree(value), batch) - references)) ** 2)
            g = tape.gradient(loss, value)
            t.assign_add(1.0)
            m.assign(BETA_1 * m + (1 - BETA_1) * g)
            v.assign(BETA_2 * v + (1 - BETA_2) * g * g)
            rate = LEARNING_RATE * tf.sqrt(1 - BETA_2**t) / (1 - BETA_1**t)
            w.assign_sub(rate * m / (tf.sqrt(v) + EPSILON))

        zeros = functools.partial(tf.zeros, [n])
        return optimizer(mode, [zeros, zeros, lambda: tf.constant(0.0)], step)

    return {name: functools.partial(make_adam, mode) for name, mode in MODES.items()}


if __name__ == "__main__":
    serve((Case, variants_of), (MessageCase, tensorflow_messages.variants_of))
