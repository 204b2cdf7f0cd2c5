"""Generative adversarial networks: losses, the gradient penalty, the game, its training, and networks to play it."""

from chainrule.models.gan.convolutional import conv_discriminator, conv_generator
from chainrule.models.gan.game import GAN
from chainrule.models.gan.losses import LOSSES
from chainrule.models.gan.networks import Conditional, gan
from chainrule.models.gan.penalty import gradient_penalty
from chainrule.models.gan.training import GANRecord, train_gan

__all__ = [
    "GAN",
    "LOSSES",
    "Conditional",
    "GANRecord",
    "conv_discriminator",
    "conv_generator",
    "gan",
    "gradient_penalty",
    "train_gan",
]
