"""Heads as views: a sequence of wide vectors seen as several sequences of narrow ones, without a copy."""

import numpy as np

from chainrule.layer import Layer


def split(z: np.ndarray, parts: int, heads: int) -> np.ndarray:
    """(N, T, parts · d) → (parts, N, heads, T, d / heads), a view."""
    N, T, width = z.shape
    return z.reshape(N, T, parts, heads, width // (parts * heads)).transpose(2, 0, 3, 1, 4)


def joined(y: np.ndarray) -> np.ndarray:
    """(N, heads, T, e) → (N, T, heads · e): a view where `attention` has laid out its result as `split` does."""
    N, heads, T, e = y.shape
    return y.transpose(0, 2, 1, 3).reshape(N, T, heads * e)


def key_mask(layer: Layer, mask: np.ndarray | None) -> np.ndarray | None:
    """A mask of keys (N, S), of queries by keys (N, T, S), or per head, with the axes that it lacks.

    Raises ValueError for any other number of axes.
    """
    if mask is None or np.ndim(mask) == 4:
        return mask
    if np.ndim(mask) not in (2, 3):
        raise ValueError(f"{layer.label()} takes a mask (N, S), (N, T, S) or (N, heads, T, S), got {np.shape(mask)}")
    return mask[:, None, None, :] if np.ndim(mask) == 2 else mask[:, None]
