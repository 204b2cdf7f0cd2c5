"""Features and channels are both axis 1: (N, n), or (N, n, …) with places behind. Sums over everything else, and
vectors shaped so that they meet their channel.
"""

import math
from typing import TYPE_CHECKING

import numpy as np

from chainrule.arrays import column_sums, expect_dtype, ones

if TYPE_CHECKING:
    from chainrule.layer import Layer

BLOCK = 128  # a transposition in such blocks stays in the cache and takes a fifth of the time


def channel_sums(x: np.ndarray) -> np.ndarray:
    """Σ over all axes but axis 1, (N, n, ...) → (n,), as products with ones.

    Convolutions keep their memory channel by channel, (n, ..., N), and show it as (N, n, ...); such an array is summed
    as it lies, for a copy would cost more than the sum.
    """
    if x.ndim == 2:
        return column_sums(x)
    as_it_lies = np.moveaxis(x, 0, -1)
    if as_it_lies.flags.c_contiguous:
        places = x.size // x.shape[1]
        return as_it_lies.reshape(x.shape[1], places) @ ones(places, x.dtype)
    places = math.prod(x.shape[2:])
    return column_sums(x.reshape(len(x), x.shape[1], places) @ ones(places, x.dtype))


def laid_out_like(x: np.ndarray, model: np.ndarray) -> np.ndarray:
    """x in the memory order of model, an array of the same shape; x itself where it has that order already.

    Arithmetic on two arrays of different orders takes ten times as long as on two of one order, and one copy less than
    a single such operation.
    """
    if x.strides == model.strides:
        return x
    if model.flags.c_contiguous:
        return batch_major(x)
    y = np.empty_like(model)
    np.copyto(y, x)
    return y


def batch_major(x: np.ndarray) -> np.ndarray:
    """x (N, n, ...) in C order: each example in one piece."""
    as_it_lies = np.moveaxis(x, 0, -1)
    if x.flags.c_contiguous or not as_it_lies.flags.c_contiguous:
        return np.ascontiguousarray(x)
    places = as_it_lies.reshape(x.size // len(x), len(x))
    y = np.empty(places.shape[::-1], x.dtype)
    for i in range(0, len(places), BLOCK):
        y[:, i : i + BLOCK] = places[i : i + BLOCK].T
    return y.reshape(x.shape)


def per_channel(vector: np.ndarray, ndim: int) -> np.ndarray:
    """(n,) → (n, 1, …), which broadcasts over an array (N, n, ...) of ndim axes."""
    return vector.reshape(-1, *(1,) * (ndim - 2))


def expect_channels(layer: "Layer", x: np.ndarray, n: int, dtype: np.dtype) -> None:
    """Raise ValueError unless x is an array (N, n) or (N, n, ...) of the layer's dtype."""
    wanted = f"(N, {n}) or (N, {n}, ...)"
    if not isinstance(x, np.ndarray):
        raise ValueError(f"{layer.label()} takes an array {wanted}, got {type(x).__name__}")
    if x.ndim < 2 or x.shape[1] != n or 0 in x.shape[2:]:
        raise ValueError(f"{layer.label()} takes {wanted}, got {x.shape}")
    expect_dtype(layer, x, dtype)
