import checks_flow as checks
import numpy as np
import pytest
from helpers import normal, rng

import chainrule.models.diffusion.exact
import chainrule.models.diffusion.flow
from chainrule.data import ring_centres
from chainrule.metrics import mode_coverage
from chainrule.models.diffusion import Denoiser, Diffusion, FlowMatching, MixtureDenoiser, ddim, ddpm, linear_schedule
from chainrule.optimizers import Adam
from chainrule.train import minimise


@pytest.mark.parametrize(
    ("check", "module"),
    [
        (checks.mixture_score_is_the_slope_of_its_density, chainrule.models.diffusion.exact),
        (checks.exact_noise_is_the_mean_of_the_noise, chainrule.models.diffusion.exact),
        (checks.flow_loss, chainrule.models.diffusion.flow),
        (checks.flow_arrives_at_the_data, chainrule.models.diffusion.flow),
    ],
)
def test_check(check, module):
    check(module)


def test_samples_of_the_exact_denoiser_cover_the_mixture_evenly():
    schedule = linear_schedule(200)
    model, x = Diffusion(MixtureDenoiser(ring_centres(), 0.1, schedule), schedule), normal(2000, 2, dtype=np.float32)
    for sampler in (ddpm(model, x, rng()), ddim(model, x, steps=100)):
        *_, samples = sampler
        coverage = mode_coverage(samples, ring_centres(), 0.3, 0.1)
        assert coverage.covered == 8 and coverage.near > 0.95 and samples.dtype == np.float32


def test_a_model_trained_on_one_gaussian_has_its_score():
    schedule, draw = linear_schedule(20), rng()
    x0 = (0.5 + 0.3 * draw.standard_normal((2000, 1))).astype(np.float32)
    model = Diffusion(Denoiser(1, 20, rng(), hidden=32), schedule)
    list(
        minimise(
            lambda x: model.loss(x, *model.draw(x, draw)), x0, Adam(model, 5e-3), epochs=40, rng=draw, batch_size=200
        )
    )
    exact = MixtureDenoiser(np.array([[0.5]]), 0.3, schedule)
    x = np.linspace(-0.5, 1.5, 9, dtype=np.float32)[:, None]
    there = exact.score(x, 10)
    np.testing.assert_allclose(model.score(x, 10), there, atol=0.2 * np.abs(there).max())


def test_a_flow_learns_two_clouds():
    draw = rng()
    x0 = np.sign(draw.standard_normal((1000, 1))).astype(np.float32)
    model = FlowMatching(Denoiser(1, 20, rng(), hidden=32), 20)
    objective = lambda x: model.loss(x, *model.draw(x, draw))  # noqa: E731
    list(minimise(objective, x0, Adam(model, 5e-3), epochs=60, rng=draw, batch_size=200))
    *_, samples = model.flow(normal(400, 1, dtype=np.float32))
    assert np.abs(np.abs(samples) - 1).mean() < 0.15 and 0.4 < (samples > 0).mean() < 0.6
    assert samples.dtype == np.float32 and model.evaluate().flat()[0].dtype == np.float32


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: MixtureDenoiser(np.zeros(3), 0.1, linear_schedule(5)), r"takes centres \(K, d\), got \(3,\)"),
        (lambda: MixtureDenoiser(np.zeros((2, 2)), -1, linear_schedule(5)), "std takes a finite number >= 0, got -1"),
        (
            lambda: MixtureDenoiser(np.zeros((2, 2)), 1, linear_schedule(5))(np.zeros((4, 3)), np.ones(4, int)),
            r"MixtureDenoiser takes \(N, 2\), got \(4, 3\)",
        ),
        (
            lambda: MixtureDenoiser(np.zeros((2, 2)), 1, linear_schedule(5))(np.zeros((4, 2)), np.ones(4, int), 0),
            "MixtureDenoiser takes no labels",
        ),
        (lambda: FlowMatching(Denoiser(1, 5, rng()), 0), "FlowMatching steps takes a positive integer, got 0"),
        (
            lambda: FlowMatching(Denoiser(1, 5, rng()), 5).loss(normal(2, 1), np.ones(2, int), normal(1, 1)),
            r"FlowMatching takes noise float64 \(2, 1\), got float64 \(1, 1\)",
        ),
    ],
)
def test_wrong_input(act, message):
    with pytest.raises(ValueError, match=message):
        act()
