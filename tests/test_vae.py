import math

import checks_vae as checks
import numpy as np
import pytest
from helpers import normal, rng

import chainrule.models.vae.gaussian
import chainrule.models.vae.likelihoods
import chainrule.models.vae.model
from chainrule.activations import relu
from chainrule.combine import Sequential
from chainrule.convolution import Conv2d, ConvTranspose2d, flatten
from chainrule.dense import Dense
from chainrule.models.gan.convolutional import as_images
from chainrule.models.vae import VAE, Bernoulli, Gaussian, gaussian_kl, reparameterised, vae
from chainrule.store import load, save

X, EPS = rng(2).random((5, 6)).astype(np.float32), normal(5, 2, dtype=np.float32)


@pytest.mark.parametrize(
    ("check", "module"),
    [
        (checks.gaussian_gradients, chainrule.models.vae.gaussian),
        (checks.gaussian_values, chainrule.models.vae.gaussian),
        (checks.likelihood_gradients, chainrule.models.vae.likelihoods),
        (checks.likelihood_values, chainrule.models.vae.likelihoods),
        (checks.vae_gradients, chainrule.models.vae.model),
        (checks.vae_bounds_are_tight_where_the_posterior_is_exact, chainrule.models.vae.model),
        (checks.vae_decodes_to_the_mean, chainrule.models.vae.model),
    ],
)
def test_check(check, module):
    check(module)


def test_kl_is_zero_at_the_prior_and_nowhere_else():
    zero = np.zeros((1, 3))
    kl, back = gaussian_kl(zero, zero)
    assert kl == 0 and not np.any(back(np.ones(1)))
    assert (gaussian_kl(normal(50, 3), normal(50, 3, seed=1))[0] > 0).all()


def test_kl_by_monte_carlo():
    mean, log_var, noise = normal(1, 2), normal(1, 2, seed=1), normal(400_000, 2, seed=2)
    z = reparameterised(mean, log_var, noise)[0]
    sampled = 0.5 * (z * z - noise * noise - log_var).sum(1)  # log q − log p, their constants gone
    error = 4 * sampled.std() / math.sqrt(len(sampled))
    assert abs(sampled.mean() - gaussian_kl(mean, log_var)[0][0]) < error < 0.02


def test_reparameterised_and_score_function_gradients_agree_but_not_in_spread():
    """d/dμ and d/dlog σ² of E[f(z)], f(z) = sin z: through z, and as f(z) ∇ log q(z)."""
    n, mean, log_var = 400_000, 0.4, -0.6
    noise = normal(n, 1)
    z, back = reparameterised(np.full((n, 1), mean), np.full((n, 1), log_var), noise)
    through = back(np.cos(z))[:2]
    score = [np.sin(z) * noise / math.exp(0.5 * log_var), np.sin(z) * 0.5 * (noise**2 - 1)]
    for a, b in zip(through, score):
        assert abs(a.mean() - b.mean()) < 4 * math.hypot(a.std(), b.std()) / math.sqrt(n)
        assert b.std() > 2 * a.std()


def test_float32_stays_and_nothing_is_written():
    model = vae([6, 4, 2], rng(), beta=np.float64(0.5))
    for array in (X, EPS):
        array.setflags(write=False)
    (y, mean, log_var), back = model(X, EPS)
    assert {a.dtype for a in (y, mean, log_var, *back(y, mean, log_var))} == {np.dtype(np.float32)}
    loss, back = model.loss(X, EPS)
    assert loss.dtype == model.elbo(X, EPS).dtype == np.float32 and back() is None
    assert np.isfinite(model.log_likelihood(X, normal(3, 5, 2, dtype=np.float32))).all()


def test_gradients_are_added_and_frozen_ones_left_alone():
    model = vae([6, 4, 2], rng())
    model.loss(X, EPS)[1]()
    once = model.flat()[1].copy()
    model.loss(X, EPS)[1](2.0)
    np.testing.assert_allclose(model.flat()[1], 3 * once, rtol=1e-4, atol=1e-5)
    model.zero_grad()
    with model.frozen():
        model.loss(X, EPS)[1]()
    assert not model.flat()[1].any()


def test_more_draws_tighten_the_bound():
    model = vae([6, 8, 2], rng(), dtype=np.float64)
    noise = normal(200, 5, 2)
    bounds = [
        np.mean([model.log_likelihood(X.astype(float), part) for part in np.split(noise, n)]) for n in (200, 10, 1)
    ]
    assert bounds == sorted(bounds) and bounds[0] < bounds[2] - 1e-3


def test_images_batch_of_one_and_saving(tmp_path):
    encoder = Sequential(Conv2d(1, 2, 3, rng(), stride=2), relu, flatten, Dense(32, 6, rng()))
    grow = Sequential(Dense(3, 32, rng()), lambda x: as_images(x, (2, 4, 4)), ConvTranspose2d(2, 1, 2, rng(), stride=2))
    model = VAE(encoder, grow, Gaussian(0.5))
    image, eps = rng().random((1, 1, 8, 8)).astype(np.float32), normal(1, 3, dtype=np.float32)
    before = model.loss(image, eps)[0]
    save(tmp_path / "vae.npz", model)
    model.flat()[0][:] = 0
    load(tmp_path / "vae.npz", model)
    assert model.loss(image, eps)[0] == before and model.decode(eps).shape == image.shape


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda m: m(X, EPS[:1]), r"VAE takes noise float32 \(5, 2\), got float32 \(1, 2\)"),
        (lambda m: m(X, EPS.astype(float)), r"VAE takes noise float32 \(5, 2\), got float64 \(5, 2\)"),
        (lambda m: m.loss(X, 0), r"VAE takes noise float32 \(5, 2\), got int"),
        (lambda m: m.loss(X + 1, EPS), r"Bernoulli takes x in \[0, 1\], got values from 1\.\d+ to "),
        (
            lambda m: VAE(Dense(6, 3, rng()), m.decoder)(X, EPS),
            r"takes an encoder with outputs \(N, 2k\), got \(5, 3\)",
        ),
        (lambda m: VAE(m.encoder, m.decoder, beta=-1), "VAE beta takes a finite number >= 0, got -1"),
        (lambda m: Gaussian(0), "Gaussian std takes a finite number > 0, got 0"),
        (
            lambda m: Bernoulli().nll(X, X[:1]),
            r"Bernoulli takes y and x alike, got float32 \(5, 6\) and float32 \(1, 6\)",
        ),
        (lambda m: vae([6], rng()), "mlp takes"),
    ],
)
def test_wrong_input(act, message):
    with pytest.raises(ValueError, match=message):
        act(vae([6, 4, 2], rng()))
