"""Diffusion: learn to take a little noise away, and make new examples from nothing but noise.

Training draws a time t, mixes noise into the data as the schedule says, and asks a network which noise it was: plain
regression. Knowing the noise is knowing which way the data lie.
"""

import math
from collections.abc import Callable

import numpy as np

from chainrule.arrays import expect_generator, expect_number
from chainrule.layer import Layer
from chainrule.losses import mse
from chainrule.models.diffusion.schedule import NoiseSchedule
from chainrule.models.noise import expect_noise


class Diffusion(Layer):
    """A denoiser ε_θ(x_t, t) and the schedule by which it is trained and sampled from (`ddpm`, `ddim`).

    x (N, …), t (N,), labels (N,) or None → the noise that the denoiser sees in x, (N, …).

    Source  Ho, Jain & Abbeel (2020), algorithms 1 and 2.
    """

    def __init__(self, denoiser: Layer, schedule: NoiseSchedule):
        self.denoiser, self.schedule = denoiser, schedule

    def forward(self, x: np.ndarray, t: np.ndarray, labels: np.ndarray | None = None) -> tuple:
        return self.denoiser(x, t) if labels is None else self.denoiser(x, t, labels)

    def draw(self, x0: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """(t, noise) for a step of training: t uniform in 1 … T, noise standard normal."""
        expect_generator(rng)
        return rng.integers(1, self.schedule.steps + 1, len(x0)), rng.standard_normal(x0.shape, x0.dtype)

    def loss(
        self, x0: np.ndarray, t: np.ndarray, noise: np.ndarray, labels: np.ndarray | None = None
    ) -> tuple[np.floating, Callable[..., None]]:
        """mean (ε − ε_θ(√ᾱ_t x_0 + √(1 − ᾱ_t) ε, t))²; `back()` leaves the gradients. Eq. 14."""
        predicted, back = self._predicted(x0, t, noise, labels)
        loss, back_loss = mse(predicted, noise)

        def backward(dloss: float = 1.0) -> None:
            back(back_loss(dloss))

        return loss, backward

    def elbo_loss(
        self, x0: np.ndarray, t: np.ndarray, noise: np.ndarray, labels: np.ndarray | None = None
    ) -> tuple[np.floating, Callable[..., None]]:
        """mean over rows of w_t ‖ε − ε_θ‖², w_t from the schedule's `elbo_weights`: what step t adds to the negative
        ELBO, in nats (eq. 12). `loss` drops the weights, which lets quiet steps count for less.
        """
        predicted, back = self._predicted(x0, t, noise, labels)
        error = predicted - noise
        weights = (self.schedule.elbo_weights(t) / len(x0)).astype(x0.dtype).reshape((-1,) + (1,) * (x0.ndim - 1))

        def backward(dloss: float = 1.0) -> None:
            back(float(2 * dloss) * weights * error)

        return np.sum(weights * error * error), backward

    def _predicted(self, x0: np.ndarray, t: np.ndarray, noise: np.ndarray, labels: np.ndarray | None) -> tuple:
        expect_noise(self, "noise", noise, x0.shape, x0.dtype)
        return self(self.schedule.noised(x0, t, noise), t, labels)

    def predict(
        self,
        x: np.ndarray,
        t: int,
        labels: np.ndarray | None = None,
        guidance: float = 1.0,
        limit: float | None = None,
    ) -> tuple[np.ndarray, np.ndarray]:
        """(x̂_0, ε̂): what x at time t is taken to be made of.

        guidance  with labels,  ε̂ = ε(x) + s (ε(x, label) − ε(x)): at 1 the conditional model, at 0 the
                  unconditional one; above 1 it goes beyond what the label asks for. Ho & Salimans (2022), eq. 6,
                  where s is called 1 + w
        limit     cut x̂_0 to [−limit, limit], where the data lie, with ε̂ to match: at large t an error in ε̂ is
                  multiplied by 1 / √ᾱ_t
        """
        noise = self._guided(x, np.full(len(x), t), labels, guidance)
        x0 = self.schedule.clean(x, t, noise)
        if limit is None:
            return x0, noise
        expect_number("limit", limit, low=0, open_low=True)
        x0 = np.clip(x0, -limit, limit)
        return x0, self.schedule.noise_in(x, x0, t)

    def score(self, x: np.ndarray, t: int) -> np.ndarray:
        """−ε̂ / √(1 − ᾱ_t): the slope of log q(x_t), which points to where the data lie."""
        scale = 1 / math.sqrt(1 - float(self.schedule.alpha_bars[t]))
        return -scale * self._guided(x, np.full(len(x), t), None, 1.0)

    def _guided(self, x: np.ndarray, t: np.ndarray, labels: np.ndarray | None, guidance: float) -> np.ndarray:
        expect_number("guidance", guidance)
        if labels is None or guidance == 0:
            return self(x, t)[0]
        conditional = self(x, t, labels)[0]
        if guidance == 1:
            return conditional
        unconditional = self(x, t)[0]
        return unconditional + float(guidance) * (conditional - unconditional)
