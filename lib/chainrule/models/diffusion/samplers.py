"""From noise to data, step by step. Both samplers are generators: they yield x at the end of each step, the last of
which is the sample, so that the cloud can be watched as it takes shape.

    *_, x = ddpm(model, rng.standard_normal((500, 2), np.float32), rng)
"""

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from chainrule.arrays import expect_generator, expect_number, expect_positive_int
from chainrule.models.diffusion.model import Diffusion
from chainrule.models.diffusion.schedule import NoiseSchedule


def ddpm(
    model: Diffusion,
    x: np.ndarray,
    rng: np.random.Generator,
    labels: np.ndarray | None = None,
    guidance: float = 1.0,
    limit: float | None = None,
) -> Iterator[np.ndarray]:
    """x_{t−1} drawn from q(x_{t−1} | x_t, x̂_0) for t = T … 1, x̂_0 what the model takes the data to be.

    x       x_T: standard normal noise, shaped like the samples wanted; it is left alone
    rng     draws the noise of each step
    labels  (N,), with `guidance` and `limit` as in Diffusion.predict

    Source  Ho, Jain & Abbeel (2020), algorithm 2, with the variance β̃_t.
    """
    expect_generator(rng)
    return _ddpm(model, x, rng, (labels, guidance, limit))


def ddim(
    model: Diffusion,
    x: np.ndarray,
    rng: np.random.Generator | None = None,
    steps: int | None = None,
    eta: float = 0.0,
    labels: np.ndarray | None = None,
    guidance: float = 1.0,
    limit: float | None = None,
) -> Iterator[np.ndarray]:
    """The same denoiser in fewer and less noisy steps: `steps` of the T times, evenly spread (None: all of them).

    η = 0 adds no noise at all: x_T then decides the sample, and rng may be left out. η = 1 with all steps is DDPM.
    The rest as in `ddpm`.

    Source  Song, Meng & Ermon (2021), eq. 12 and 16.
    Raises  ValueError where steps exceeds T, or η > 0 without rng.
    """
    total = model.schedule.steps
    steps = total if steps is None else steps
    expect_positive_int("ddim steps", steps)
    expect_number("ddim eta", eta, low=0, high=1)
    if steps > total:
        raise ValueError(f"ddim takes at most {total} steps, got {steps}")
    if eta > 0:
        expect_generator(rng)
    return _ddim(model, x, rng, steps, eta, (labels, guidance, limit))


def ddim_step(
    schedule: NoiseSchedule, x0: np.ndarray, noise: np.ndarray, t: int, s: int, eta: float
) -> tuple[np.ndarray, float]:
    """(mean, standard deviation) of x_s, s < t, from what x_t is made of, x̂_0 and ε̂; s = 0 is the data.

    mean = √ᾱ_s x̂_0 + √(1 − ᾱ_s − σ²) ε̂,  σ = η √((1 − ᾱ_s) / (1 − ᾱ_t)) √(1 − ᾱ_t / ᾱ_s).
    """
    a_t, a_s = float(schedule.alpha_bars[t]), float(schedule.alpha_bars[s])
    sigma = eta * math.sqrt((1 - a_s) / (1 - a_t) * (1 - a_t / a_s))
    return math.sqrt(a_s) * x0 + math.sqrt(max(1 - a_s - sigma**2, 0.0)) * noise, sigma


def _ddpm(model: Diffusion, x: np.ndarray, rng: np.random.Generator, how: tuple) -> Iterator[np.ndarray]:
    for t in range(model.schedule.steps, 0, -1):
        x, variance = model.schedule.posterior(model.predict(x, t, *how)[0], x, t)
        if t > 1:
            x += np.sqrt(variance) * rng.standard_normal(x.shape, x.dtype)
        yield x


def _ddim(
    model: Diffusion, x: np.ndarray, rng: np.random.Generator | None, steps: int, eta: float, how: tuple
) -> Iterator[np.ndarray]:
    times = np.linspace(0, model.schedule.steps, steps + 1).round().astype(int)[::-1].tolist()
    for t, s in pairwise(times):
        x, sigma = ddim_step(model.schedule, *model.predict(x, t, *how), t, s, eta)
        if sigma > 0 and rng is not None:
            x += sigma * rng.standard_normal(x.shape, x.dtype)
        yield x
