"""The best denoiser there can be, for data whose distribution is known: what a trained one is measured against.

Where the data are a mixture of Gaussians, so is x_t at every t. Its score, the gradient of log q(x_t), is then a
formula, and the noise to expect in x_t is −√(1 − ᾱ_t) times the score.
"""

from typing import Any

import numpy as np

from chainrule.arrays import expect_number
from chainrule.layer import Layer
from chainrule.models.diffusion.schedule import NoiseSchedule, Times


class MixtureDenoiser(Layer):
    """E[ε | x_t] for data drawn from K equally likely Gaussians N(c_k, s²): a denoiser without parameters.

    x (N, d), t (N,) → (N, d); centres (K, d). It goes where a `Denoiser` goes, in Diffusion and its samplers; its
    `back` is None, as there is nothing to train.

    Source  Song, Sohl-Dickstein et al. (2021), section 2.1, on  q(x_t) = mean_k N(√ᾱ_t c_k, ᾱ_t s² + 1 − ᾱ_t).
    Raises  ValueError where x is not as wide as the centres.
    """

    def __init__(self, centres: np.ndarray, std: float, schedule: NoiseSchedule):
        expect_number("MixtureDenoiser std", std, low=0)
        self.schedule, self.std, self._centres = schedule, float(std), np.array(centres)
        if self._centres.ndim != 2 or not self._centres.size:
            raise ValueError(f"MixtureDenoiser takes centres (K, d), got {np.shape(centres)}")

    def forward(self, x: np.ndarray, t: np.ndarray, labels: Any = None) -> tuple:
        if labels is not None:
            raise ValueError("MixtureDenoiser takes no labels")
        return self.schedule.noise_of_score(self.score(x, t), t), None

    def score(self, x: np.ndarray, t: Times) -> np.ndarray:
        """∇ log q(x_t) = Σ_k r_k (√ᾱ_t c_k − x) / (ᾱ_t s² + 1 − ᾱ_t), r_k the share of centre k at x."""
        centres = self._centres.astype(x.dtype)
        if x.ndim != 2 or x.shape[1] != centres.shape[1]:
            raise ValueError(f"MixtureDenoiser takes (N, {centres.shape[1]}), got {x.shape}")
        zero = np.zeros((len(x), 1), x.dtype)
        shrunk = self.schedule.noised(zero + 1, t, zero)  # √ᾱ_t
        variance = self.schedule.noised(zero, t, zero + 1) ** 2 + (shrunk * self.std) ** 2
        way = shrunk[:, :, None] * centres - x[:, None]  # (N, K, d)
        log_r = -0.5 * np.square(way).sum(2) / variance
        r = np.exp(log_r - log_r.max(1, keepdims=True))
        r /= r.sum(1, keepdims=True)
        return (r[:, None] @ way)[:, 0] / variance
