"""What the generative models are promised to learn."""

from functools import lru_cache

import numpy as np

from chainrule.activations import relu, softmax
from chainrule.combine import Sequential
from chainrule.data import Split, digits, swiss_roll
from chainrule.initializers import he
from chainrule.losses import cross_entropy
from chainrule.models.autoencoder import autoencoder, with_gaussian_noise
from chainrule.models.contrastive import TwoTowers
from chainrule.models.diffusion import Denoiser, Diffusion, cosine_schedule, ddim, ddpm
from chainrule.models.mlp import mlp
from chainrule.models.vae import VAE, Gaussian, vae
from chainrule.optimizers import Adam
from chainrule.schedules import cosine
from chainrule.train import fit, minimise
from claims import Claim

LATENT = 8


def trained_vae(model: VAE, pixels: np.ndarray, epochs: int, rng: np.random.Generator) -> VAE:
    schedule = cosine(2e-3, epochs * -(-len(pixels) // 64))

    def loss(x: np.ndarray) -> tuple:
        return model.loss(x, rng.standard_normal((len(x), LATENT), np.float32))

    list(minimise(loss, pixels, Adam(model, schedule), epochs=epochs, rng=rng, batch_size=64))
    return model


def nats_beyond_pixels(seed: int) -> float:
    """ELBO of held-out digits less their log-likelihood under independent pixels, each as bright as its mean."""
    rng, data = np.random.default_rng(seed), digits(seed)
    model = trained_vae(vae([64, 256, 128, LATENT], rng), data.x_train, 80, rng)
    elbo = model.elbo(data.x_test, rng.standard_normal((len(data.x_test), LATENT), np.float32)).mean()
    p = np.clip(data.x_train.mean(0), 1e-4, 1 - 1e-4)
    pixels = (data.x_test * np.log(p) + (1 - data.x_test) * np.log(1 - p)).sum(1).mean()
    return float(elbo - pixels)


@lru_cache(5)
def recognised(seed: int) -> tuple[float, float]:
    """Per cent of images that a classifier of real digits is sure of (p > 0.8): a VAE's samples, and noise with the
    digits' own means and covariances."""
    rng, data = np.random.default_rng(seed), digits(seed)
    classifier = trained_classifier(data, rng)
    model = trained_vae(vae([64, 128, LATENT], rng, Gaussian(0.12)), data.x_train, 120, rng)
    samples = model.decode(rng.standard_normal((1000, LATENT), np.float32))
    mean, covariance = data.x_train.mean(0), np.cov(data.x_train.T)
    noise = rng.multivariate_normal(mean, covariance, 1000, method="eigh").astype(np.float32)

    def sure(x: np.ndarray) -> float:
        return 100 * float((softmax(classifier(x)[0])[0].max(1) > 0.8).mean())

    return sure(samples), sure(noise)


def trained_classifier(data: Split, rng: np.random.Generator) -> Sequential:
    model = mlp([64, 128, 10], rng, relu, init=he)
    train = (data.x_train, data.y_train)
    list(fit(model, cross_entropy, train, Adam(model, 2e-3), epochs=30, rng=rng, batch_size=64))
    return model


def noise_removed(seed: int) -> float:
    """Per cent of the squared error of noisy held-out digits that a denoising autoencoder takes away."""
    rng, data = np.random.default_rng(seed), digits(seed)
    model = autoencoder([64, 256, 32], rng)

    def loss(x: np.ndarray) -> tuple:
        return model.loss(with_gaussian_noise(x, 0.3, rng), x)

    optimizer = Adam(model, cosine(2e-3, 100 * 22))
    list(minimise(loss, data.x_train, optimizer, epochs=100, rng=rng, batch_size=64))
    noisy = with_gaussian_noise(data.x_test, 0.3, rng)
    left = np.square(model(noisy)[0] - data.x_test).mean() / np.square(noisy - data.x_test).mean()
    return 100 * float(1 - left)


@lru_cache(5)
def distances(seed: int) -> tuple[float, float]:
    """Mean distances of diffusion's samples to the nearest real point and of real points to the nearest sample, the
    larger of the two as a multiple of what a second real sample has; for DDPM, and for DDIM with 20 steps."""
    rng, scale = np.random.default_rng(seed), np.float32(2)
    points = scale * swiss_roll(2000, rng)[0]
    model = Diffusion(Denoiser(2, 100, rng), cosine_schedule(100))
    optimizer = Adam(model, cosine(5e-3, 200 * 8))
    loss = lambda x: model.loss(x, *model.draw(x, rng))  # noqa: E731
    list(minimise(loss, points, optimizer, epochs=200, rng=rng, batch_size=250))
    first, second = (scale * swiss_roll(2000, rng)[0] for _ in range(2))
    x = rng.standard_normal((2000, 2), np.float32)
    *_, slow = ddpm(model, x, rng, limit=2.2)
    *_, fast = ddim(model, x, steps=20, limit=2.2)
    usual = nearest(second, first)
    return tuple(max(nearest(s, first), nearest(first, s)) / usual for s in (slow, fast))


def nearest(a: np.ndarray, b: np.ndarray) -> float:
    """The mean over a of the distance to the nearest point of b."""
    from scipy.spatial import KDTree

    return float(KDTree(b).query(a)[0].mean())


def halves_matched(seed: int) -> float:
    """Per cent of left halves of held-out digits that pick their own right half out of a hundred."""
    rng, data = np.random.default_rng(seed), digits(seed)
    towers = TwoTowers(mlp([32, 128, 32], rng, relu, he), mlp([32, 128, 32], rng, relu, he))

    def loss(left: np.ndarray, right: np.ndarray) -> tuple:
        return towers.loss(with_gaussian_noise(left, 0.1, rng), with_gaussian_noise(right, 0.1, rng))

    optimizer = Adam(towers, cosine(2e-3, 60 * 11))
    list(minimise(loss, halves(data.x_train), optimizer, epochs=60, rng=rng, batch_size=128))
    left, right = halves(data.x_test[:400])
    picked = [towers(left[i : i + 100], right[i : i + 100])[0].argmax(1) for i in range(0, 400, 100)]
    return 100 * float(np.mean([np.mean(p == np.arange(100)) for p in picked]))


def halves(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    images = rows.reshape(-1, 8, 8)
    return images[:, :, :4].reshape(-1, 32), images[:, :, 4:].reshape(-1, 32)


CLAIMS = [
    Claim("Digits: VAE's ELBO beyond independent pixels", nats_beyond_pixels, 2.0, "nats"),
    Claim("Digits: samples of a VAE that a classifier is sure of", lambda seed: recognised(seed)[0], 60, "%"),
    Claim(
        "Digits: noise with the same covariances that it is sure of",
        lambda seed: recognised(seed)[1],
        55,
        "%",
        at_most=True,
    ),
    Claim("Digits: noise removed by a denoising autoencoder", noise_removed, 70, "%"),
    Claim("Swiss roll: distance of DDPM's samples", lambda s: distances(s)[0], 1.7, "× real", at_most=True),
    Claim("Swiss roll: distance of DDIM's samples in 20 steps", lambda s: distances(s)[1], 2.6, "× real", at_most=True),
    Claim("Halves of digits matched by two towers, of 100", halves_matched, 28, "%"),
]
