"""What must hold of the layers that normalise, and of dropout, as functions of the module: see checks.py."""

import math
from types import ModuleType

import numpy as np
from helpers import normal, rng
from numpy.testing import assert_allclose

from chainrule.check import gradcheck

SHAPES = ((5, 4), (3, 4, 5), (2, 4, 3, 2))  # features, and channels with one and two axes of places


def channel_major(x: np.ndarray) -> np.ndarray:
    """The same numbers in the memory layout of a convolution: channels outermost, examples innermost."""
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(x, 0, -1)), -1, 0)


def randomised(layer):
    """The layer in float64 with every array that it owns drawn anew, variances positive."""
    layer = layer.astype(np.float64)
    for i, (name, array) in enumerate((layer.params | layer.kept).items()):
        array[...] = normal(*array.shape, seed=20 + i)
        if name.endswith("var"):
            array[...] = np.exp(array)
    return layer


def channel_sums_of_every_layout(m: ModuleType) -> None:
    for shape in (*SHAPES, (1, 4, 3), (3, 1, 2), (0, 4, 2)):
        x = normal(*shape)
        for laid in (x, channel_major(x), np.repeat(x, 2, axis=0)[::2]):
            assert_allclose(m.channel_sums(laid), np.moveaxis(x, 1, 0).reshape(shape[1], -1).sum(1), atol=1e-12)


def every_order_of_memory(m: ModuleType) -> None:
    """300 places: two whole blocks of a transposition, and a part of one."""
    for shape in ((5, 4), (3, 4, 75), (2, 3, 4, 25), (0, 4, 2), (1, 1, 1)):
        x = normal(*shape)
        for laid in (x, channel_major(x), np.repeat(x, 2, axis=0)[::2], x[..., ::-1].copy()[..., ::-1]):
            for model in (x, channel_major(x), x.swapaxes(0, 1).copy().swapaxes(0, 1)):
                found = m.laid_out_like(laid, model)
                assert np.array_equal(found, x)
                assert x.size < 2 or found.strides == model.strides


def batch_norm_gradients(m: ModuleType) -> None:
    for shape in SHAPES:
        for x in (normal(*shape), channel_major(normal(*shape))):
            for layer in (m.BatchNorm(4), m.BatchNorm(4, eps=0.3), m.BatchNorm(4).evaluate()):
                gradcheck(randomised(layer), x, rng=rng(1))


def batch_norm_is_the_sum_of_three_paths(m: ModuleType) -> None:
    """Through x itself, through the mean and through the variance, each as the chain rule gives it."""
    layer, x, dy = randomised(m.BatchNorm(4, eps=0.1)), normal(6, 4), normal(6, 4, seed=1)
    mean, sigma = x.mean(0), np.sqrt(x.var(0) + 0.1)
    dxhat = dy * layer.gamma
    dvariance = (dxhat * (x - mean)).sum(0) * -0.5 / sigma**3
    dmean = -dxhat.sum(0) / sigma + dvariance * -2 * (x - mean).mean(0)
    assert_allclose(layer(x)[1](dy), dxhat / sigma + dmean / 6 + dvariance * 2 * (x - mean) / 6, atol=1e-12)


def batch_norm_values(m: ModuleType) -> None:
    for shape in SHAPES:
        layer, x = randomised(m.BatchNorm(4, eps=0.5)), 3 + 2 * normal(*shape)
        axes, column = (0, *range(2, x.ndim)), (4,) + (1,) * (x.ndim - 2)
        expected = (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + 0.5)
        assert_allclose(layer(x)[0], layer.gamma.reshape(column) * expected + layer.beta.reshape(column))


def batch_norm_running_statistics(m: ModuleType) -> None:
    layer, x = m.BatchNorm(4, momentum=0.25, dtype=np.float64), 3 + 2 * normal(2, 4, 3)
    for _ in range(2):
        layer(x)
    assert_allclose(layer.running_mean, (1 - 0.75**2) * x.mean((0, 2)))
    assert_allclose(layer.running_var, 0.75**2 + (1 - 0.75**2) * x.var((0, 2), ddof=1))
    layer, was = randomised(layer).evaluate(), None
    was = {name: array.copy() for name, array in layer.kept.items()}
    column = [array[:, None] for array in (layer.gamma, layer.running_mean, layer.running_var, layer.beta)]
    gamma, mean, variance, beta = column
    assert_allclose(layer(x)[0], gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta)
    assert all(np.array_equal(was[name], array) for name, array in layer.kept.items())


