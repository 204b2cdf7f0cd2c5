import checks_diffusion as checks
import numpy as np
import pytest
from helpers import normal, rng

import chainrule.models.diffusion.denoiser
import chainrule.models.diffusion.model
import chainrule.models.diffusion.samplers
import chainrule.models.diffusion.schedule
from chainrule.layer import Layer
from chainrule.models.diffusion import (
    Denoiser,
    Diffusion,
    NoiseSchedule,
    cosine_schedule,
    ddim,
    ddpm,
    linear_schedule,
    without_some_labels,
)
from chainrule.optimizers import Adam
from chainrule.store import load, save
from chainrule.train import minimise


@pytest.mark.parametrize(
    ("check", "module"),
    [
        (checks.schedule_equals_its_single_steps, chainrule.models.diffusion.schedule),
        (checks.posterior_is_bayes_rule, chainrule.models.diffusion.schedule),
        (checks.clean_and_noise_undo_noised, chainrule.models.diffusion.schedule),
        (checks.schedules_in_their_own_words, chainrule.models.diffusion.schedule),
        (checks.elbo_weights_turn_noise_into_means, chainrule.models.diffusion.schedule),
        (checks.denoiser_gradients, chainrule.models.diffusion.denoiser),
        (checks.denoiser_is_told_time_and_label, chainrule.models.diffusion.denoiser),
        (checks.diffusion_loss, chainrule.models.diffusion.model),
        (checks.guidance_goes_from_none_beyond_one, chainrule.models.diffusion.model),
        (checks.ddim_with_all_noise_is_ddpm, chainrule.models.diffusion.samplers),
        (checks.samplers_written_out, chainrule.models.diffusion.samplers),
    ],
)
def test_check(check, module):
    check(module)


def model(classes: int = 0) -> Diffusion:
    return Diffusion(Denoiser(2, 10, rng(), hidden=8, classes=classes), linear_schedule(10))


class Exact(Layer):
    """The noise that is in x on average where the data are normal with variance v: (1 − ᾱ)½ x / (ᾱ v + 1 − ᾱ)."""

    def __init__(self, schedule: NoiseSchedule, v: float):
        self._a, self.v = schedule.alpha_bars, v

    def forward(self, x: np.ndarray, t: np.ndarray) -> tuple:
        a = self._a[t][:, None]
        return np.sqrt(1 - a) / (a * self.v + 1 - a) * x, None


@pytest.mark.parametrize("schedule", [linear_schedule(1000), cosine_schedule(500)], ids=["linear", "cosine"])
def test_with_the_exact_denoiser_the_samples_have_the_variance_of_the_data(schedule):
    exact, x = Diffusion(Exact(schedule, 0.25), schedule), normal(10_000, 1)
    for sampler in (ddpm(exact, x, rng(1)), ddim(exact, x), ddim(exact, x, rng(2), eta=0.5)):
        *_, samples = sampler
        assert samples.std() == pytest.approx(0.5, rel=0.03)


@pytest.mark.parametrize("schedule", [linear_schedule(20), linear_schedule(1000), cosine_schedule(50)])
def test_schedules_end_in_noise(schedule):
    assert schedule.alpha_bars[0] == 1 and schedule.alpha_bars[-1] < 1e-4
    assert (np.diff(schedule.alpha_bars) < 0).all()


def test_float32_stays_and_nothing_is_written():
    net, x, noise = model(), normal(4, 2, dtype=np.float32), normal(4, 2, seed=1, dtype=np.float32)
    for array in (x, noise):
        array.setflags(write=False)
    loss, back = net.loss(x, np.array([1, 2, 3, 10]), noise)
    assert loss.dtype == np.float32 and back() is None and net.flat()[1].any()
    assert net.elbo_loss(x, np.array([1, 2, 3, 10]), noise)[0].dtype == np.float32
    for steps in (list(ddpm(net, x, rng(), limit=2.0)), list(ddim(net, x, steps=3)), list(ddim(net, x, rng(), eta=1))):
        assert all(y.dtype == np.float32 and y.shape == x.shape for y in steps)
        assert len({id(y) for y in steps}) == len(steps) and not any(np.shares_memory(x, y) for y in steps)


