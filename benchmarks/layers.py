"""One call of each layer and loss, forwards and back, beside the same in PyTorch eager."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from benchmarks.harness import medians, table
from chainrule import activations, losses
from chainrule.attention import MultiHeadAttention
from chainrule.convolution import AvgPool2d, Conv1d, Conv2d, ConvTranspose2d, MaxPool2d
from chainrule.dense import Dense
from chainrule.dropout import Dropout
from chainrule.embedding import Embedding
from chainrule.normalization import BatchNorm, GroupNorm, LayerNorm, RMSNorm
from chainrule.recurrent import GRU, LSTM, RNN

Pair = tuple[Any, np.ndarray, Callable[[Any], Any]]  # ours, its input, torch → theirs


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def normal(*shape: int) -> np.ndarray:
    return rng().standard_normal(shape).astype(np.float32)


FLAT, IMAGES, SERIES = normal(128, 256), normal(32, 16, 16, 16), normal(32, 20, 32)
PAIRS: dict[str, Callable[[], Pair]] = {
    "Dense": lambda: (Dense(256, 256, rng()), FLAT, lambda t: t.nn.Linear(256, 256)),
    "BatchNorm": lambda: (BatchNorm(256), FLAT, lambda t: t.nn.BatchNorm1d(256)),
    "LayerNorm": lambda: (LayerNorm(256), FLAT, lambda t: t.nn.LayerNorm(256)),
    "RMSNorm": lambda: (RMSNorm(256), FLAT, lambda t: t.nn.RMSNorm(256)),
    "GroupNorm": lambda: (GroupNorm(4, 16), IMAGES, lambda t: t.nn.GroupNorm(4, 16)),
    "Dropout": lambda: (Dropout(0.5, rng()), FLAT, lambda t: t.nn.Dropout(0.5)),
    "Conv2d": lambda: (Conv2d(16, 32, 3, rng()), IMAGES, lambda t: t.nn.Conv2d(16, 32, 3, padding=1)),
    "Conv1d": lambda: (Conv1d(32, 32, 3, rng()), normal(32, 32, 64), lambda t: t.nn.Conv1d(32, 32, 3, padding=1)),
    "ConvTranspose2d": lambda: (
        ConvTranspose2d(16, 8, 4, rng(), stride=2, padding=1),
        IMAGES,
        lambda t: t.nn.ConvTranspose2d(16, 8, 4, 2, 1),
    ),
    "MaxPool2d": lambda: (MaxPool2d(2), IMAGES, lambda t: t.nn.MaxPool2d(2)),
    "AvgPool2d": lambda: (AvgPool2d(2), IMAGES, lambda t: t.nn.AvgPool2d(2)),
    "RNN": lambda: (RNN(32, 64, rng()), SERIES, lambda t: _first(t.nn.RNN(32, 64, batch_first=True))),
    "LSTM": lambda: (LSTM(32, 64, rng()), SERIES, lambda t: _first(t.nn.LSTM(32, 64, batch_first=True))),
    "GRU": lambda: (GRU(32, 64, rng()), SERIES, lambda t: _first(t.nn.GRU(32, 64, batch_first=True))),
    "Embedding": lambda: (
        Embedding(500, 64, rng()),
        rng().integers(0, 500, (32, 64)),
        lambda t: t.nn.Embedding(500, 64),
    ),
    "MultiHeadAttention": lambda: (MultiHeadAttention(64, 4, rng()), normal(16, 64, 64), _attention),
    **{
        name: partial(lambda name, theirs: (getattr(activations, name), FLAT, theirs), name, theirs)
        for name, theirs in {
            "sigmoid": lambda t: t.sigmoid,
            "tanh": lambda t: t.tanh,
            "relu": lambda t: t.relu,
            "leaky_relu": lambda t: t.nn.functional.leaky_relu,
            "elu": lambda t: t.nn.functional.elu,
            "softplus": lambda t: t.nn.functional.softplus,
            "gelu": lambda t: t.nn.functional.gelu,
            "gelu_tanh": lambda t: partial(t.nn.functional.gelu, approximate="tanh"),
            "silu": lambda t: t.nn.functional.silu,
            "softmax": lambda t: partial(t.softmax, dim=-1),
            "log_softmax": lambda t: partial(t.log_softmax, dim=-1),
        }.items()
    },
    **{
        name: partial(lambda name, target, theirs: (_loss(name, target), FLAT, theirs), name, target, theirs)
        for name, target, theirs in (
            ("mse", FLAT[::-1].copy(), lambda t: lambda y: t.nn.functional.mse_loss(y, t.tensor(FLAT[::-1].copy()))),
            ("mae", FLAT[::-1].copy(), lambda t: lambda y: t.nn.functional.l1_loss(y, t.tensor(FLAT[::-1].copy()))),
            (
                "huber",
                FLAT[::-1].copy(),
                lambda t: lambda y: t.nn.functional.huber_loss(y, t.tensor(FLAT[::-1].copy())),
            ),
            (
                "cross_entropy",
                np.arange(128),
                lambda t: lambda y: t.nn.functional.cross_entropy(y, t.arange(128)),
            ),
        )
    },
}


def _loss(name: str, target: np.ndarray) -> Callable:
    return lambda y: getattr(losses, name)(y, target)


def _first(module: Any) -> Callable:
    return lambda x: module(x)[0]


def _attention(torch: Any) -> Callable:
    module = torch.nn.MultiheadAttention(64, 4, batch_first=True)
    return lambda x: module(x, x, x, need_weights=False)[0]


def ours(f: Any, x: np.ndarray) -> Callable[[], object]:
    """A forward and a backward pass here."""
    y, _ = f(x)
    dy = np.ones_like(y)

    def call() -> object:
        _, back = f(x)
        return back(dy) if dy.ndim else back()

    return call


def theirs(f: Callable, x: np.ndarray, torch: Any) -> Callable[[], object]:
    """The same in PyTorch, on one thread as here."""
    given = torch.tensor(x, requires_grad=x.dtype.kind == "f")
    dy = torch.ones_like(f(given))

    def call() -> object:
        torch.set_num_threads(1)
        return f(given).backward(dy)

    return call


def ratios(seconds: float = 0.8) -> dict[str, float]:
    """{name: PyTorch's time ÷ ours}, both on one thread."""
    import torch

    found = {}
    for name, make in PAIRS.items():
        f, x, build = make()
        result = medians({"ours": ours(f, x), "theirs": theirs(build(torch), x, torch)}, seconds, turns=4)
        found[name] = result["theirs"] / result["ours"]
    return found


def report() -> str:
    """The table."""
    rows = [(name, f"{ratio:.2f}") for name, ratio in ratios().items()]
    return table("Forward and backward, one thread each", ("", "PyTorch ÷ chainrule"), rows)
