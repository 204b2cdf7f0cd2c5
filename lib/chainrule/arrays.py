"""Small helpers that several layers share: folding batch axes, fast sums, and checks of what comes in."""

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from chainrule.layer import Layer


def rows(x: np.ndarray) -> np.ndarray:
    """Fold all leading axes into one: (..., d) → (N, d)."""
    return x if x.ndim == 2 else x.reshape(-1, x.shape[-1])


def product(x: np.ndarray, W: np.ndarray) -> np.ndarray:
    """x W over the last axis, (..., n) → (..., m), as one product: `@` would multiply a stack matrix by matrix."""
    return x @ W if x.ndim == 2 else (rows(x) @ W).reshape(*x.shape[:-1], W.shape[1])


@lru_cache(64)
def ones(n: int, dtype: np.dtype) -> np.ndarray:
    """A vector of n ones, read-only: making it anew would take as long as the sum that a training step needs it for."""
    vector = np.ones(n, dtype)
    vector.flags.writeable = False
    return vector


def column_sums(x: np.ndarray) -> np.ndarray:
    """Σ over rows, (N, d) → (d,), as a product with ones: BLAS sums several times faster than `x.sum(0)`."""
    return ones(len(x), x.dtype) @ x


def row_sums(x: np.ndarray) -> np.ndarray:
    """Σ over the last axis, kept: (..., d) → (..., 1), as a product with ones."""
    return (x @ ones(x.shape[-1], x.dtype))[..., None]


def expect_rows(layer: "Layer", x: np.ndarray, width: int, dtype: np.dtype) -> None:
    """Raise ValueError unless x is an array (..., width) of the layer's dtype."""
    if not isinstance(x, np.ndarray):
        raise ValueError(f"{layer.label()} takes an array (..., {width}), got {type(x).__name__}")
    if x.ndim == 0 or x.shape[-1] != width:
        raise ValueError(f"{layer.label()} takes (..., {width}), got {x.shape}")
    expect_dtype(layer, x, dtype)


def expect_dtype(layer: "Layer | str", x: np.ndarray, dtype: np.dtype) -> None:
    """Raise ValueError unless x is of the dtype that the layer (or what is named) holds: no silent promotion."""
    if x.dtype != dtype:
        name = layer if isinstance(layer, str) else layer.label()
        raise ValueError(
            f"{name} holds {dtype}, got {x.dtype}: cast with x.astype(np.{dtype}), "
            f"or build the layer with dtype=np.{x.dtype}"
        )


def expect_positive_int(name: str, value: Any) -> None:
    """Raise ValueError unless value is an integer of at least 1."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
        raise ValueError(f"{name} takes a positive integer, got {value!r}")


def expect_number(
    name: str,
    value: Any,
    low: float = -math.inf,
    high: float = math.inf,
    open_low: bool = False,
    open_high: bool = False,
) -> None:
    """Raise ValueError unless value is a finite number from low to high; an open end is not itself allowed."""
    ok = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    ok = ok and math.isfinite(value) and low <= value <= high
    if not ok or (open_low and value == low) or (open_high and value == high):
        if low == -math.inf:
            wanted = "a finite number"
        elif high == math.inf:
            wanted = f"a finite number {'>' if open_low else '>='} {low:g}"
        else:
            wanted = f"a number in {'(' if open_low else '['}{low:g}, {high:g}{')' if open_high else ']'}"
        raise ValueError(f"{name} takes {wanted}, got {value!r}")


def expect_generator(rng: Any) -> None:
    """Raise ValueError unless rng is a np.random.Generator."""
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng takes a np.random.Generator (np.random.default_rng(0)), got {type(rng).__name__}")


def expect_float_dtype(dtype: Any) -> np.dtype:
    """dtype as np.dtype. Raises ValueError unless it is float32 or float64."""
    if np.dtype(dtype) not in (np.float32, np.float64):
        raise ValueError(f"dtype takes float32 or float64, got {np.dtype(dtype)}")
    return np.dtype(dtype)
