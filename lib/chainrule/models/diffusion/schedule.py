"""How data turn into noise, and all that is known about it in closed form.

    q(x_t | x_{t−1}) = N(√α_t x_{t−1}, β_t),   α_t = 1 − β_t,   ᾱ_t = α_1 ⋯ α_t,   t = 1 … T

Every step is Gaussian, and so is all that follows: x_t given x_0 at once, and the way back x_{t−1} given x_t and x_0.
Arrays of the schedule have T + 1 entries, so that index t is the t of the formulas; t = 0 is the data, ᾱ_0 = 1.
"""

import math
from typing import Any

import numpy as np

from chainrule.arrays import expect_number, expect_positive_int

Times = int | np.ndarray


class NoiseSchedule:
    """β_1 … β_T, and the distributions that they define. t is a number for all rows of x, or an integer array (N,).

    Raises  ValueError where a β is not in (0, 1), or t not in 1 … T.
    """

    def __init__(self, betas: np.ndarray):
        betas = np.asarray(betas, np.float64)
        if betas.ndim != 1 or not betas.size or not (betas.min() > 0 and betas.max() < 1):
            raise ValueError(f"NoiseSchedule takes a vector of T >= 1 numbers in (0, 1), got {betas!r}")
        self.steps = len(betas)
        self.betas = np.concatenate([[0.0], betas])
        self.alphas = 1 - self.betas
        self.alpha_bars = np.cumprod(self.alphas)

    def step(self, x: np.ndarray, t: Times, noise: np.ndarray) -> np.ndarray:
        """x_t = √α_t x_{t−1} + √β_t ε from x = x_{t−1}. Ho, Jain & Abbeel (2020), eq. 2."""
        return self._at(np.sqrt(self.alphas), t, x) * x + self._at(np.sqrt(self.betas), t, x) * noise

    def noised(self, x0: np.ndarray, t: Times, noise: np.ndarray) -> np.ndarray:
        """x_t = √ᾱ_t x_0 + √(1 − ᾱ_t) ε: t steps at once. Ho, Jain & Abbeel (2020), eq. 4."""
        kept, added = self._at(np.sqrt(self.alpha_bars), t, x0), self._at(np.sqrt(1 - self.alpha_bars), t, x0)
        return kept * x0 + added * noise

    def clean(self, x: np.ndarray, t: Times, noise: np.ndarray) -> np.ndarray:
        """x_0 = (x_t − √(1 − ᾱ_t) ε) / √ᾱ_t: the inverse of `noised`."""
        added, scale = self._at(np.sqrt(1 - self.alpha_bars), t, x), self._at(1 / np.sqrt(self.alpha_bars), t, x)
        return scale * (x - added * noise)

    def noise_in(self, x: np.ndarray, x0: np.ndarray, t: Times) -> np.ndarray:
        """ε = (x_t − √ᾱ_t x_0) / √(1 − ᾱ_t): what was added to x_0."""
        kept, scale = self._at(np.sqrt(self.alpha_bars), t, x), self._at(1 / np.sqrt(_rest(self.alpha_bars)), t, x)
        return scale * (x - kept * x0)

    def noise_of_score(self, score: np.ndarray, t: Times) -> np.ndarray:
        """ε = −√(1 − ᾱ_t) ∇ log q(x_t): the noise to expect where the score is known."""
        return -self._at(np.sqrt(1 - self.alpha_bars), t, score) * score

    def posterior(self, x0: np.ndarray, x: np.ndarray, t: Times) -> tuple[np.ndarray, np.ndarray]:
        """(mean, variance) of q(x_{t−1} | x_t, x_0); the variance has a size of 1 on all axes but the first.

        mean = √ᾱ_{t−1} β_t / (1 − ᾱ_t) x_0 + √α_t (1 − ᾱ_{t−1}) / (1 − ᾱ_t) x_t,
        variance = (1 − ᾱ_{t−1}) / (1 − ᾱ_t) β_t.  Ho, Jain & Abbeel (2020), eq. 7.
        """
        before, left = _shifted(self.alpha_bars), _rest(self.alpha_bars)
        of_x0 = self._at(np.sqrt(before) * self.betas / left, t, x)
        of_x = self._at(np.sqrt(self.alphas) * (1 - before) / left, t, x)
        return of_x0 * x0 + of_x * x, self._at((1 - before) / left * self.betas, t, x)

    def elbo_weights(self, t: Times) -> np.ndarray:
        """β_t² / (2 σ_t² α_t (1 − ᾱ_t)), with σ_t² = β_t: what ‖ε − ε_θ‖² weighs in the negative ELBO.

        Ho, Jain & Abbeel (2020), eq. 12; their simple loss, and `Diffusion.loss`, drop it.
        """
        weights = self.betas / (2 * self.alphas * _rest(self.alpha_bars))
        return weights[self._expect_times(t)]

    def _at(self, table: np.ndarray, t: Times, x: np.ndarray) -> np.ndarray:
        """table[t] in x's dtype, shaped so that it multiplies x row by row."""
        values = table[self._expect_times(t)].astype(x.dtype)
        if values.ndim and values.shape != x.shape[:1]:
            raise ValueError(f"NoiseSchedule takes a t, or a t for each of {len(x)} rows, got {values.shape}")
        return values.reshape((-1,) + (1,) * (x.ndim - 1))

    def _expect_times(self, t: Any) -> np.ndarray:
        times = np.asarray(t)
        if (
            times.dtype.kind not in "iu"
            or times.ndim > 1
            or (times.size and not 1 <= times.min() <= times.max() <= self.steps)
        ):
            raise ValueError(f"NoiseSchedule takes integers t from 1 to {self.steps}, got {t!r}")
        return times


def linear_schedule(steps: int, first: float = 1e-4, last: float = 0.02) -> NoiseSchedule:
    """β from first to last in a straight line, both times 1000 / steps, so that ᾱ_T is about 4·10⁻⁵ for any T.

    first and last are those of a thousand steps: Ho, Jain & Abbeel (2020), section 4. No β exceeds 0.999.
    """
    expect_positive_int("steps", steps)
    for name, value in (("first", first), ("last", last)):
        expect_number(f"linear_schedule {name}", value, low=0, high=1, open_low=True, open_high=True)
    return NoiseSchedule(np.minimum(np.linspace(first, last, steps) * (1000 / steps), 0.999))


def cosine_schedule(steps: int, offset: float = 0.008) -> NoiseSchedule:
    """ᾱ_t = f(t) / f(0), f(t) = cos²(π/2 (t/T + s) / (1 + s)): noise comes more slowly at both ends.

    No β exceeds 0.999. Nichol & Dhariwal (2021), eq. 17.
    """
    expect_positive_int("steps", steps)
    expect_number("offset", offset, low=0)
    f = np.cos(0.5 * math.pi * (np.arange(steps + 1) / steps + offset) / (1 + offset)) ** 2
    return NoiseSchedule(np.minimum(1 - f[1:] / f[:-1], 0.999))


def _shifted(alpha_bars: np.ndarray) -> np.ndarray:
    """ᾱ_{t−1} at index t."""
    return np.concatenate([[1.0], alpha_bars[:-1]])


def _rest(alpha_bars: np.ndarray) -> np.ndarray:
    """1 − ᾱ_t, and 1 at t = 0, which nobody divides by."""
    return np.concatenate([[1.0], 1 - alpha_bars[1:]])
