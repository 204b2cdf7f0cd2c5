"""Where in the sequence? Attention sees a set: permute its input and the output is permuted. Order has to be put in.

Four ways: add a fixed table of waves (`sinusoidal`), add a trained table (`LearntPositions`), turn queries and keys by
angles that grow with the position, so that their product knows the distance (`rotary`), or take the distance off the
scores (`alibi_bias`). Each takes the position of the first row as `offset`, for generation that keeps earlier rows.
"""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from chainrule.arrays import (
    column_sums,
    expect_dtype,
    expect_float_dtype,
    expect_generator,
    expect_number,
    expect_positive_int,
)
from chainrule.layer import Layer


def sinusoidal(T: int, d: int, offset: int = 0, base: float = 10_000.0, dtype: Any = np.float32) -> np.ndarray:
    """The table (T, d) of waves  P[t, 2i] = sin(ωᵢ t),  P[t, 2i + 1] = cos(ωᵢ t),  ωᵢ = base^(−2i / d), t from offset.

    Moving on by k positions turns each pair (2i, 2i + 1) by the angle ωᵢ k, whatever t is.
    Source  Vaswani et al. (2017), section 3.5. Raises ValueError where d is odd.
    """
    expect_positive_int("sinusoidal T", T)
    turns = _turns("sinusoidal", T, d, offset, base, np.complex128)
    return np.stack([turns.imag, turns.real], axis=-1).reshape(T, d).astype(expect_float_dtype(dtype))


class LearntPositions(Layer):
    """y = x + P[offset : offset + T]: a trained row for each position.

    x (..., T, d) → y like x;  P (n, d), with n the longest sequence. `layer(x, offset=k)` when x begins at position k.

    Backward  dP[offset : offset + T] = Σ dy over the sequences,  dx = dy.
    Init      normal with standard deviation `std`.
    Source    Gehring et al. (2017), section 3.1.
    Raises    ValueError where x is not (..., T, d), or reaches beyond position n.
    """

    tables = ("P",)

    def __init__(self, n: int, d: int, rng: np.random.Generator, std: float = 0.02, dtype: Any = np.float32):
        expect_positive_int("LearntPositions n", n)
        expect_positive_int("LearntPositions d", d)
        expect_number("LearntPositions std", std, low=0)
        expect_generator(rng)
        self.parameters(P=(float(std) * rng.standard_normal((n, d))).astype(expect_float_dtype(dtype)))

    def forward(self, x: np.ndarray, offset: int = 0) -> tuple:
        self._expect(x, offset)
        place = slice(offset, offset + x.shape[-2])

        def backward(dy: np.ndarray) -> np.ndarray:
            if not self._frozen:
                T, d = dy.shape[-2:]
                self.dP[place] += column_sums(dy.reshape(math.prod(dy.shape[:-2]), T * d)).reshape(T, d)
            return dy.copy()

        return x + self.P[place], backward

    def _expect(self, x: np.ndarray, offset: int) -> None:
        n, d = self.P.shape
        if not isinstance(x, np.ndarray) or x.ndim < 2 or x.shape[-1] != d:
            raise ValueError(f"{self.label()} takes (..., T, {d}), got {getattr(x, 'shape', type(x).__name__)}")
        expect_dtype(self, x, self.P.dtype)
        _expect_offset(self.label(), offset)
        if offset + x.shape[-2] > n:
            raise ValueError(f"{self.label()} takes positions 0 to {n - 1}, got {offset} to {offset + x.shape[-2] - 1}")

    def label(self) -> str:
        return "LearntPositions({} × {})".format(*self.P.shape)


def rotary(x: np.ndarray, offset: int = 0, base: float = 10_000.0) -> tuple[np.ndarray, Callable]:
    """Turn each pair of features (2i, 2i + 1) of row t by the angle ωᵢ t,  ωᵢ = base^(−2i / d), t from offset.

    x (..., T, d) → y like x, for the queries and keys of one head: ⟨y_s, y_t⟩ then depends on s − t alone, not on s
    and t. A pair is a complex number z, and y = z e^{i ω t}.

    Backward  turns back: a rotation's transpose is its inverse.
    Source    Su et al. (2021), eq. 15 and 34. Raises ValueError where d is odd or x is not of floating-point numbers.
    """
    if not isinstance(x, np.ndarray) or x.dtype not in (np.float32, np.float64) or x.ndim < 2:
        got = f"{x.dtype} {x.shape}" if isinstance(x, np.ndarray) else type(x).__name__
        raise ValueError(f"rotary takes an array (..., T, d) of float32 or float64, got {got}")
    kind = np.complex64 if x.dtype == np.float32 else np.complex128
    T, d = x.shape[-2:]
    turns = _turns("rotary", T, d, offset, base, kind)

    def turned(a: np.ndarray, by: np.ndarray) -> np.ndarray:
        a = a if a.strides[-1] == a.itemsize else np.ascontiguousarray(a)
        return (a.view(kind) * by).view(a.dtype)

    return turned(x, turns), lambda dy: turned(dy, turns.conj())


def alibi_slopes(heads: int) -> np.ndarray:
    """How fast each head forgets: 2^(−8h / H) for h = 1 … H, a geometric sequence, where H is a power of two.

    For other H the sequence of the power of two below, then every other number of the one above it, as the authors do.
    """
    expect_positive_int("alibi heads", heads)
    below = 1 << (int(heads).bit_length() - 1)
    slopes = 2.0 ** (-8 / below * np.arange(1, below + 1))
    between = 2.0 ** (-4 / below * np.arange(1, 2 * below, 2))
    return np.concatenate([slopes, between[: heads - below]])


def alibi_bias(heads: int, T: int, offset: int = 0, dtype: Any = np.float32) -> np.ndarray:
    """The bias (heads, T, offset + T) for scores of queries offset … offset + T − 1 with all keys up to the last:
    −mₕ |i − j|, head h's slope times the distance.

    Source  Press, Smith & Lewis (2022), section 3; the absolute value makes it serve attention in both directions.
    """
    expect_positive_int("alibi T", T)
    _expect_offset("alibi", offset)
    dtype = expect_float_dtype(dtype)
    nearness = -np.abs(np.arange(offset, offset + T)[:, None] - np.arange(offset + T))
    return alibi_slopes(heads).astype(dtype)[:, None, None] * nearness.astype(dtype)


def _turns(name: str, T: int, d: int, offset: int, base: float, kind: type) -> np.ndarray:
    """e^{i ω t} for T positions and d/2 frequencies, (T, d/2)."""
    if d < 2 or d % 2:
        raise ValueError(f"{name} takes an even number of features, which are turned in pairs, got {d}")
    _expect_offset(name, offset)
    expect_number(f"{name} base", base, low=1, open_low=True)
    return _table(T, d, offset, base, kind)


@lru_cache(64)
def _table(T: int, d: int, offset: int, base: float, kind: type) -> np.ndarray:
    """Kept, read-only: every layer and every step asks for the same few."""
    frequencies = float(base) ** (-np.arange(0, d, 2) / d)
    turns = np.exp(1j * np.arange(offset, offset + T)[:, None] * frequencies).astype(kind)
    turns.flags.writeable = False
    return turns


def _expect_offset(name: str, offset: Any) -> None:
    """Raise ValueError unless offset is an integer of at least 0."""
    if isinstance(offset, bool) or not isinstance(offset, (int, np.integer)) or offset < 0:
        raise ValueError(f"{name} takes an offset of 0 or more, got {offset!r}")
