"""The three products of a convolution, each one matrix product over columns of windows.

With the windows of x as columns X (a row for each tap and channel) and W as a matrix, a convolution is Y = W X; its
gradients are dW = dY Xᵀ and dX = Wᵀ dY, whose columns are added back to where the windows lay. `correlate`, `outer`
and `spread` are these three; a transposed convolution is the same three in other roles.

Images live in channel-major memory (C, H, W, N): one tap of all windows is then a few long runs of memory, columns
need no copy to become a matrix, and the (N, C, H, W) array that callers see is a view of it. Columns are made for a
few rows of the image at a time, at most 16 MB in float32, so that they never fill the memory; the backward pass makes
them again, which costs no more than fetching them back would.
Chellapilla, Puri & Simard (2006) introduced the columns.
"""

import math
from collections.abc import Iterator

import numpy as np

from chainrule.convolution.kernel import Kernel, Pair

PIXELS, NUMBERS = 2**15, 2**22  # the largest block of columns; smaller ones cost threads that share a batch more waits


def channel_major(x: np.ndarray) -> np.ndarray:
    """(N, C, H, W) seen as (C, H, W, N)."""
    return x.transpose(1, 2, 3, 0)


def batch_first(x: np.ndarray) -> np.ndarray:
    """(C, H, W, N) seen as (N, C, H, W)."""
    return x.transpose(3, 0, 1, 2)


def zeros(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Images of zeros (N, C, …) in channel-major memory."""
    return np.zeros((*shape[1:], shape[0]), dtype).transpose(len(shape) - 1, *range(len(shape) - 1))


class Columns:
    """The windows of images x (N, C, H, W) as columns, in groups of channels, a few rows of the image at a time.

    Iterating gives (block, X): the pixels that the block covers, and X (groups, taps + bias, pixels), valid until the
    next one, whose last row is ones where there is a bias: its weight is then one more entry of W.
    """

    def __init__(self, x: np.ndarray, kernel: Kernel, groups: int, bias: bool):
        image = x.shape[2], x.shape[3]
        frame = _frame(x.shape[1], kernel.padded(image), len(x), x.dtype)
        frame[:, *kernel.inside(image)] = channel_major(x)
        self.out, self.count, self.bias = kernel.fits(image), len(x), bias
        self.windows = _windows(frame, kernel, self.out, groups)
        self.taps = math.prod(self.windows.shape[1:4])
        self.blocks = _blocks(self.out, self.count, groups * self.taps)

    def __iter__(self) -> Iterator[tuple]:
        groups, pixels = len(self.windows), self.out[1] * self.count
        memory = _memory(groups, self.taps + self.bias, self.blocks[0][1] * pixels, self.windows.dtype)
        memory[:, self.taps :] = 1
        for top, bottom in self.blocks:
            X, seen = memory[..., : (bottom - top) * pixels], self.windows[..., top:bottom, :, :]
            np.copyto(X[:, : self.taps].reshape(seen.shape), seen)
            yield slice(top * pixels, bottom * pixels), X


def correlate(columns: Columns, W: np.ndarray, b: np.ndarray | None) -> np.ndarray:
    """Y = W X + b: every window's sum of products with every kernel; returns (N, n_out, *out)."""
    groups = len(columns.windows)
    weights = W.reshape(groups, len(W) // groups, -1)
    if b is not None:
        weights = np.concatenate([weights, b.reshape(groups, -1, 1)], axis=2)
    height, width = columns.out
    y = _memory(groups, len(W) // groups, height * width * columns.count, W.dtype)
    for block, X in columns:
        np.matmul(weights, X, out=y[..., block])
    return batch_first(y.reshape(len(W), height, width, columns.count))


def outer(columns: Columns, dy: np.ndarray, W: np.ndarray) -> tuple:
    """(dW, db) = dY Xᵀ, where the row of ones in X gives db; db is empty without it."""
    groups, taps = len(columns.windows), W[0].size
    parts = _matrices(dy, groups)
    total = sum(X @ parts[..., block].swapaxes(1, 2) for block, X in columns)  # BLAS is slower for dY Xᵀ itself
    return total[:, :taps].swapaxes(1, 2).reshape(W.shape), total[:, taps:].reshape(-1)


def spread(dy: np.ndarray, W: np.ndarray, b: np.ndarray | None, kernel: Kernel, image: Pair, groups: int) -> np.ndarray:
    """dX = Wᵀ dY, each column added to where its window lay, plus b: the adjoint of correlate; (N, n_in, *image)."""
    count, out, taps = len(dy), (dy.shape[2], dy.shape[3]), W[0].size
    weights = W.reshape(groups, len(W) // groups, taps).swapaxes(1, 2)
    frame = _frame(groups * W.shape[1], kernel.padded(image), count, dy.dtype)
    if b is not None:
        frame += b[:, None, None, None]
    windows, matrices = _windows(frame, kernel, out, groups), _matrices(dy, groups)
    pixels, blocks = out[1] * count, _blocks(out, count, groups * taps)
    memory = _memory(groups, taps, blocks[0][1] * pixels, dy.dtype)
    for top, bottom in blocks:
        X = memory[..., : (bottom - top) * pixels]
        np.matmul(weights, matrices[..., top * pixels : bottom * pixels], out=X)
        seen = windows[..., top:bottom, :, :]
        for places, parts in zip(_by_tap(seen), _by_tap(X.reshape(seen.shape)), strict=True):
            for place, part in zip(places, parts, strict=True):
                place += part
    return batch_first(frame[:, *kernel.inside(image)])


def _frame(channels: int, size: Pair, count: int, dtype: np.dtype) -> np.ndarray:
    return np.zeros((channels, *size, count), dtype)


def _windows(frame: np.ndarray, kernel: Kernel, out: Pair, groups: int) -> np.ndarray:
    """All windows of a padded image (C, H, W, N), without a copy: (groups, C / groups, kh, kw, *out, N)."""
    (sh, sw), (dh, dw), (c, h, w, n) = kernel.stride, kernel.dilation, frame.strides
    channels = len(frame) // groups
    shape = (groups, channels, *kernel.size, *out, frame.shape[3])
    return np.ndarray(shape, frame.dtype, frame, 0, (channels * c, c, dh * h, dw * w, sh * h, sw * w, n))


def _by_tap(windows: np.ndarray) -> np.ndarray:
    return windows.transpose(2, 3, 0, 1, 4, 5, 6)


def _blocks(out: Pair, count: int, taps: int) -> list[Pair]:
    """(top, bottom) of blocks of rows of windows, as many rows as the limits allow, and at least one."""
    height, pixels = out[0], max(1, out[1] * count)
    step = max(1, min(height, PIXELS // pixels, NUMBERS // (pixels * taps)))
    return [(top, min(top + step, height)) for top in range(0, height, step)]


def _memory(groups: int, rows: int, pixels: int, dtype: np.dtype) -> np.ndarray:
    """Empty matrices (groups, rows, pixels) whose rows are a cache line farther apart than they are long.

    Rows a power of two apart fall into the same few places of the cache, which halves the speed of thin products.
    """
    return np.empty((groups, rows, pixels + 16), dtype)[..., :pixels]


def _matrices(dy: np.ndarray, groups: int) -> np.ndarray:
    """(N, C, H, W) as (groups, C / groups, H · W · N), without a copy where the memory is channel-major already."""
    return channel_major(dy).reshape(groups, dy.shape[1] // groups, -1)
