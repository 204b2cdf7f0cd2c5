"""Who may look at whom: boolean masks, True where attending is allowed.

A mask is of shape (T, S), queries by keys, or broadcasts to it. Masks combine with `&`.
"""

from functools import lru_cache

import numpy as np

from chainrule.arrays import expect_positive_int


def causal_mask(T: int, S: int | None = None) -> np.ndarray:
    """(T, S): each position sees itself and what came before it. S is T unless given.

    Where S > T the queries are the last T of S positions, as in generation with a cache: query i sees the keys
    j ≤ i + S − T. Raises ValueError where S < T.
    """
    S = T if S is None else S
    expect_positive_int("causal_mask T", T)
    expect_positive_int("causal_mask S", S)
    if S < T:
        raise ValueError(f"causal_mask takes at least as many keys as queries, got {T} queries, {S} keys")
    return np.tri(T, S, S - T, dtype=bool)


def padding_mask(lengths: np.ndarray, T: int) -> np.ndarray:
    """(N, T): True in the first lengths[n] places of row n, where something real stands.

    `MultiHeadAttention` takes it as it is; for `attention` on (N, T, d) give it as mask[:, None, :].
    Raises ValueError where lengths are not integers (N,) from 0 to T.
    """
    expect_positive_int("padding_mask T", T)
    lengths = np.asarray(lengths)
    if lengths.ndim != 1 or lengths.dtype.kind not in "iu":
        raise ValueError(f"padding_mask takes integer lengths (N,), got {lengths.dtype} {lengths.shape}")
    if lengths.size and not (lengths.min() >= 0 and lengths.max() <= T):
        raise ValueError(f"padding_mask takes lengths from 0 to {T}, got {lengths.min()} to {lengths.max()}")
    return np.arange(T) < lengths[:, None]


@lru_cache(64)
def causal_factor(T: int, S: int, dtype: np.dtype) -> np.ndarray:
    """The causal mask as ones and zeros to multiply by, read-only and made once for each size."""
    factor = causal_mask(T, S).astype(dtype)
    factor.flags.writeable = False
    return factor
