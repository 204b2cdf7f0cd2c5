"""What must hold of pooling, upsampling and reshaping, as functions of the module: see checks.py."""

from itertools import product
from types import ModuleType

import numpy as np
from helpers import normal, rng
from numpy.testing import assert_allclose

from chainrule.check import gradcheck


def pool_gradients(m: ModuleType) -> None:
    for size, stride, padding in ((2, None, 0), (3, 2, 1), ((1, 3), (2, 1), 0), ((2, 1), 3, 0), (1, 1, 0), (1, 2, 0)):
        for pool in (m.MaxPool2d, m.AvgPool2d):
            gradcheck(pool(size, stride, padding), normal(2, 2, 7, 6), rng=rng(1))
    for shape in ((2, 3, 4, 5), (1, 2, 7), (2, 1, 2, 3, 2)):
        gradcheck(m.global_average, normal(*shape), rng=rng(1))


def pool_values(m: ModuleType) -> None:
    x = np.arange(12.0).reshape(1, 1, 3, 4) - 20  # all below zero: padding must not win
    assert m.MaxPool2d(2)(x)[0].tolist() == [[[[-15, -13]]]]
    assert m.MaxPool2d(2, 2, 1)(x)[0].tolist() == [[[[-20, -18, -17], [-12, -10, -9]]]]
    assert m.AvgPool2d(2)(x)[0].tolist() == [[[[-17.5, -15.5]]]]
    assert m.AvgPool2d((1, 2), (1, 1), 0)(x)[0].tolist() == [
        [[[-19.5, -18.5, -17.5], [-15.5, -14.5, -13.5], [-11.5, -10.5, -9.5]]]
    ]
    assert_allclose(m.AvgPool2d(3, 3, 1)(x)[0], [[[[-70 / 9, -62 / 9]]]])
    assert m.global_average(x)[0].tolist() == [[-14.5]]


def the_first_of_equals_wins(m: ModuleType) -> None:
    """In reading order, over windows that do and do not overlap."""
    for window, first in (([[5, 5], [5, 5]], 0), ([[0, 7], [7, 0]], 1), ([[0, 0], [3, 3]], 2), ([[1, 2], [2, 2]], 1)):
        x = np.array(window, float)[None, None]
        dx = m.MaxPool2d(2)(x)[1](np.ones((1, 1, 1, 1)))
        assert dx.ravel().tolist() == np.eye(4)[first].tolist()
    dx = m.MaxPool2d(2, 1)(np.ones((1, 1, 3, 3)))[1](np.array([[[[1.0, 2], [4, 8]]]]))
    assert dx.tolist() == [[[[1, 2, 0], [4, 8, 0], [0, 0, 0]]]]


def upsample_gradients(m: ModuleType) -> None:
    for factor, mode in product((1, 2, (3, 2)), ("nearest", "bilinear")):
        gradcheck(m.Upsample(factor, mode), normal(2, 3, 2, 4), rng=rng(1))


def upsample_values(m: ModuleType) -> None:
    x = np.array([[[[0.0, 4], [8, 16]]]])
    assert m.Upsample(2)(x)[0].tolist() == [[[[0, 0, 4, 4], [0, 0, 4, 4], [8, 8, 16, 16], [8, 8, 16, 16]]]]
    assert m.Upsample((1, 3))(x)[0][0, 0, 0].tolist() == [0, 0, 0, 4, 4, 4]
    y = m.Upsample((1, 2), "bilinear")(x)[0]
    assert y.tolist() == [[[[0, 1, 3, 4], [8, 10, 14, 16]]]]
    assert m.Upsample((2, 1), "bilinear")(x)[0][0, 0, :, 0].tolist() == [0, 2, 6, 8]


def reshaping(m: ModuleType) -> None:
    x = normal(2, 3, 4, 6)
    for f in (m.flatten, lambda x: m.patches(x, 2)):
        gradcheck(f, x, rng=rng(1))
        assert np.array_equal(f(x)[1](f(x)[0]), x)
    assert m.flatten(x)[0].tolist() == x.reshape(2, -1).tolist()
    y = m.patches(x, 2)[0]
    for p, (i, j) in enumerate(product(range(2), range(3))):
        assert np.array_equal(y[:, p], x[:, :, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2].reshape(2, -1))
