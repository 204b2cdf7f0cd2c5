"""What several test files share: generators, small layers, and the questions that every public callable answers."""

import copy

import numpy as np

from chainrule.combine import Concat, Parallel, Residual, Sequential
from chainrule.dense import Dense, LoRA, LowRank
from chainrule.layer import Layer
from chainrule.models.mlp import mlp

SHAPES = [(3,), (1, 3), (7, 3), (2, 5, 3)]  # a single row, a batch of one, an odd batch, an extra leading axis


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def normal(*shape: int, seed: int = 0, dtype: type = np.float64) -> np.ndarray:
    return rng(seed).standard_normal(shape).astype(dtype)


class Noise(Layer):
    """Dropout's little sister, to test modes and generators: y = x · r in training, y = x otherwise."""

    def __init__(self, seed: int = 0):
        self.rng = rng(seed)

    def forward(self, x: np.ndarray) -> tuple:
        factor = self.rng.uniform(0.5, 1.5, x.shape).astype(x.dtype) if self.training else np.ones_like(x)
        return x * factor, lambda dy: dy * factor


class Scale(Layer):
    """A parameter beside a child, to test order in the vector: y = f(x · s)."""

    def __init__(self, f: Layer):
        self.parameters(s=np.full(3, 2, np.float32))
        self.f = f

    def forward(self, x: np.ndarray) -> tuple:
        y, back = self.f(x * self.s)

        def backward(dy: np.ndarray) -> np.ndarray:
            dx = back(dy)
            if not self._frozen:
                self.ds += (dx * x).reshape(-1, 3).sum(0)
            return dx * self.s

        return y, backward


def tied() -> Sequential:
    """One layer in two places."""
    shared = Dense(3, 3, rng())
    return Sequential(shared, Noise(), shared)


def lora() -> LoRA:
    """A LoRA whose B has left zero."""
    layer = LoRA(Dense(3, 4, rng()), 2, rng(1), alpha=3.0)
    layer.B = normal(2, 4)
    return layer


LAYERS = {  # each takes x (..., 3)
    "Dense": lambda: Dense(3, 4, rng()),
    "Dense without bias": lambda: Dense(3, 1, rng(), bias=False),
    "LowRank": lambda: LowRank(3, 5, 2, rng()),
    "LoRA": lora,
    "Sequential": lambda: Sequential(Dense(3, 4, rng()), Dense(4, 2, rng())),
    "Residual": lambda: Residual(Dense(3, 3, rng())),
    "Parallel": lambda: Parallel(Dense(3, 2, rng(0)), Dense(3, 2, rng(1))),
    "Concat": lambda: Concat(Dense(3, 2, rng(0)), Dense(3, 1, rng(1)), Dense(3, 4, rng(2))),
    "mlp": lambda: mlp([3, 5, 4, 2], rng()),
    "tied, noisy": tied,
    "Scale": lambda: Scale(Dense(3, 2, rng())),
}


def expect_contract(f, shape: tuple[int, ...], dtype: type) -> None:
    """x and dy are not written, the dtype is kept, the output is new and a second call leaves it alone."""
    x, was = normal(*shape, dtype=dtype), normal(*shape, dtype=dtype)
    x.setflags(write=False)
    f = f.astype(dtype) if isinstance(f, Layer) else f
    y, back = f(x)
    dy = normal(*y.shape, seed=1, dtype=dtype)
    dy.setflags(write=False)
    first = y.copy()
    f(2 * x)
    dx = back(dy)
    assert (x == was).all() and (y == first).all()
    assert y.dtype == dx.dtype == dtype and dx.shape == x.shape
    assert not np.shares_memory(y, x) and not np.shares_memory(dx, dy)
    for arrays in (f.params, f.grads) if isinstance(f, Layer) else ():
        for name, array in arrays.items():
            assert array.dtype == dtype, name
            assert not np.shares_memory(y, array) and not np.shares_memory(dx, array), name


def step_once(model: Layer, optimizer, x: np.ndarray) -> float:
    """One step that lowers Σ y²; returns how far the farthest parameter moved."""
    before = copy.deepcopy(model.params)
    model.zero_grad()
    y, back = model(x)
    back(2 * y)
    optimizer.step()
    return max(float(np.abs(model.params[k] - before[k]).max()) for k in before)