def row_norm_gradients(m: ModuleType) -> None:
    for shape in ((4,), (5, 4), (1, 4), (2, 3, 4)):
        for layer in (m.LayerNorm(4), m.LayerNorm(4, eps=0.3), m.RMSNorm(4), m.RMSNorm(4, eps=0.3)):
            gradcheck(randomised(layer), normal(*shape), rng=rng(1))


def row_norm_values(m: ModuleType) -> None:
    x, layer, rms = 1 + normal(2, 3, 4), randomised(m.LayerNorm(4, eps=0.5)), randomised(m.RMSNorm(4, eps=0.5))
    centred = x - x.mean(-1, keepdims=True)
    expected = layer.gamma * centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 0.5) + layer.beta
    assert_allclose(layer(x)[0], expected)
    assert_allclose(rms(x)[0], rms.gamma * x / np.sqrt((x * x).mean(-1, keepdims=True) + 0.5))


def group_norm_gradients(m: ModuleType) -> None:
    for shape in SHAPES:
        for groups in (1, 2) if len(shape) == 2 else (1, 2, 4):
            for x in (normal(*shape), channel_major(normal(*shape))):
                gradcheck(randomised(m.GroupNorm(groups, 4, eps=0.1)), x, rng=rng(1))


def group_norm_between_its_limits(m: ModuleType) -> None:
    x, column = 1 + normal(3, 4, 5, 2), (4, 1, 1)
    for groups, axes in ((1, (1, 2, 3)), (4, (2, 3))):  # layer normalisation of the whole, instance normalisation
        layer = randomised(m.GroupNorm(groups, 4, eps=0.5))
        expected = (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + 0.5)
        assert_allclose(layer(x)[0], layer.gamma.reshape(column) * expected + layer.beta.reshape(column))
    whole = m.LayerNorm(40, eps=0.5, dtype=np.float64)
    assert_allclose(m.GroupNorm(1, 4, eps=0.5, dtype=np.float64)(x)[0], whole(x.reshape(3, 40))[0].reshape(x.shape))
    halves = np.concatenate([m.GroupNorm(1, 2, dtype=np.float64)(x[:, i : i + 2])[0] for i in (0, 2)], axis=1)
    assert_allclose(m.GroupNorm(2, 4, dtype=np.float64)(x)[0], halves)


def dropout_mean_and_variance(m: ModuleType) -> None:
    x = np.full((500, 400), 2, np.float32)
    for p in (0.1, 0.5, 0.8):
        y = m.Dropout(p, rng())(x)[0].astype(np.float64)
        assert_allclose(np.unique(y), [0, 2 / (1 - p)], rtol=1e-4)
        deviation = math.sqrt(p / (1 - p) / x.size)  # of the mean of that many factors
        assert abs(y.mean() / 2 - 1) < 4 * deviation, (p, y.mean())
        assert_allclose(y.var(), 4 * p / (1 - p), rtol=0.02)


def dropout_gradients(m: ModuleType) -> None:
    gradcheck(m.Dropout(0.4, rng()), normal(6, 5), rng=rng(1))
    gradcheck(m.SpatialDropout(0.4, rng()), normal(4, 5, 3), rng=rng(1))
    gradcheck(m.Dropout(0.4, rng()).evaluate(), normal(6, 5), rng=rng(1))


def dropout_evaluates_to_the_identity(m: ModuleType) -> None:
    x = normal(5, 4, 3)
    for layer in (m.Dropout(0.5, rng()).evaluate(), m.SpatialDropout(0.5, rng()).evaluate(), m.Dropout(0, rng())):
        y, back = layer(x)
        assert np.array_equal(y, x) and np.array_equal(back(2 * x), 2 * x)


def spatial_dropout_drops_whole_channels(m: ModuleType) -> None:
    y = m.SpatialDropout(0.3, rng())(np.ones((200, 50, 2, 3)))[0]
    assert np.array_equal(y, np.broadcast_to(y[:, :, :1, :1], y.shape))
    assert_allclose((y == 0).mean(), 0.3, atol=0.02)
    assert 0 < (y[0] == 0).mean() < 1 and 0 < (y[:, 0] == 0).mean() < 1  # each example and each channel by itself