def test_samples_are_repeated_by_their_seed_and_ddim_by_its_start():
    net, x = model(3), normal(4, 2, dtype=np.float32)
    labels = np.array([0, 1, 2, 0])
    for one, two in (
        (ddpm(net, x, rng(1), labels, 2.0), ddpm(net, x, rng(1), labels, 2.0)),
        (ddim(net, x, labels=labels), ddim(net, x, labels=labels)),
    ):
        for a, b in zip(one, two, strict=True):
            assert np.array_equal(a, b)


def test_a_label_leads_where_guidance_points():
    """Two clouds, one a label: each is found by its label; without one, both are."""
    draw = rng()
    labels = draw.integers(0, 2, 400)
    x = (2 * labels[:, None] - 1 + 0.1 * draw.standard_normal((400, 1))).astype(np.float32)
    net = Diffusion(Denoiser(1, 20, rng(), hidden=32, classes=2), linear_schedule(20))

    def loss(x, labels):
        return net.loss(x, *net.draw(x, draw), without_some_labels(labels, 2, 0.2, draw))

    list(minimise(loss, (x, labels), Adam(net, 5e-3), epochs=60, rng=draw, batch_size=100))
    noise, told = normal(200, 1, dtype=np.float32), np.arange(200) % 2
    *_, samples = ddpm(net, noise, draw, told, guidance=1.5, limit=1.5)
    assert ((samples[:, 0] > 0) == told).mean() > 0.95
    *_, free = ddpm(net, noise, draw, limit=1.5)
    assert 0.25 < (free > 0).mean() < 0.75 and np.abs(np.abs(free) - 1).mean() < 0.3


def test_saving_and_a_batch_of_one(tmp_path):
    net, x = model(), normal(1, 2, dtype=np.float32)
    before = list(ddim(net, x, steps=5))[-1]
    save(tmp_path / "diffusion.npz", net)
    net.flat()[0][:] = 0
    load(tmp_path / "diffusion.npz", net)
    assert np.array_equal(list(ddim(net, x, steps=5))[-1], before)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: NoiseSchedule(np.array([0.1, 1.0])), r"NoiseSchedule takes a vector of T >= 1 numbers in \(0, 1\)"),
        (lambda: NoiseSchedule(np.zeros(0)), "NoiseSchedule takes a vector"),
        (
            lambda: linear_schedule(10).noised(np.zeros((2, 2)), 0, np.zeros((2, 2))),
            "takes integers t from 1 to 10, got 0",
        ),
        (lambda: linear_schedule(10).noised(np.zeros((2, 2)), 1.5, np.zeros((2, 2))), "takes integers t from 1 to 10"),
        (lambda: linear_schedule(10).clean(np.zeros((2, 2)), np.array([1, 2, 3]), 0), "or a t for each of 2 rows, got"),
        (lambda: linear_schedule(0), "steps takes a positive integer, got 0"),
        (lambda: linear_schedule(5, first=0), "linear_schedule first takes a number in"),
        (lambda: cosine_schedule(5, -1), "offset takes a finite number >= 0, got -1"),
        (lambda: model().loss(np.zeros((2, 2)), np.array([1, 2]), np.zeros((1, 2))), r"takes noise float64 \(2, 2\)"),
        (lambda: model()(np.zeros((2, 3), "f"), np.array([1, 2])), r"Denoiser\(2\) takes x \(N, 2\) and t \(N,\), got"),
        (lambda: model()(np.zeros((1, 2), "f"), np.array([11])), "takes integers t from 0 to 10"),
        (lambda: model()(np.zeros((1, 2), "f"), np.array([1]), np.array([0])), "takes no labels: it has no classes"),
        (lambda: Denoiser(2, 10, rng(), blocks=0), "Denoiser blocks takes a positive integer, got 0"),
        (lambda: ddim(model(), np.zeros((1, 2), "f"), steps=11), "ddim takes at most 10 steps, got 11"),
        (lambda: ddim(model(), np.zeros((1, 2), "f"), eta=0.5), "rng takes"),
        (lambda: ddpm(model(), np.zeros((1, 2), "f"), 0), "rng takes"),
        (lambda: model().predict(np.zeros((1, 2), "f"), 3, limit=0), "limit takes a finite number > 0, got 0"),
        (lambda: without_some_labels(np.zeros(2, int), 3, 2.0, rng()), r"fraction takes a number in \[0, 1\], got 2"),
    ],
)
def test_wrong_input(act, message):
    with pytest.raises(ValueError, match=message):
        act()
