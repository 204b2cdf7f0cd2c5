"""Derivations that several tests hold against the library, each with how it is built and the sizes to try."""

import numpy as np
import sympy as sp

from chainrule import activations, losses
from chainrule.combine import Sequential
from chainrule.dense import Dense, LoRA, LowRank
from chainrule.symbolic import Derivation, elementwise, hadamard, matrix, ones, sigmoid, softmax, total


def dense(N, n_in, n_out):
    x, W, b = matrix("x", N, n_in), matrix("W", n_in, n_out), matrix("b", 1, n_out)
    u = matrix("u", N, n_out)
    return Derivation(
        inputs=[x],
        params={"W": W, "b": b},
        output=x * W + ones(N, 1) * b,
        upstream=u,
        gradients={x: u * W.T, W: x.T * u, b: ones(1, N) * u},
    )


def low_rank(N, n_in, r, n_out):
    x, A, B, b = matrix("x", N, n_in), matrix("A", n_in, r), matrix("B", r, n_out), matrix("b", 1, n_out)
    u = matrix("u", N, n_out)
    return Derivation(
        inputs=[x],
        params={"A": A, "B": B, "b": b},
        output=x * A * B + ones(N, 1) * b,
        upstream=u,
        gradients={x: u * B.T * A.T, A: x.T * u * B.T, B: A.T * x.T * u, b: ones(1, N) * u},
    )


def lora(N, n_in, r, n_out):
    x, W0, b0, u = matrix("x", N, n_in), matrix("W_0", n_in, n_out), matrix("b_0", 1, n_out), matrix("u", N, n_out)
    A, B, s = matrix("A", n_in, r), matrix("B", r, n_out), sp.Symbol("s", real=True)
    return Derivation(
        inputs=[x],
        params={"A": A, "B": B, "_W": W0, "_b": b0},
        output=x * (W0 + s * A * B) + ones(N, 1) * b0,
        upstream=u,
        gradients={x: u * (W0 + s * A * B).T, A: s * x.T * u * B.T, B: s * A.T * x.T * u},
        constants={s: 1.5},
    )


def pointwise(function, slope):
    """The derivation of y = f(x) entry by entry with dx = u ∘ slope(x)."""

    def derive(N, n):
        x, u = matrix("x", N, n), matrix("u", N, n)
        y = elementwise(function, x)
        return Derivation(inputs=[x], output=y, upstream=u, gradients={x: hadamard(u, elementwise(slope, x))})

    return derive


def tanh(N, n):
    x, y, u = matrix("x", N, n), matrix("y", N, n), matrix("u", N, n)
    return Derivation(
        inputs=[x],
        where={y: elementwise(sp.tanh, x)},
        output=y,
        upstream=u,
        gradients={x: hadamard(u, elementwise(lambda v: 1 - v**2, y))},
    )


def softmax_rows(N, C):
    x, y, u = matrix("x", N, C), matrix("y", N, C), matrix("u", N, C)
    return Derivation(
        inputs=[x],
        where={y: softmax(x)},
        output=y,
        upstream=u,
        gradients={x: hadamard(y, u - hadamard(u, y) * ones(C, 1) * ones(1, C))},
    )


def mse(N, n):
    y, t = matrix("y", N, n), matrix("t", N, n)
    error = y - t
    return Derivation(inputs=[y, t], output=total(hadamard(error, error)) / (N * n), gradients={y: 2 * error / (N * n)})


def huber(N, n):
    y, t, delta = matrix("y", N, n), matrix("t", N, n), sp.Symbol("delta", positive=True)
    loss = elementwise(lambda e: sp.Piecewise((e**2 / 2, abs(e) <= delta), (delta * (abs(e) - delta / 2), True)), y - t)
    clipped = elementwise(lambda e: sp.Max(-delta, sp.Min(e, delta)), y - t)
    return Derivation(
        inputs=[y, t], output=total(loss) / (N * n), gradients={y: clipped / (N * n)}, constants={delta: 1.0}
    )


def bce(N, n):
    logits, t = matrix("l", N, n), matrix("t", N, n, "unit")
    loss = total(elementwise(lambda v: sp.log(1 + sp.exp(v)), logits) - hadamard(t, logits)) / (N * n)
    return Derivation(inputs=[logits, t], output=loss, gradients={logits: (elementwise(sigmoid, logits) - t) / (N * n)})


def cross_entropy(N, C, kind="distribution"):
    logits, t, p = matrix("l", N, C), matrix("t", N, C, kind), matrix("p", N, C)
    return Derivation(
        inputs=[logits, t],
        where={p: softmax(logits)},
        output=-total(hadamard(t, elementwise(sp.log, p))) / N,
        gradients={logits: (p - t) / N},
    )


def cross_entropy_classes(N, C):
    return cross_entropy(N, C, "one-hot")


