"""Flow matching: in place of taking noise away step by step, learn the velocity of straight ways from noise to data.

A point travels from noise ε at s = 1 to an example x_0 at s = 0 along x_s = (1 − s) x_0 + s ε. Many journeys cross, and
the network learns their mean velocity at each place and time; following it is one ordinary differential equation.
"""

from collections.abc import Callable, Iterator

import numpy as np

from chainrule.arrays import expect_generator, expect_positive_int
from chainrule.layer import Layer
from chainrule.losses import mse
from chainrule.models.noise import expect_noise


class FlowMatching(Layer):
    """v_θ(x_s, t) with s = t / steps, trained towards ε − x_0. The network is a `Denoiser` or takes what one takes.

    x (N, …), t (N,) integers 1 … steps → velocities (N, …).

    Source  Lipman et al. (2023), eq. 23, with σ_min = 0; Liu, Gong & Liu (2023), eq. 1.
    Raises  ValueError where noise is not of the shape and dtype of the data.
    """

    def __init__(self, network: Layer, steps: int):
        expect_positive_int("FlowMatching steps", steps)
        self.network, self.steps = network, steps

    def forward(self, x: np.ndarray, t: np.ndarray) -> tuple:
        return self.network(x, t)

    def draw(self, x0: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """(t, noise) for a step of training: t uniform in 1 … steps, noise standard normal."""
        expect_generator(rng)
        return rng.integers(1, self.steps + 1, len(x0)), rng.standard_normal(x0.shape, x0.dtype)

    def loss(self, x0: np.ndarray, t: np.ndarray, noise: np.ndarray) -> tuple[np.floating, Callable[..., None]]:
        """mean (v_θ(x_s, t) − (ε − x_0))²; `back()` leaves the gradients."""
        expect_noise(self, "noise", noise, x0.shape, x0.dtype)
        s = (t / self.steps).astype(x0.dtype).reshape((-1,) + (1,) * (x0.ndim - 1))
        velocity, back = self((1 - s) * x0 + s * noise, t)
        loss, back_loss = mse(velocity, noise - x0)

        def backward(dloss: float = 1.0) -> None:
            back(back_loss(dloss))

        return loss, backward

    def flow(self, x: np.ndarray) -> Iterator[np.ndarray]:
        """From noise x to data, by Euler's rule in `steps` steps of equal length; yields x after each."""
        for t in range(self.steps, 0, -1):
            x = x - self(x, np.full(len(x), t))[0] * (1 / self.steps)
            yield x
