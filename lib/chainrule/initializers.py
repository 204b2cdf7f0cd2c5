"""Where training starts: random matrices whose variance keeps signals alive.

Through y = x W a unit's variance is multiplied by n_in · Var(W); backward, a gradient's by n_out · Var(W). Each rule
below keeps one of these near 1 (or their mean), times gain², which makes up for what the activation takes away.
All take (shape, rng, gain, dtype); shape is (n_in, n_out).
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.arrays import expect_float_dtype, expect_generator, expect_number

Initializer = Callable[..., np.ndarray]
Shape = tuple[int, int]


def glorot(shape: Shape, rng: np.random.Generator, gain: float = 1.0, dtype: Any = np.float32) -> np.ndarray:
    """Uniform with variance gain² · 2 / (n_in + n_out); suits tanh. Glorot & Bengio (2010), eq. 16."""
    return _uniform(shape, rng, gain, math.sqrt(2 / sum(_two(shape))), dtype)


def he(shape: Shape, rng: np.random.Generator, gain: float = math.sqrt(2), dtype: Any = np.float32) -> np.ndarray:
    """Normal with variance gain² / n_in, gain² = 2 as ReLU halves the second moment. He et al. (2015), eq. 10."""
    return _normal(shape, rng, gain, 1 / math.sqrt(_two(shape)[0]), dtype)


def lecun(shape: Shape, rng: np.random.Generator, gain: float = 1.0, dtype: Any = np.float32) -> np.ndarray:
    """Normal with variance gain² / n_in. LeCun, Bottou, Orr & Müller (1998), eq. 16."""
    return _normal(shape, rng, gain, 1 / math.sqrt(_two(shape)[0]), dtype)


def orthogonal(shape: Shape, rng: np.random.Generator, gain: float = 1.0, dtype: Any = np.float32) -> np.ndarray:
    """gain · Q with orthonormal rows or columns, whichever are fewer, uniform over such matrices.

    Every singular value is gain, so a deep linear stack neither shrinks nor stretches. Saxe, McClelland & Ganguli
    (2014); Q from the QR factors of a normal matrix, with the signs of R's diagonal (Mezzadri, 2007).
    """
    n_in, n_out = _two(shape)
    _expect(gain, rng)
    q, r = np.linalg.qr(rng.standard_normal((max(n_in, n_out), min(n_in, n_out))))
    q *= np.sign(np.diag(r))
    return np.ascontiguousarray(gain * (q if n_in >= n_out else q.T), expect_float_dtype(dtype))


def _uniform(shape: Shape, rng: np.random.Generator, gain: float, std: float, dtype: Any) -> np.ndarray:
    _expect(gain, rng)
    limit = math.sqrt(3) * gain * std  # the variance of a uniform number on ±limit is limit² / 3
    return rng.uniform(-limit, limit, shape).astype(expect_float_dtype(dtype))


def _normal(shape: Shape, rng: np.random.Generator, gain: float, std: float, dtype: Any) -> np.ndarray:
    _expect(gain, rng)
    return (gain * std * rng.standard_normal(shape)).astype(expect_float_dtype(dtype))


def _two(shape: Shape) -> Shape:
    if len(shape) != 2 or min(shape) < 1:
        raise ValueError(f"an initializer takes a shape (n_in, n_out) of positive sizes, got {shape}")
    return shape


def _expect(gain: float, rng: np.random.Generator) -> None:
    expect_number("gain", gain, low=0)
    expect_generator(rng)
