"""What must hold of recurrent layers, as functions of the module: see checks.py."""

import math
from types import ModuleType

import numpy as np
from helpers import normal, rng
from numpy.testing import assert_allclose

from chainrule.check import gradcheck
from chainrule.layer import Layer
from chainrule.recurrent import LSTMCell

N, T, D, H = 3, 5, 2, 4
LENGTHS = np.array([3, 5, 1])


class Run(Layer):
    """A recurrent layer called by `run`: outputs and final states in, a gradient for each input out."""

    def __init__(self, layer: Layer):
        self.layer, self.subject = layer, type(layer).__name__

    def forward(self, *inputs: np.ndarray, lengths: np.ndarray | None = None) -> tuple:
        return self.layer.run(*inputs, lengths=lengths)


def drawn(layer: Layer) -> Layer:
    """The layer in float64 with all parameters drawn anew, biases too."""
    layer, generator = layer.astype(np.float64), rng(7)
    for array in layer.params.values():
        array[...] = generator.normal(0, 0.6, array.shape)
    return layer


def states(layer: Layer) -> list[np.ndarray]:
    cells = layer.cells
    return [normal(len(cells), N, H, seed=9 + i) for i in range(cells[0].states)]


def kinds(m: ModuleType) -> list[tuple[type, dict]]:
    """The recurrent layers that module m defines, with their options."""
    found = [(getattr(m, name), {}) for name in ("RNN", "LSTM", "GRU") if hasattr(m, name)]
    return found + ([(m.RNN, {"activation": "relu"})] if hasattr(m, "RNN") else [])


def recurrent_gradients(m: ModuleType) -> None:
    for kind, extra in kinds(m):
        for layers, both in ((1, False), (2, True)):
            layer = drawn(kind(D, H, rng(), layers=layers, bidirectional=both, **extra))
            for lengths in (None, LENGTHS):
                gradcheck(Run(layer), normal(N, T, D), *states(layer), rng=rng(1), lengths=lengths)
            gradcheck(layer, normal(1, 1, D), rng=rng(1))


def sigma(a: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-a))


def lstm_values(m: ModuleType) -> None:
    cell = drawn(m.LSTMCell(D, H, rng()))
    x, h, c = normal(N, T, D), normal(N, H, seed=1), normal(N, H, seed=2)
    y, (h_last, c_last), _ = cell.scan(x, np.full(N, T - 1), h, c)
    for t in range(T):
        i, f, o, g = np.split(x[:, t] @ cell.W + h @ cell.U + cell.b, 4, axis=1)
        c = sigma(f) * c + sigma(i) * np.tanh(g)
        h = sigma(o) * np.tanh(c)
        assert_allclose(y[:, t], h, atol=1e-12)
    assert_allclose(h_last, h, atol=1e-12)
    assert_allclose(c_last, c, atol=1e-12)


def gru_values(m: ModuleType) -> None:
    cell = drawn(m.GRUCell(D, H, rng()))
    x, h = normal(N, T, D), normal(N, H, seed=1)
    y, (h_last,), _ = cell.scan(x, np.full(N, T - 1), h)
    for t in range(T):
        from_x, from_h = x[:, t] @ cell.W + cell.b, h @ cell.U
        r, u = np.split(sigma((from_x + from_h)[:, : 2 * H]), 2, axis=1)
        g = np.tanh(from_x[:, 2 * H :] + r * (from_h[:, 2 * H :] + cell.b_m))
        h = (1 - u) * g + u * h
        assert_allclose(y[:, t], h, atol=1e-12)
    assert_allclose(h_last, h, atol=1e-12)


def rnn_values(m: ModuleType) -> None:
    for name, curve in (("tanh", np.tanh), ("relu", lambda a: np.maximum(a, 0))):
        cell = drawn(m.RNNCell(D, H, rng(), activation=name))
        x, h = normal(N, T, D), normal(N, H, seed=1)
        y, (h_last,), _ = cell.scan(x, np.full(N, T - 1), h)
        for t in range(T):
            h = curve(x[:, t] @ cell.W + h @ cell.U + cell.b)
            assert_allclose(y[:, t], h, atol=1e-12)
        assert_allclose(h_last, h, atol=1e-12)


