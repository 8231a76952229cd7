"""Cases 1 to 3 in PyTorch, eager and compiled; several forms of each, of which the best counts."""

import functools
import math

import numpy as np
import torch

from workload import BETA_1, BETA_2, EPSILON, LEARNING_RATE, THREADS, Case, Variant, serve, shapes

torch.set_num_threads(THREADS)
MODES = {
    "eager": lambda function: function,
    "compile": lambda function: torch.compile(function, dynamic=False, fullgraph=True),
}


def outputs(layers, rows):
    """The energies of the rows of one element, or minus their slopes along the directions."""
    (w1, b1), (w2, b2), (w3, b3) = layers
    a1 = torch.tanh(rows[0] @ w1 + b1)
    a2 = torch.tanh(a1 @ w2 + b2)
    if len(rows) == 1:
        return (a2 @ w3 + b3)[..., 0]
    t1 = (1 - a1 * a1) * (rows[1] @ w1)
    t2 = (1 - a2 * a2) * (t1 @ w2)
    return -(t2 @ w3)[..., 0]


def prediction(weights, batch):
    return sum(outputs(layers, rows).sum(-1) for layers, rows in zip(weights, batch))


def jacobian_by_vmap(weights, batch, scale):
    labels = batch[0][0].shape[0]
    gradients = torch.func.vmap(torch.func.grad(prediction), in_dims=(None, 0))(weights, batch)
    parts = [x.reshape(labels, -1) for element in gradients for pair in element for x in pair]
    return scale * torch.cat(parts, 1)


def jacobian_by_hand(weights, batch, scale):
    """Backpropagation written out: one batched product for each layer's weights."""
    labels = batch[0][0].shape[0]

    def outer(a, b):
        return torch.bmm(a.transpose(1, 2), b)

    parts = []
    for layers, rows in zip(weights, batch):
        (w1, b1), (w2, b2), (w3, b3) = layers
        x, v3 = rows[0], w3[:, 0]
        a1 = torch.tanh(x @ w1 + b1)
        a2 = torch.tanh(a1 @ w2 + b2)
        s1, s2 = 1 - a1 * a1, 1 - a2 * a2
        if len(rows) == 1:
            z2 = s2 * v3
            z1 = s1 * (z2 @ w2.T)
            count = torch.full((labels, 1), float(x.shape[1]))
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
            first = outer(torch.cat([v, x], 1), torch.cat([d1, z1], 1))
            second = outer(torch.cat([t1, a1], 1), torch.cat([d2, z2], 1))
            parts += [first, z1.sum(1), second, z2.sum(1), -t2.sum(1), torch.zeros(labels, 1)]
    return scale * torch.cat([part.reshape(labels, -1) for part in parts], 1)


FORMS = {"vmap": jacobian_by_vmap, "by hand": jacobian_by_hand}


def subtract_gemm(p, u):
    p.addmm_(u.T, u, alpha=-1)


def subtract_outer(p, u):
    """The compiler fuses the products into one loop over P."""
    total = p
    for row in u:
        total = total - row[:, None] * row[None, :]
    p.copy_(total)


PRODUCTS = {"J P": lambda p, j: j @ p, "P J^T": lambda p, j: (p @ j.T).T}


def tree_of(case):
    """The layers of all elements as views of a flat vector."""
    parts = [(start, start + math.prod(shape), shape) for start, shape in shapes(case)]
    layers = len(case.weights[0])

    def apply(w):
        arrays = iter([w[start:end].view(shape) for start, end, shape in parts])
        return [[(next(arrays), next(arrays)) for _ in range(layers)] for _ in case.weights]

    return apply


def tensor(array):
    return torch.from_numpy(np.array(array))


