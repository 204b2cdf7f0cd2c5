"""What must hold of diffusion: the schedule's closed forms, the denoiser, the loss, the samplers."""

import math
from types import ModuleType
from typing import Any

import numpy as np
from helpers import normal, rng
from numpy.testing import assert_allclose
from objectives import Objective

from chainrule.check import gradcheck
from chainrule.layer import Layer
from chainrule.models.diffusion.denoiser import Denoiser
from chainrule.models.diffusion.model import Diffusion
from chainrule.models.diffusion.schedule import NoiseSchedule

BETAS = np.array([0.1, 0.3, 0.2, 0.6])
X0, X, EPS = (normal(4, 3, seed=seed) for seed in range(3))
T, LABELS = np.array([1, 3, 4, 2]), np.array([0, 2, 1, 1])


class Guess(Layer):
    """A denoiser in one line: ½ x + t + label, the label 0 unless told."""

    def forward(self, x: np.ndarray, t: np.ndarray, labels: Any = None) -> tuple:
        self._asked = getattr(self, "_asked", 0) + 1
        told = 0 if labels is None else labels[:, None]
        return 0.5 * x + 0.1 * t[:, None] + told, None


def schedule_equals_its_single_steps(m: ModuleType) -> None:
    """Mean and variance of x_t, carried step by step through x_t = √α x_{t−1} + √β ε, are those of `noised`."""
    schedule, mean, variance = m.NoiseSchedule(BETAS), X0, np.zeros((4, 1))
    for t in range(1, 5):
        zero, one = np.zeros_like(X0), np.ones_like(X0)
        mean = schedule.step(mean, t, zero)
        variance = schedule.step(one, t, zero)[:, :1] ** 2 * variance + (schedule.step(zero, t, one)[:, :1]) ** 2
        assert_allclose(schedule.noised(X0, t, zero), mean)
        assert_allclose(schedule.noised(zero, t, one)[:, :1] ** 2, variance)


def posterior_is_bayes_rule(m: ModuleType) -> None:
    """log q(x_{t−1} | x_t, x_0) and log q(x_t | x_{t−1}) + log q(x_{t−1} | x_0) differ by a constant in x_{t−1}."""
    schedule, zero, one = m.NoiseSchedule(BETAS), np.zeros((4, 1)), np.ones((4, 1))
    x0, x, t = X0[:, :1], X[:, :1], T
    mean, variance = schedule.posterior(x0, x, t)
    assert_allclose(mean[0], x0[0])  # before the first step there is the data
    assert variance[0] == 0
    for row in range(1, 4):
        grid, s = np.linspace(-3, 3, 7)[:, None], int(t[row])
        onward = (x[row] - schedule.step(grid, s, 0 * grid)) ** 2 / schedule.step(zero, s, one)[0] ** 2
        before = (grid - schedule.noised(x0[[row]], s - 1, zero[:1])) ** 2 / schedule.noised(zero, s - 1, one)[0] ** 2
        exact = (grid - mean[row]) ** 2 / variance[row]
        assert_allclose(np.diff(exact, axis=0), np.diff(onward + before, axis=0), rtol=1e-9)


def clean_and_noise_undo_noised(m: ModuleType) -> None:
    schedule = m.NoiseSchedule(BETAS)
    x = schedule.noised(X0, T, EPS)
    assert_allclose(schedule.clean(x, T, EPS), X0)
    assert_allclose(schedule.noise_in(x, X0, T), EPS)
    assert_allclose(schedule.noised(X0, 3, EPS)[1], schedule.noised(X0, T, EPS)[1])


def schedules_in_their_own_words(m: ModuleType) -> None:
    thousand = m.linear_schedule(1000)
    assert_allclose(thousand.betas[[1, 1000]], [1e-4, 0.02])
    assert_allclose(np.diff(thousand.betas[1:]), 0.0199 / 999)
    assert_allclose(m.linear_schedule(200).betas[[1, 200]], [5e-4, 0.1])
    f = np.cos(0.5 * math.pi * (np.arange(51) / 50 + 0.008) / 1.008) ** 2
    assert_allclose(m.cosine_schedule(50).alpha_bars[:50], (f / f[0])[:50])
    assert m.cosine_schedule(50).betas.max() == 0.999
    assert_allclose(m.NoiseSchedule(BETAS).alpha_bars, [1, 0.9, 0.63, 0.504, 0.2016])


def elbo_weights_turn_noise_into_means(m: ModuleType) -> None:
    """KL between two Gaussians of variance β_t: ‖μ(x, ε) − μ(x, ε̂)‖² / 2β_t = weight · ‖ε − ε̂‖²."""
    schedule = m.NoiseSchedule(BETAS)
    x = schedule.noised(X0, T, EPS)
    mean = schedule.posterior(X0, x, T)[0]
    guess = schedule.posterior(schedule.clean(x, T, EPS + X), x, T)[0]
    left = ((mean - guess) ** 2).sum(1) / (2 * BETAS[T - 1])
    assert_allclose(left, schedule.elbo_weights(T) * (X**2).sum(1))