def starts_as_it_says(m: ModuleType) -> None:
    """U orthogonal block by block, W of Glorot's variance, b zero but for the LSTM's forget gates."""
    for kind, _ in kinds(m):
        cell = kind(300, 100, rng(), dtype=np.float64).cells[0]
        blocks = cell.U.shape[1] // 100
        for block in np.split(cell.U, blocks, axis=1):
            assert_allclose(block.T @ block, np.eye(100), atol=1e-10)
        assert_allclose(cell.W.std(), math.sqrt(2 / 400), rtol=0.02)
        forget = [0, 1, 0, 0] if kind.__name__ == "LSTM" else [0] * blocks
        assert cell.b.reshape(blocks, 100)[:, ::99].tolist() == [[b, b] for b in forget]
    if hasattr(m, "LSTM"):
        assert m.LSTM(2, 3, rng(), forget_bias=-2.0).cells[0].b[3:6].tolist() == [-2, -2, -2]


def stack(m: ModuleType, layers: int = 1, bidirectional: bool = False) -> Layer:
    """What the module makes of the real LSTM cells."""
    return drawn(m.Recurrent(lambda width: LSTMCell(width, H, rng(width)), D, H, layers, bidirectional))


def stack_gradients(m: ModuleType) -> None:
    for layers, both in ((1, False), (3, False), (1, True), (2, True)):
        layer = stack(m, layers, both)
        for lengths in (None, LENGTHS):
            gradcheck(Run(layer), normal(N, T, D), *states(layer), rng=rng(1), lengths=lengths)
    for back in (stack(m).run(normal(N, T, D))[1], stack(m, 2, True).run(normal(N, T, D))[1]):
        assert [g.any() for g in back(None)] == [False, False, False]


def stack_is_cells_after_each_other(m: ModuleType) -> None:
    layer, x = stack(m, 2, bidirectional=True), normal(N, T, D)
    first, second = layer.cells[:2], layer.cells[2:]
    for forward, backward in (first, second):
        x = np.concatenate([forward(x)[0], backward(x[:, ::-1])[0][:, ::-1]], axis=2)
    assert_allclose(layer(normal(N, T, D))[0], x, atol=1e-12)


def what_lies_beyond_a_length_changes_nothing(m: ModuleType) -> None:
    for layers, both in ((1, False), (2, True)):
        layer, x, noise = stack(m, layers, both), normal(N, T, D), normal(N, T, D, seed=3)
        noise[0, 4] = np.nan
        outside = np.arange(T) >= LENGTHS[:, None]
        found = []
        for beyond in (np.zeros_like(noise), noise):
            ys, back = layer.run(np.where(outside[:, :, None], beyond, x), *states(layer), lengths=LENGTHS)
            layer.zero_grad()
            gradients = back(np.where(outside[:, :, None], np.nansum(beyond), ys[0]), *ys[1:])
            assert not ys[0][outside].any() and not gradients[0][outside].any()
            found.append([*ys, *gradients, layer.flat()[1].copy()])
        assert all(np.array_equal(a, b) for a, b in zip(*found, strict=True))
        for k, length in enumerate(LENGTHS):
            alone, _ = layer.run(x[k : k + 1, :length], *(s[:, k : k + 1] for s in states(layer)))
            assert_allclose(ys[0][k, :length], alone[0][0], atol=1e-12)
            assert_allclose([s[:, k] for s in ys[1:]], [s[:, 0] for s in alone[1:]], atol=1e-12)


def last_step_gradients(m: ModuleType) -> None:
    x = normal(N, T, D)
    gradcheck(m.last_step, x, rng=rng(1))
    y, back = m.last_step(x)
    assert np.array_equal(y, x[:, -1]) and not np.shares_memory(y, x) and not back(y)[:, :-1].any()
