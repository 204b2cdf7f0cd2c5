"""What two networks at play are promised to learn."""

import numpy as np

from chainrule.data import digits, eight_gaussians, ring_centres
from chainrule.metrics import mode_coverage
from chainrule.models.gan import GAN, Conditional, conv_discriminator, conv_generator, gan, train_gan
from chainrule.optimizers import Adam
from claims import Claim
from claims.generative import trained_classifier

NOISE = 0.05


def modes(seed: int, d_rate: float = 1e-3, latent: int = 2) -> int:
    """How many of eight Gaussians a plain GAN covers: at least 2 % of its samples within three standard deviations."""
    rng = np.random.default_rng(seed)
    points = eight_gaussians(5000, rng, NOISE)[0]
    game = gan([latent, 64, 64, 2], [2, 64, 64, 1], rng)
    players = (Adam(game.discriminator, d_rate, betas=(0.5, 0.999)), Adam(game.generator, 1e-3, betas=(0.5, 0.999)))
    list(train_gan(game, points, *players, latent=latent, steps=4000, rng=rng, every=4000))
    samples = game.sample(rng.standard_normal((2000, latent), np.float32))
    return mode_coverage(samples, ring_centres(), 3 * NOISE, 0.02).covered


def as_told(seed: int) -> float:
    """Per cent of a conditional convolutional GAN's digits that a classifier takes for what they were told to be."""
    rng, data = np.random.default_rng(seed), digits(seed)
    classifier = trained_classifier(data, rng)
    G, D = conv_generator(16 + 10, (1, 8, 8), 16, rng), conv_discriminator((1 + 10, 8, 8), 16, rng)
    game = GAN(Conditional(G, 10), Conditional(D, 10), smoothing=0.1)
    players = (Adam(p, 5e-4, betas=(0.5, 0.999)) for p in (game.discriminator, game.generator))
    images = data.x_train.reshape(-1, 1, 8, 8)
    list(train_gan(game, (images, data.y_train), *players, latent=16, steps=1000, rng=rng, batch_size=64, every=1000))
    told = np.arange(1000) % 10
    samples = game.sample(rng.standard_normal((1000, 16), np.float32), told)
    return 100 * float((classifier(samples.reshape(1000, 64))[0].argmax(1) == told).mean())


CLAIMS = [
    Claim("Eight Gaussians: modes of a plain GAN", modes, 7, "modes"),
    Claim(
        "Eight Gaussians: modes from noise of 32 numbers", lambda seed: modes(seed, latent=32), 3, "modes", at_most=True
    ),
    Claim("Eight Gaussians: modes where D learns ten times slower", lambda s: modes(s, 1e-4), 4, "modes", at_most=True),
    Claim("Digits: told to a convolutional GAN and recognised", as_told, 85, "%"),
]