def network(N, n_in, hidden, n_out):
    """Dense, tanh, Dense and binary cross-entropy: every gradient of a two-layer network."""
    x, t = matrix("x", N, n_in), matrix("t", N, n_out, "unit")
    W1, b1, W2, b2 = (
        matrix("W_1", n_in, hidden), matrix("b_1", 1, hidden), matrix("W_2", hidden, n_out), matrix("b_2", 1, n_out)
    )  # fmt: skip
    h, logits, dl, da = matrix("h", N, hidden), matrix("l", N, n_out), matrix("dl", N, n_out), matrix("da", N, hidden)
    return Derivation(
        inputs=[x, t],
        params={"layers.0.W": W1, "layers.0.b": b1, "layers.2.W": W2, "layers.2.b": b2},
        where={
            h: elementwise(sp.tanh, x * W1 + ones(N, 1) * b1),
            logits: h * W2 + ones(N, 1) * b2,
            dl: (elementwise(sigmoid, logits) - t) / (N * n_out),
            da: hadamard(dl * W2.T, elementwise(lambda v: 1 - v**2, h)),
        },
        output=total(elementwise(lambda v: sp.log(1 + sp.exp(v)), logits) - hadamard(t, logits)) / (N * n_out),
        gradients={x: da * W1.T, W1: x.T * da, b1: ones(1, N) * da, W2: h.T * dl, b2: ones(1, N) * dl},
    )


class WithLoss(Sequential):
    """A model and its loss as one function of (x, target)."""

    def forward(self, x, target):
        logits, back_model = super().forward(x)
        loss, back_loss = losses.bce(logits, target)
        return loss, lambda dloss=1.0: back_model(back_loss(dloss))


def rng():
    return np.random.default_rng(0)


def new_dense(N, n_in, n_out):
    return Dense(n_in, n_out, rng())


def new_low_rank(N, n_in, r, n_out):
    return LowRank(n_in, n_out, r, rng())


def new_lora(N, n_in, r, n_out):
    return LoRA(Dense(n_in, n_out, rng()), r, rng(), alpha=1.5 * r)


def new_network(N, n_in, hidden, n_out):
    return WithLoss(Dense(n_in, hidden, rng()), activations.tanh, Dense(hidden, n_out, rng()))


def with_classes(logits, t):
    return losses.cross_entropy(logits, t.argmax(-1))


def constant(thing):
    """A builder that ignores the sizes: functions and losses have none."""
    return lambda *sizes: thing


MATRICES = [(1, 1), (2, 3)]
CASES = {
    "dense": (dense, new_dense, [(2, 3, 2), (1, 2, 3), (3, 1, 2)]),
    "low rank": (low_rank, new_low_rank, [(2, 3, 1, 2), (1, 2, 2, 3)]),
    "lora": (lora, new_lora, [(2, 3, 1, 2), (1, 2, 2, 3)]),
    "tanh": (tanh, constant(activations.tanh), MATRICES),
    "softmax": (softmax_rows, constant(activations.softmax), [(1, 2), (2, 3)]),
    "mse": (mse, constant(losses.mse), MATRICES),
    "huber": (huber, constant(losses.huber), MATRICES),
    "bce": (bce, constant(losses.bce), [(1, 1), (3, 1), (2, 2)]),
    "cross-entropy, soft targets": (cross_entropy, constant(losses.cross_entropy), [(1, 2), (2, 3)]),
    "cross-entropy, classes": (cross_entropy_classes, constant(with_classes), [(1, 2), (2, 3)]),
    "network with loss": (network, new_network, [(2, 2, 3, 1), (1, 2, 2, 2)]),
}
ACTIVATIONS = {
    "sigmoid": (sigmoid, lambda v: sigmoid(v) * (1 - sigmoid(v))),
    "relu": (lambda v: sp.Max(v, 0), sp.Heaviside),
    "leaky_relu": (
        lambda v: sp.Piecewise((v, v > 0), (v / 100, True)),
        lambda v: sp.Piecewise((1, v > 0), (sp.Rational(1, 100), True)),
    ),
    "elu": (
        lambda v: sp.Piecewise((v, v > 0), (sp.exp(v) - 1, True)),
        lambda v: sp.Piecewise((1, v > 0), (sp.exp(v), True)),
    ),
    "softplus": (lambda v: sp.log(1 + sp.exp(v)), sigmoid),
    "gelu": (
        lambda v: v * (1 + sp.erf(v / sp.sqrt(2))) / 2,
        lambda v: (1 + sp.erf(v / sp.sqrt(2))) / 2 + v * sp.exp(-(v**2) / 2) / sp.sqrt(2 * sp.pi),
    ),
    "silu": (lambda v: v * sigmoid(v), lambda v: sigmoid(v) * (1 + v * (1 - sigmoid(v)))),
}
for name, (function, slope) in ACTIVATIONS.items():
    CASES[name] = (pointwise(function, slope), constant(getattr(activations, name)), MATRICES)
