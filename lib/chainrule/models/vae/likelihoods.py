"""What a decoder's output y says about x: the parameters of p(x | z).

A likelihood gives the negative logarithm of p for each example, with its way back, and the mean of x under p, which
is what one looks at. Images (N, C, H, W) and rows (N, d) alike: the sum runs over all axes but the first.
"""

import math

import numpy as np

from chainrule.arrays import expect_number, row_sums


class Bernoulli:
    """Each entry of x is 1 with probability σ(y): for pixels in [0, 1]; y holds logits."""

    def nll(self, y: np.ndarray, x: np.ndarray) -> tuple:
        """Σ log(1 + e^y) − x y  for each example, (N,);  dy = (σ(y) − x) d.

        Raises ValueError where x leaves [0, 1].
        """
        _expect_alike("Bernoulli", y, x)
        if not (x.min() >= 0 and x.max() <= 1):
            raise ValueError(f"Bernoulli takes x in [0, 1], got values from {x.min():g} to {x.max():g}")
        half = 0.5 * y
        t = np.tanh(half)  # σ(y) = ½ (1 + t), and log(1 + e^y) = ½ (y + |y|) − log ½ (1 + |t|): one curve for both
        terms = np.abs(half) + (1 - 2 * x) * half - np.log(0.5 + 0.5 * np.abs(t))
        return _totals(terms), lambda d: _each(d, y) * (0.5 * (1 + t) - x)

    def mean(self, y: np.ndarray) -> np.ndarray:
        """σ(y)."""
        return 0.5 * (1 + np.tanh(0.5 * y))


class Gaussian:
    """Each entry of x is normal around y with one standard deviation `std`: for real-valued x."""

    def __init__(self, std: float = 1.0):
        expect_number("Gaussian std", std, low=0, open_low=True)
        self.std = float(std)

    def nll(self, y: np.ndarray, x: np.ndarray) -> tuple:
        """Σ ½ ((y − x) / s)² + log s + ½ log 2π  for each example, (N,);  dy = (y − x) d / s²."""
        _expect_alike("Gaussian", y, x)
        error = (y - x) * (1 / self.std)
        constant = (math.log(self.std) + 0.5 * math.log(2 * math.pi)) * (y.size // max(len(y), 1))
        return 0.5 * _totals(error * error) + constant, lambda d: _each(d, y) * error * (1 / self.std)

    def mean(self, y: np.ndarray) -> np.ndarray:
        """y itself, as a copy."""
        return y.copy()


def _totals(terms: np.ndarray) -> np.ndarray:
    return row_sums(terms.reshape(len(terms), -1))[:, 0]


def _each(d: np.ndarray, y: np.ndarray) -> np.ndarray:
    return d.reshape((-1,) + (1,) * (y.ndim - 1))


def _expect_alike(name: str, y: np.ndarray, x: np.ndarray) -> None:
    if y.shape != x.shape or y.dtype != x.dtype:
        raise ValueError(f"{name} takes y and x alike, got {y.dtype} {y.shape} and {x.dtype} {x.shape}")
