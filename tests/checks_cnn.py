"""What must hold of the convolutional models, as functions of the module: see checks.py."""

from types import ModuleType

import numpy as np
from helpers import normal, rng
from numpy.testing import assert_allclose

from chainrule.convolution import Conv2d, global_average


def _pooled(x: np.ndarray, summary=np.max) -> np.ndarray:
    """2×2 windows, one after the other."""
    rows, columns = x.shape[2] // 2, x.shape[3] // 2
    cut = x[:, :, : 2 * rows, : 2 * columns].reshape(*x.shape[:2], rows, 2, columns, 2)
    return summary(cut, axis=(3, 5))


def cnn_is_its_layers(m: ModuleType) -> None:
    model = m.cnn((2, 9, 6), [3, 4], 5, rng(), hidden=[7], dtype=np.float64)
    x = normal(2, 2, 9, 6)
    h = x
    for i in (0, 3):
        h = np.maximum(0, _pooled(model[i](h)[0]))
    assert h.shape == (2, 4, 2, 1) and model[0].W.shape == (3, 2, 3, 3)
    first, last = model[7], model[9]
    z = np.maximum(0, h.reshape(2, -1) @ first.W + first.b)
    assert_allclose(model(x)[0], z @ last.W + last.b)


def lenet_5(m: ModuleType) -> None:
    model = m.lenet((1, 8, 12), 3, rng(), dtype=np.float64)
    x = normal(2, 1, 8, 12)
    h = x
    for i in (0, 3):
        h = np.tanh(_pooled(model[i](h)[0], np.mean))
    h = h.reshape(2, -1)
    for i in (7, 9):
        h = np.tanh(h @ model[i].W + model[i].b)
    assert_allclose(model(x)[0], h @ model[11].W + model[11].b)
    assert [model[i].W.shape[0] for i in (0, 3)] == [6, 16] and [model[i].W.shape[1] for i in (7, 9, 11)] == [
        120,
        84,
        3,
    ]


def residual_blocks_start_as_relu(m: ModuleType) -> None:
    """Until γ of its last normalization moves, a block is relu(x); then it is relu(x + f(x))."""
    x = normal(4, 3, 5, 4, dtype=np.float32)
    block, activation = m.residual_block(3, 3, rng())
    assert_allclose(activation(block(x)[0])[0], np.maximum(0, x), atol=1e-6)
    block.f[-1].gamma = np.ones(3)
    f = block.f[-1](block.f[-2](np.maximum(0, block.f[1](block.f[0](x)[0])[0]))[0])[0]
    assert_allclose(block(x)[0], x + f, rtol=1e-5, atol=1e-5)


def residual_cnn_halves(m: ModuleType) -> None:
    model = m.residual_cnn((2, 9, 8), [3, 5], 4, rng(), blocks=2, dtype=np.float64)
    x, sizes = normal(2, 2, 9, 8), []
    h = x
    for part in model[:-2]:
        h = part(h)[0]
        sizes.append(h.shape[1:])
    assert sizes == [(3, 9, 8)] * 7 + [(5, 5, 4)] * 4
    assert all(
        (part(-np.ones((1, 1)))[0] == 0).all()
        for part in model
        if not hasattr(part, "walk") and part is not global_average
    )
    strides = [layer.kernel.stride for _, layer in model.walk() if isinstance(layer, Conv2d)]
    assert strides == [(1, 1)] * 5 + [(2, 2), (1, 1), (2, 2)] + [(1, 1)] * 2
    assert_allclose(model(x)[0], h.mean((2, 3)) @ model[-1].W + model[-1].b)
