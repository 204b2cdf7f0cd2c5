"""What must hold of the layers for images, as functions of the module: see checks.py."""

from itertools import product
from types import ModuleType
from unittest.mock import patch

import numpy as np
from helpers import normal, rng
from numpy.testing import assert_allclose

from chainrule.check import gradcheck
from chainrule.convolution.kernel import Kernel, pair, zeros_around

OPTIONS = [  # size, stride, padding, dilation, groups
    (3, 1, "same", 1, 1),
    ((2, 3), (2, 1), "valid", 1, 2),
    ((1, 4), (1, 3), (0, 2), (1, 2), 1),
    (3, 2, 3, 2, 2),
    (2, 3, "same", 3, 1),
]


def loops(x: np.ndarray, W: np.ndarray, kernel: Kernel) -> np.ndarray:
    """Convolution as its formula says it, one number after the other; the groups follow from the channels."""
    (top, bottom), (left, right) = kernel.padding
    (sh, sw), (dh, dw) = kernel.stride, kernel.dilation
    x = np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)))
    n_out, width, kh, kw = W.shape
    height_out = len(range(0, x.shape[2] - dh * (kh - 1), sh))
    width_out = len(range(0, x.shape[3] - dw * (kw - 1), sw))
    y = np.zeros((len(x), n_out, height_out, width_out))
    per_group = n_out // (x.shape[1] // width)
    for o, i, j in product(range(n_out), range(height_out), range(width_out)):
        for c, u, v in product(range(width), range(kh), range(kw)):
            y[:, o, i, j] += W[o, c, u, v] * x[:, o // per_group * width + c, i * sh + u * dh, j * sw + v * dw]
    return y


def layers(m: ModuleType):
    """A convolution for each row of OPTIONS with a bias that is not zero, and its kernel made apart from it."""
    for size, stride, padding, dilation, groups in OPTIONS:
        layer = m.Conv2d(2, 4, size, rng(), stride, padding, dilation, groups, dtype=np.float64)
        layer.b = normal(4, seed=1)
        yield layer, made(size, stride, padding, dilation)


def made(size, stride, padding, dilation) -> Kernel:
    two, apart = pair("size", size), pair("dilation", dilation)
    return Kernel(two, pair("stride", stride), apart, zeros_around("padding", padding, two, apart))


def kernel_geometry(m: ModuleType) -> None:
    around = m.zeros_around("p", "same", (3, 4), (1, 2))
    assert around == ((1, 1), (3, 3)) and m.zeros_around("p", "same", (2, 4), (1, 1)) == ((0, 1), (1, 2))
    assert m.zeros_around("p", "valid", (3, 4), (1, 1)) == ((0, 0), (0, 0))
    assert m.zeros_around("p", (1, 2), (3, 4), (1, 1)) == ((1, 1), (2, 2))
    kernel = m.Kernel((3, 2), (2, 3), (2, 1), ((1, 0), (0, 2)))
    assert (kernel.span(0), kernel.span(1)) == (5, 2)
    assert kernel.fits((7, 8)) == (2, 3) and kernel.fits((8, 9)) == (3, 4)
    assert kernel.padded((7, 8)) == (8, 10)
    assert kernel.inside((7, 8)) == (slice(1, 8), slice(0, 8))
    for n, s in product(range(1, 9), (1, 2, 3)):
        same = m.Kernel((3, 4), (s, s), (1, 2), around)
        assert same.fits((n, n)) == (-(-n // s), -(-n // s))


def columns_are_windows(m: ModuleType) -> None:
    for groups, bias in product((1, 2), (False, True)):
        kernel = Kernel((2, 3), (2, 1), (1, 2), ((1, 0), (0, 2)))
        x, W = normal(3, 4, 5, 6), normal(6, 4 // groups, 2, 3)
        columns, b = m.Columns(x, kernel, groups, bias), normal(6) if bias else None
        y = loops(x, W, kernel)
        assert_allclose(m.correlate(columns, W, b), y + (b[:, None, None] if bias else 0), atol=1e-12)
        dy = normal(*y.shape, seed=2)
        dW, db = m.outer(columns, dy, W)
        eye = np.eye(W.size).reshape(-1, *W.shape)
        assert_allclose(dW.ravel(), [np.sum(dy * loops(x, one, kernel)) for one in eye], atol=1e-12)
        assert_allclose(db, dy.sum((0, 2, 3)) if bias else [], atol=1e-12)


def spread_is_the_adjoint(m: ModuleType) -> None:
    for groups in (1, 2):
        kernel = Kernel((2, 3), (2, 1), (1, 2), ((1, 0), (0, 2)))
        x, W = normal(3, 4, 5, 6), normal(6, 4 // groups, 2, 3)
        y = loops(x, W, kernel)
        dy = normal(*y.shape, seed=2)
        dx = m.spread(dy, W, None, kernel, (5, 6), groups)
        assert_allclose(np.sum(dx * x), np.sum(dy * y))
        assert_allclose(m.spread(dy, W, b := normal(4), kernel, (5, 6), groups), dx + b[:, None, None])


def blocks_change_nothing(m: ModuleType) -> None:
    """A tall image, whose rows are worked on in many blocks, the last a short one."""
    kernel, x, W = Kernel((3, 2), padding=((1, 1), (0, 1))), normal(2, 1, 101, 70), normal(2, 1, 3, 2)
    y, dy = loops(x, W, kernel), normal(2, 2, 101, 70, seed=1)
    with patch.object(m, "PIXELS", 4096):
        columns = m.Columns(x, kernel, 1, False)
        assert len(list(columns)) == 4
        assert_allclose(m.correlate(columns, W, None), y, atol=1e-12)
        dW = m.outer(columns, dy, W)[0]
        assert_allclose(np.sum(dW * W), np.sum(dy * y))
        assert_allclose(np.sum(m.spread(dy, W, None, kernel, (101, 70), 1) * x), np.sum(dy * y))


def conv_gradients(m: ModuleType) -> None:
    for layer, _ in layers(m):
        gradcheck(layer, normal(2, 2, 7, 8), rng=rng(1))
    gradcheck(m.Conv2d(2, 3, 2, rng(), bias=False), normal(1, 2, 3, 4), rng=rng(1))
    gradcheck(m.Conv1d(2, 4, 3, rng(), stride=2, dilation=2, groups=2), normal(3, 2, 7), rng=rng(1))


def conv_values(m: ModuleType) -> None:
    x = normal(2, 2, 7, 8, seed=3)
    for layer, kernel in layers(m):
        assert_allclose(layer(x)[0], loops(x, layer.W, kernel) + layer.b[:, None, None], atol=1e-12)
    line = m.Conv1d(2, 3, 3, rng(), stride=3, padding=2, dilation=2, dtype=np.float64)
    line.b = normal(3)
    y = loops(x[:, :, 0][:, :, None], line.W[:, :, None], Kernel((1, 3), (1, 3), (1, 2), ((0, 0), (2, 2))))
    assert_allclose(line(x[:, :, 0])[0], y[:, :, 0] + line.b[:, None], atol=1e-12)


def conv_keeps_the_scale(m: ModuleType) -> None:
    """He's rule counts what one output sees: the channels of its own group, times the kernel's area."""
    layer = m.Conv2d(64, 400, 5, rng(), groups=4)
    assert layer.b.any() == np.False_
    assert_allclose(layer.W.var() * 16 * 25, 2, rtol=0.02)


def transpose_is_the_adjoint(m: ModuleType) -> None:
    """⟨conv(x), y⟩ = ⟨x, transpose(y)⟩ with the same W: what defines it."""
    for size, stride, padding, dilation, groups in (
        (3, 2, 1, 1, 1),
        ((2, 3), (3, 1), (0, 2), (2, 1), 2),
        (4, 2, 1, 1, 1),
    ):
        layer = m.ConvTranspose2d(4, 6, size, rng(), stride, padding, 0, dilation, groups, dtype=np.float64)
        y = normal(2, 4, 3, 5)
        z, kernel = layer(y)[0], made(size, stride, padding, dilation)
        assert kernel.fits(z.shape[2:]) == (3, 5)
        x = normal(*z.shape, seed=1)
        assert_allclose(np.sum(loops(x, layer.W, kernel) * y), np.sum(x * z))


def transpose_gradients(m: ModuleType) -> None:
    for stride, padding, more, dilation, groups, bias in (
        (2, 0, 1, 1, 1, True),
        (1, 1, 0, 1, 2, True),
        (1, 0, 0, 2, 1, False),
    ):
        layer = m.ConvTranspose2d(4, 2, 3, rng(), stride, padding, more, dilation, groups, bias)
        gradcheck(layer, normal(2, 4, 3, 2), rng=rng(1))


def transpose_values(m: ModuleType) -> None:
    layer = m.ConvTranspose2d(1, 1, 2, rng(), stride=(1, 2), padding=(0, 1), output_padding=(0, 1), dtype=np.float64)
    layer.W, layer.b = [[[[1, 2], [3, 4]]]], [10]
    assert layer(np.array([[[[1.0, 5]]]]))[0].tolist() == [[[[12, 15, 20], [14, 25, 30]]]]
    W = m.ConvTranspose2d(32, 400, 4, rng(), stride=2, groups=2).W
    assert_allclose(W.var() * 16 * 16 / 4, 2, rtol=0.02)  # an output meets a quarter of the taps of 16 channels
