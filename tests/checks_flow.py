"""What must hold of flow matching, and of the exact denoiser for a mixture."""

import math
from types import ModuleType

import numpy as np
from checks_diffusion import BETAS, EPS, X0, T, X
from helpers import normal, rng
from numpy.testing import assert_allclose
from objectives import Objective

from chainrule.check import gradcheck
from chainrule.layer import Layer
from chainrule.models.diffusion.denoiser import Denoiser
from chainrule.models.diffusion.schedule import NoiseSchedule

CENTRES = np.array([[2.0, 0, 1], [-1, 1, 0]])


def mixture_score_is_the_slope_of_its_density(m: ModuleType) -> None:
    schedule = NoiseSchedule(BETAS)
    exact = m.MixtureDenoiser(CENTRES, 0.4, schedule)
    a = schedule.alpha_bars[T][:, None]
    variance = a * 0.16 + 1 - a

    def log_density(x: np.ndarray) -> np.ndarray:
        squares = ((x[:, None] - np.sqrt(a)[:, :, None] * CENTRES) ** 2).sum(2)
        return np.log(np.exp(-0.5 * squares / variance).sum(1))

    for axis in np.eye(3):
        slope = (log_density(X + 1e-5 * axis) - log_density(X - 1e-5 * axis)) / 2e-5
        assert_allclose(exact.score(X, T) @ axis, slope, rtol=1e-8, atol=1e-8)
    assert_allclose(exact(X, T)[0], -np.sqrt(1 - a) * exact.score(X, T))


def exact_noise_is_the_mean_of_the_noise(m: ModuleType) -> None:
    """E[ε | x_t]: its error is uncorrelated with anything that x_t says."""
    schedule = NoiseSchedule(BETAS)
    draw, n = rng(), 100_000
    x0 = CENTRES[draw.integers(0, 2, n)] + 0.4 * draw.standard_normal((n, 3))
    noise, t = draw.standard_normal((n, 3)), np.full(n, 3)
    x = schedule.noised(x0, t, noise)
    error = noise - m.MixtureDenoiser(CENTRES, 0.4, schedule)(x, t)[0]
    for seen in (np.ones_like(x), x, np.sin(3 * x)):
        assert_allclose((error * seen).mean(0), 0, atol=0.015)


class Linear(Layer):
    """The exact velocity for normal data of variance v: E[ε − x_0 | x_s] = (s − (1 − s) v) x / ((1 − s)² v + s²)."""

    def forward(self, x: np.ndarray, t: np.ndarray) -> tuple:
        s, v = t[:, None] / 400, 0.25
        return (s - (1 - s) * v) / ((1 - s) ** 2 * v + s * s) * x, None


def flow_loss(m: ModuleType) -> None:
    model = m.FlowMatching(Denoiser(3, 4, rng(), hidden=5, waves=4, dtype=np.float64), 4)
    gradcheck(Objective(model, lambda model: model.loss(X0, T, EPS)), rng=rng(1))
    s = T[:, None] / 4
    wanted = np.mean((model.network((1 - s) * X0 + s * EPS, T)[0] - (EPS - X0)) ** 2)
    assert_allclose(model.loss(X0, T, EPS)[0], wanted)
    t, noise = model.draw(np.zeros((9000, 1), np.float32), rng())
    assert_allclose(np.bincount(t) / 9000, [0, 0.25, 0.25, 0.25, 0.25], atol=0.02)
    assert_allclose([noise.mean(), noise.std()], [0, 1], atol=0.03)


def flow_arrives_at_the_data(m: ModuleType) -> None:
    x = normal(50, 1)
    model = m.FlowMatching(Linear(), 400)
    first, *_, samples = model.flow(x)
    assert_allclose(first, x - model(x, np.full(50, 400))[0] / 400)
    assert_allclose(samples, math.sqrt(0.25) * x, rtol=0.01)