def variants_of(case, best_form):
    torch._dynamo.reset()
    batch = [tuple(tensor(x) for x in rows) for rows in case.padded()]
    references = tensor(case.references)
    scale = float(case.labels**-0.5)
    tree = tree_of(case)
    flat = tensor(case.flat)
    n = case.flat.size

    if case.method == "jacobian":
        weights = tree(flat)

        def make(form, mode):
            function = mode(lambda weights, batch: form(weights, batch, scale))
            call = torch.no_grad()(lambda _: function(weights, batch))
            return Variant(lambda: None, call, lambda j: j.numpy())

        return {
            f"{a}, {b}": functools.partial(make, form, mode)
            for a, form in FORMS.items()
            for b, mode in MODES.items()
            if (a, b) != ("vmap", "eager")  # never the best, by a factor of ten
        }

    if case.method == "ekf":
        identity = torch.eye(case.labels)

        def make(form, product, update, mode, split):
            """With `split` only the Jacobian is compiled, and P's products are plain calls."""

            def jacobian(w):
                xi = scale * (prediction(tree(w), batch) - references)
                return form(tree(w), batch, scale), xi

            compiled = mode(jacobian) if split else jacobian

            def step(w, p):
                j, xi = compiled(w)
                x = product(p, j)
                a = torch.addmm(identity, x, j.T)
                if case.labels == 1:
                    root = a.sqrt()
                    u, z = x / root, xi / root[0]
                else:
                    factor = torch.linalg.cholesky(a)
                    u = torch.linalg.solve_triangular(factor, x, upper=False)
                    z = torch.linalg.solve_triangular(factor, xi[:, None], upper=False)[:, 0]
                w.sub_(z @ u)
                update(p, u)

            function = step if split else mode(step)

            def call(state):
                with torch.no_grad():
                    function(*state)
                return state

            return Variant(lambda: (flat.clone(), torch.eye(n)), call, lambda s: s[0].numpy())

        result = {}
        form, _, jacobian_mode = (best_form or "by hand, compile").partition(", ")
        for b, product in PRODUCTS.items():
            # The products are calls of a library, compiled or not.
            result[f"{form}, {b}, gemm, {jacobian_mode} J"] = functools.partial(
                make, FORMS[form], product, subtract_gemm, MODES[jacobian_mode], True)
        result[f"{form}, P J^T, outer, compile"] = functools.partial(
            make, FORMS[form], PRODUCTS["P J^T"], subtract_outer, MODES["compile"], False)
        return result

    def make_adam(mode):
        def loss(w):
            return ((scale * (prediction(tree(w), batch) - references)) ** 2).sum()

        def step(w, m, v, t):
            g = torch.func.grad(loss)(w)
            t += 1
            m.mul_(BETA_1).add_(g, alpha=1 - BETA_1)
            v.mul_(BETA_2).addcmul_(g, g, value=1 - BETA_2)
            rate = LEARNING_RATE * (1 - BETA_2**t).sqrt() / (1 - BETA_1**t)
            w.sub_(rate * m / (v.sqrt() + EPSILON))

        function = mode(step)

        def call(state):
            function(*state)
            return state

        return Variant(
            lambda: (flat.clone(), torch.zeros(n), torch.zeros(n), torch.zeros(())),
            call, lambda state: state[0].numpy())

    def make_fused():
        """The library's own fused optimizer, its ε being added after the bias correction."""
        w = flat.clone().requires_grad_()
        optimizer = torch.optim.Adam(
            [w], lr=LEARNING_RATE, betas=(BETA_1, BETA_2), eps=EPSILON, fused=True)
        compiled = torch.compile(
            lambda w: torch.func.grad(
                lambda w: ((scale * (prediction(tree(w), batch) - references)) ** 2).sum())(w),
            dynamic=False, fullgraph=True)

        def initial():
            optimizer.state.clear()
            with torch.no_grad():
                w.copy_(flat)

        def call(_):
            w.grad = compiled(w.detach())
            optimizer.step()

        return Variant(initial, call, lambda _: w.detach().numpy())

    return {name: functools.partial(make_adam, mode) for name, mode in MODES.items()} | {
        "compiled gradient, fused optimizer": make_fused
    }


if __name__ == "__main__":
    serve((Case, variants_of))
