"""Dense layers, compositions, activations and losses beside PyTorch's."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from helpers import normal, rng

from chainrule import activations, losses
from chainrule.combine import Concat, Parallel, Residual, Sequential
from chainrule.dense import Dense, LoRA, LowRank
from peers import F, Peer, torch

X = 2 * normal(5, 3)
TARGET = normal(5, 3, seed=1)
LABELS = np.array([0, 2, 1, 1, 0])
ROWS = np.exp(TARGET) / np.exp(TARGET).sum(1, keepdims=True)
WEIGHTS = np.array([1.0, 0, 2, 0.5, 1])


def function(subject: str, options: dict, theirs: Callable, x: np.ndarray = X) -> Peer:
    """An activation, which takes x and nothing else that has a gradient."""
    return Peer(subject, lambda: (getattr(activations, subject), (x,), options), theirs)


def loss(subject: str, target: np.ndarray, theirs: Callable[[Any, Any], Any], **options: Any) -> Peer:
    """A loss of predictions X: the target is a constant, so only the predictions are given as an input."""
    f = getattr(losses, subject)
    return Peer(
        subject, lambda: (partial(_with_target, f, target), (X,), options), lambda y: theirs(y, _tensor(target))
    )


def _with_target(f: Callable, target: np.ndarray, y: np.ndarray, **options: Any) -> tuple:
    return f(y, target, **options)


def _tensor(array: np.ndarray) -> Any:
    return torch.tensor(array)


def _lora() -> tuple:
    layer = LoRA(Dense(3, 4, rng()), 2, rng(1), alpha=3.0)
    return layer, (X,), {}


def _their_lora(x: Any, A: Any, B: Any) -> Any:
    base = Dense(3, 4, rng()).astype(np.float64)
    return F.linear(x, _tensor(base.W.T), _tensor(base.b)) + 1.5 * (x @ A) @ B


PEERS = {
    "Dense": Peer("Dense", lambda: (Dense(3, 4, rng()), (X,), {}), lambda x, W, b: F.linear(x, W.T, b)),
    "Dense, no bias, 3-D": Peer(
        "Dense", lambda: (Dense(3, 2, rng(), bias=False), (normal(2, 4, 3),), {}), lambda x, W: F.linear(x, W.T)
    ),
    "LowRank": Peer("LowRank", lambda: (LowRank(3, 5, 2, rng()), (X,), {}), lambda x, A, B, b: (x @ A) @ B + b),
    "LoRA": Peer("LoRA", _lora, _their_lora),
    "Sequential": Peer(
        "Sequential",
        lambda: (Sequential(Dense(3, 4, rng()), activations.tanh, Dense(4, 2, rng(1))), (X,), {}),
        lambda x, layers_0_W, layers_0_b, layers_2_W, layers_2_b: F.linear(
            F.linear(x, layers_0_W.T, layers_0_b).tanh(), layers_2_W.T, layers_2_b
        ),
    ),
    "Residual": Peer(
        "Residual", lambda: (Residual(Dense(3, 3, rng())), (X,), {}), lambda x, f_W, f_b: x + F.linear(x, f_W.T, f_b)
    ),
    "Parallel": Peer(
        "Parallel",
        lambda: (Parallel(Dense(3, 2, rng()), Dense(3, 2, rng(1), bias=False)), (X,), {}),
        lambda x, branches_0_W, branches_0_b, branches_1_W: x @ branches_0_W + branches_0_b + x @ branches_1_W,
    ),
    "Concat": Peer(
        "Concat",
        lambda: (Concat(Dense(3, 2, rng(), bias=False), activations.sigmoid), (X,), {}),
        lambda x, branches_0_W: _joined(x @ branches_0_W, x.sigmoid()),
    ),
    "sigmoid": function("sigmoid", {}, lambda x: x.sigmoid()),
    "tanh": function("tanh", {}, lambda x: x.tanh()),
    "relu": function("relu", {}, lambda x: F.relu(x)),
    "leaky relu": function("leaky_relu", {"slope": 0.2}, lambda x: F.leaky_relu(x, 0.2)),
    "elu": function("elu", {"alpha": 1.5}, lambda x: F.elu(x, 1.5)),
    "softplus": function("softplus", {}, lambda x: F.softplus(x, threshold=800), 20 * X),
    "gelu": function("gelu", {}, lambda x: F.gelu(x)),
    "gelu by tanh": function("gelu_tanh", {}, lambda x: F.gelu(x, approximate="tanh")),
    "silu": function("silu", {}, lambda x: F.silu(x)),
    "softmax": function("softmax", {}, lambda x: F.softmax(x, -1), 30 * X),
    "log softmax": function("log_softmax", {}, lambda x: F.log_softmax(x, -1), 30 * X),
    "mse": loss("mse", TARGET, lambda y, t: F.mse_loss(y, t)),
    "mae": loss("mae", TARGET, lambda y, t: F.l1_loss(y, t)),
    "huber": loss("huber", TARGET, lambda y, t: F.huber_loss(y, t, delta=0.7), delta=0.7),
    "bce": loss("bce", ROWS, lambda y, t: F.binary_cross_entropy_with_logits(y, t)),
    "cross entropy": loss("cross_entropy", LABELS, lambda y, t: F.cross_entropy(y, t)),
    "cross entropy of rows": loss("cross_entropy", ROWS, lambda y, t: F.cross_entropy(y, t)),
    "cross entropy, smoothed": loss(
        "cross_entropy", LABELS, lambda y, t: F.cross_entropy(y, t, label_smoothing=0.2), smoothing=0.2
    ),
    "cross entropy, weighted": loss(
        "cross_entropy",
        LABELS,
        lambda y, t: (F.cross_entropy(y, t, reduction="none") * _tensor(WEIGHTS)).sum() / WEIGHTS.sum(),
        weights=WEIGHTS,
    ),
    "kl": loss("kl", ROWS, lambda y, t: F.kl_div(F.log_softmax(y, -1), t, reduction="batchmean")),
}


def _joined(*tensors: Any) -> Any:
    return torch.cat(tensors, -1)


def random_loss(generator: np.random.Generator) -> Peer:
    """Cross-entropy of logits of any size, so large that a naive softmax overflows."""
    n, c = generator.integers(1, 9, 2)
    logits, labels = generator.normal(0, 400, (n, c)), generator.integers(0, c, n)
    smoothing = float(generator.choice([0, 0.1, 0.9]))
    return Peer(
        "cross_entropy",
        lambda: (partial(_with_target, losses.cross_entropy, labels), (logits,), {"smoothing": smoothing}),
        lambda y: F.cross_entropy(y, _tensor(labels), label_smoothing=smoothing),
    )


def random_activation(generator: np.random.Generator) -> Peer:
    """One of those without options, on an array of any shape."""
    subject, theirs = list(
        {"sigmoid": "sigmoid", "tanh": "tanh", "relu": "relu", "gelu": "gelu", "silu": "silu"}.items()
    )[generator.integers(5)]
    x = generator.normal(0, 5, generator.integers(1, 5, generator.integers(1, 4)))
    return Peer(subject, lambda: (getattr(activations, subject), (x,), {}), lambda x: getattr(F, theirs)(x))


RANDOM = [random_loss, random_activation]
