"""What must hold of the variational autoencoder and its parts."""

import math
from types import ModuleType

import numpy as np
from checks_generative import EPS, X
from helpers import normal, rng
from numpy.testing import assert_allclose
from objectives import Objective

from chainrule.activations import tanh
from chainrule.check import gradcheck
from chainrule.dense import Dense
from chainrule.models.vae.likelihoods import Bernoulli, Gaussian

MEAN, LOG_VAR, NOISE = (normal(4, 3, seed=seed) for seed in range(3))


def gaussian_gradients(m: ModuleType) -> None:
    gradcheck(m.reparameterised, MEAN, LOG_VAR, NOISE, rng=rng(1))
    gradcheck(m.gaussian_kl, MEAN, LOG_VAR, rng=rng(1))


def gaussian_values(m: ModuleType) -> None:
    z = m.reparameterised(np.array([[1.0, 2]]), np.array([[0, math.log(9)]]), np.array([[0.5, -1]]))[0]
    assert_allclose(z, [[1.5, -1]])
    x = np.linspace(-30, 30, 200_001)  # KL by quadrature, for each of the numbers on its own
    for mean, log_var in zip(MEAN.ravel(), LOG_VAR.ravel()):
        log_q = -0.5 * ((x - mean) ** 2 / math.exp(log_var) + log_var + math.log(2 * math.pi))
        log_p = -0.5 * (x * x + math.log(2 * math.pi))
        by_sum = np.sum(np.exp(log_q) * (log_q - log_p)) * (x[1] - x[0])
        assert_allclose(m.gaussian_kl(np.array([[mean]]), np.array([[log_var]]))[0], [by_sum], rtol=1e-8)
    terms = [m.gaussian_kl(MEAN[:, [j]], LOG_VAR[:, [j]])[0] for j in range(3)]
    assert_allclose(m.gaussian_kl(MEAN, LOG_VAR)[0], sum(terms))


def likelihood_gradients(m: ModuleType) -> None:
    x = rng().random((4, 2, 3))
    for likelihood in (m.Bernoulli(), m.Gaussian(0.3)):
        gradcheck(lambda y, f=likelihood: f.nll(y, x), 3 * normal(4, 2, 3), rng=rng(1))


def likelihood_values(m: ModuleType) -> None:
    y, x = np.array([[math.log(3), -math.log(3)], [0, 0]]), np.array([[1, 1], [0.3, 0.9]])
    assert_allclose(m.Bernoulli().nll(y, x)[0], [math.log(4 / 3) + math.log(4), 2 * math.log(2)])
    assert_allclose(m.Bernoulli().nll(np.array([[800.0, -800, 800]]), np.array([[1.0, 0, 0]]))[0], [800])
    assert_allclose(m.Bernoulli().mean(y), [[0.75, 0.25], [0.5, 0.5]])
    density = lambda e: math.exp(-0.5 * (e / 0.5) ** 2) / (0.5 * math.sqrt(2 * math.pi))  # noqa: E731
    there = [-math.log(density(0.1) * density(-0.2))]
    assert_allclose(m.Gaussian(0.5).nll(np.array([[1.1, 0.8]]), np.array([[1.0, 1.0]]))[0], there)
    assert_allclose(m.Gaussian(0.5).mean(y), y)


def vae_gradients(m: ModuleType) -> None:
    for likelihood in (Bernoulli(), Gaussian(0.5)):
        model = m.vae([6, 7, 2], rng(), likelihood, beta=0.7, activation=tanh)
        gradcheck(model, X, EPS, rng=rng(1))
        gradcheck(Objective(model, lambda model: model.loss(X, EPS)), rng=rng(1))


def vae_bounds_are_tight_where_the_posterior_is_exact(m: ModuleType) -> None:
    """For x = z W + b + s ε both bounds equal log N(x; b, WᵀW + s² 1) once the encoder is the true posterior."""
    W, b, s, x = normal(2, 4), normal(4, seed=1), 0.7, normal(3, 4, seed=2)
    cov = W.T @ W + s * s * np.eye(4)
    d = x - b
    exact = -0.5 * (np.sum(d @ np.linalg.inv(cov) * d, 1) + np.linalg.slogdet(cov)[1] + 4 * math.log(2 * math.pi))
    values, Q = np.linalg.eigh(W @ W.T / s**2)  # turned so that the posterior's covariance is diagonal
    decoder, encoder = Dense(2, 4, rng(), dtype=np.float64), Dense(4, 4, rng(), dtype=np.float64)
    decoder.W, decoder.b = Q.T @ W, b
    spread = 1 / (1 + values)
    gain = (decoder.W.T / s**2) * spread
    encoder.W, encoder.b = np.concatenate([gain, 0 * gain], 1), np.concatenate([-b @ gain, np.log(spread)])
    model = m.VAE(encoder, decoder, Gaussian(s), beta=0.3)
    assert_allclose(model.log_likelihood(x, normal(3, 3, 2, seed=4)), exact)
    corners = [sign * math.sqrt(2) * np.tile(row, (3, 1)) for row in np.eye(2) for sign in (1, -1)]
    assert_allclose(np.mean([model.elbo(x, c) for c in corners], axis=0), exact)  # exact for a quadratic
    loss = model.loss(x, corners[0])[0]
    kl = 0.5 * np.sum(model.encode(x)[0] ** 2 + spread - 1 - np.log(spread), 1)
    assert_allclose(loss, (-model.elbo(x, corners[0]) + (0.3 - 1) * kl).mean())


def vae_decodes_to_the_mean(m: ModuleType) -> None:
    model = m.vae([6, 7, 2], rng(), dtype=np.float64)
    assert_allclose(model.decode(EPS), 1 / (1 + np.exp(-model.decoder(EPS)[0])))
    (_, mean, log_var), _ = model(X, EPS)
    assert_allclose(model.encode(X), (mean, log_var))
    assert_allclose(np.concatenate([mean, log_var], 1), model.encoder(X)[0])
