"""Pooling: windows of an image summarised by their maximum or their mean, one channel at a time.

Both work along one axis and then the other: the maximum over a rectangle is the maximum over its rows of the maximum
in each row. Along an axis k shifted slices are combined, so nothing is gathered, and any memory order will do.
"""

import math
from collections.abc import Callable

import numpy as np

from chainrule.convolution.columns import zeros
from chainrule.convolution.kernel import Kernel, Pair, Size, expect_fit, expect_images, pair, times, zeros_around
from chainrule.layer import Layer


class _Pool(Layer):
    """What both share: the options, and one axis after the other."""

    def __init__(self, size: Size, stride: Size | None = None, padding: Size = 0):
        name = type(self).__name__
        size = pair(f"{name} size", size)
        around = pair(f"{name} padding", padding, 0)
        if any(2 * p > k for p, k in zip(around, size)):
            raise ValueError(f"{name} takes a padding of at most half its size {size}, got {around}")
        step = size if stride is None else pair(f"{name} stride", stride)
        self.kernel = Kernel(size, step, padding=zeros_around(f"{name} padding", around, size, (1, 1)))

    def _pooled(self, x: np.ndarray, along: Callable, fill: float) -> tuple:
        """Columns first, then rows: then the first of equal maxima in reading order wins."""
        expect_images(self, x, None)
        kernel, image = self.kernel, (x.shape[2], x.shape[3])
        out = expect_fit(self, kernel, image)
        framed = x if not any(map(any, kernel.padding)) else _framed(x, kernel, image, fill)
        y, back_columns = along(framed, 3, kernel.size[1], kernel.stride[1], out[1])
        y, back_rows = along(y, 2, kernel.size[0], kernel.stride[0], out[0])
        return y, lambda dy: back_columns(back_rows(dy))[:, :, *kernel.inside(image)]

    def label(self) -> str:
        kernel, name = self.kernel, type(self).__name__
        step = "" if kernel.stride == kernel.size else f", stride {times(kernel.stride)}"
        return f"{name}({times(kernel.size)}{step})"


class MaxPool2d(_Pool):
    """The maximum of each window  y[n, c, i, j] = max_{u, v} x[n, c, i s + u − p, j s + v − p].

    x (N, C, H, W) → y (N, C, H', W') with H' = ⌊(H + 2 p − k) / s⌋ + 1

    size, stride   an integer or a pair (height, width); stride is the size where it is not given
    padding        −∞ around the image, so that what is padded never wins; at most half the size

    Backward  dx gives dy to the pixel that was the maximum, the first in reading order among equals.
    Source    Riesenhuber & Poggio (1999).
    Raises    ValueError where x is not (N, C, H, W) of floating-point numbers, or too small for one window.
    """

    def forward(self, x: np.ndarray) -> tuple:
        return self._pooled(x, _maximum, -np.inf)


class AvgPool2d(_Pool):
    """The mean of each window  y[n, c, i, j] = Σ_{u, v} x[n, c, i s + u − p, j s + v − p] / (kh kw).

    x (N, C, H, W) → y (N, C, H', W') with H' = ⌊(H + 2 p − k) / s⌋ + 1; options as in MaxPool2d. Padding is zeros and
    counts: a window at the edge is divided by kh kw too.

    Backward  dx adds dy / (kh kw) to every pixel of the window.
    Source    LeCun et al. (1998), section II.A.
    Raises    as MaxPool2d.
    """

    def forward(self, x: np.ndarray) -> tuple:
        return self._pooled(x, _mean, 0.0)


def global_average(x: np.ndarray) -> tuple:
    """The mean of each channel  y[n, c] = mean x[n, c, …];  dx = dy / (number of places), everywhere.

    x (N, C, …) → y (N, C). Lin, Chen & Yan (2014), section 3.2. Raises ValueError where there is nothing to average.
    """
    places = math.prod(x.shape[2:]) if x.ndim > 2 else 0
    if not places:
        raise ValueError(f"global_average takes (N, C, …) with at least one place, got {x.shape}")
    shape, axes, share = x.shape, tuple(range(2, x.ndim)), 1 / places

    def backward(dy: np.ndarray) -> np.ndarray:
        dx = zeros(shape, dy.dtype)
        dx += np.expand_dims(dy * share, axes)
        return dx

    return x.sum(axes) * share, backward


def _maximum(x: np.ndarray, axis: int, size: int, stride: int, out: int) -> tuple:
    """The maximum over windows along one axis: a running maximum of shifted slices, which notes who took the lead."""
    slices, shape = _slices(axis, size, stride, out), x.shape
    y, leads = x[slices[0]], []
    for part in slices[1:]:
        leads.append(x[part] > y)
        y = np.maximum(y, x[part])

    def backward(dy: np.ndarray) -> np.ndarray:
        dx, rest = zeros(shape, dy.dtype), dy
        if 1 < size <= stride:  # each pixel is met once at most: dx is written, what is left waits where it may end
            for part, lead in zip(slices[:0:-1], leads[::-1]):
                won = np.multiply(rest, lead, out=dx[part])
                rest = np.subtract(rest, won, out=dx[slices[0]])
            return dx
        for part, lead in zip(slices[:0:-1], leads[::-1]):
            won = rest * lead
            dx[part] += won
            rest = rest - won
        dx[slices[0]] += rest
        return dx

    return y.copy("K") if size == 1 else y, backward


def _mean(x: np.ndarray, axis: int, size: int, stride: int, out: int) -> tuple:
    """The mean over windows along one axis."""
    slices, shape = _slices(axis, size, stride, out), x.shape
    y = sum((x[part] for part in slices[1:]), start=x[slices[0]])

    def backward(dy: np.ndarray) -> np.ndarray:
        dx, share = zeros(shape, dy.dtype), dy * (1 / size)
        for part in slices:
            dx[part] += share
        return dx

    return y * (1 / size), backward


def _slices(axis: int, size: int, stride: int, out: int) -> list[tuple]:
    """For each tap of a window, the entries along an axis that it meets."""
    before = (slice(None),) * axis
    return [(*before, slice(tap, tap + (out - 1) * stride + 1, stride)) for tap in range(size)]


def _framed(x: np.ndarray, kernel: Kernel, image: Pair, fill: float) -> np.ndarray:
    """A copy of x in channel-major memory with `fill` around it."""
    frame = zeros((len(x), x.shape[1], *kernel.padded(image)), x.dtype)
    frame += fill
    frame[:, :, *kernel.inside(image)] = x
    return frame