def denoiser_gradients(m: ModuleType) -> None:
    gradcheck(m.Denoiser(3, 4, rng(), hidden=5, waves=4), X, T, rng=rng(1))
    told = m.Denoiser(3, 4, rng(), hidden=5, waves=4, classes=3)
    gradcheck(told, X, T, rng=rng(1))
    gradcheck(told, X, T, LABELS, rng=rng(1))


def denoiser_is_told_time_and_label(m: ModuleType) -> None:
    net = m.Denoiser(3, 4, rng(), hidden=5, waves=4, classes=3, dtype=np.float64)
    y, same = net(X, T, LABELS)[0], net(X[[0, 0]], np.array([1, 2]), LABELS[[0, 0]])[0]
    assert np.abs(same[0] - same[1]).max() > 1e-3 and np.abs(y - net(X, T, LABELS[::-1])[0]).max() > 1e-3
    assert_allclose(net(X, T)[0], net(X, T, np.full(4, 3))[0])
    kept = m.without_some_labels(np.zeros(10000, int), 3, 0.2, rng())
    assert set(np.unique(kept)) == {0, 3}
    assert_allclose((kept == 3).mean(), 0.2, atol=0.015)


def diffusion_loss(m: ModuleType) -> None:
    schedule = NoiseSchedule(BETAS)
    model = m.Diffusion(Denoiser(3, 4, rng(), hidden=5, waves=4, classes=3), schedule)
    gradcheck(Objective(model, lambda model: model.loss(X0, T, EPS, LABELS)), rng=rng(1))
    loss = m.Diffusion(Guess(), schedule).loss(X0, T, EPS, LABELS)[0]
    x = schedule.noised(X0, T, EPS)
    assert_allclose(loss, np.mean((EPS - 0.5 * x - 0.1 * T[:, None] - LABELS[:, None]) ** 2))
    gradcheck(Objective(model, lambda model: model.elbo_loss(X0, T, EPS, LABELS)), rng=rng(1))
    each = ((EPS - 0.5 * x - 0.1 * T[:, None]) ** 2).sum(1)
    elbo = m.Diffusion(Guess(), schedule).elbo_loss(X0, T, EPS)[0]
    assert_allclose(elbo, np.mean(schedule.elbo_weights(T) * each))
    t, noise = model.draw(np.zeros((9000, 1), np.float32), rng())
    assert_allclose(np.bincount(t)[1:] / 9000, 0.25, atol=0.02)
    assert len(np.bincount(t)) == 5 and noise.dtype == np.float32
    assert_allclose([noise.mean(), noise.std()], [0, 1], atol=0.03)


def guidance_goes_from_none_beyond_one(m: ModuleType) -> None:
    model = m.Diffusion(Guess(), NoiseSchedule(BETAS))
    free, told = (model.predict(X, 3, labels)[1] for labels in (None, LABELS))
    assert_allclose(told - free, np.broadcast_to(LABELS[:, None], X.shape), atol=1e-12)
    for scale, asked in ((0, 1), (1, 1), (3.5, 2), (-1, 2)):
        model.denoiser._asked = 0
        x0, noise = model.predict(X, 3, LABELS, scale)
        assert model.denoiser._asked == asked
        assert_allclose(noise, free + scale * (told - free))
        assert_allclose(model.schedule.noised(x0, 3, noise), X)
    x0, noise = model.predict(X, 3, LABELS, 2.0, limit=0.4)
    assert_allclose(x0, np.clip(model.predict(X, 3, LABELS, 2.0)[0], -0.4, 0.4))
    assert_allclose(model.schedule.noised(x0, 3, noise), X)


def ddim_with_all_noise_is_ddpm(m: ModuleType) -> None:
    model = Diffusion(Guess(), NoiseSchedule(BETAS))
    for t in range(1, 5):
        x0, noise = model.predict(X, t)
        mean, variance = model.schedule.posterior(x0, X, t)
        ours, sigma = m.ddim_step(model.schedule, x0, noise, t, t - 1, 1.0)
        assert_allclose(ours, mean)
        assert_allclose(sigma**2, variance[0], atol=1e-15)
    slow, fast = (list(f(model, X, rng(5), **more)) for f, more in ((m.ddpm, {}), (m.ddim, {"eta": 1.0})))
    assert len(slow) == 4
    assert_allclose(slow, fast)


def samplers_written_out(m: ModuleType) -> None:
    model = Diffusion(Guess(), NoiseSchedule(BETAS))
    draw, x = rng(5), X
    for t, y in zip((4, 3, 2, 1), m.ddpm(model, X, rng(5), LABELS, 2.0, 0.7), strict=True):
        mean, variance = model.schedule.posterior(model.predict(x, t, LABELS, 2.0, 0.7)[0], x, t)
        x = mean + (np.sqrt(variance) * draw.standard_normal(x.shape) if t > 1 else 0)
        assert_allclose(y, x)
    x = X
    for (t, s), y in zip(((4, 2), (2, 0)), m.ddim(model, X, steps=2), strict=True):
        x0, noise = model.predict(x, t)
        x = model.schedule.noised(x0, s, noise) if s else x0  # without noise: the same ε̂ at a quieter time
        assert_allclose(y, x)
