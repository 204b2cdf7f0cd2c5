"""What each player of the game makes small.

The discriminator's outputs f are logits of "real" (D = σ(f)), or a Wasserstein critic's scores, without a bound. Its
loss takes f(real) and f(fake) and has a gradient for each; the generator's loss takes f(fake) alone.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from chainrule.arrays import expect_number
from chainrule.losses import Loss, bce

PairLoss = tuple[np.floating, Callable[..., tuple[np.ndarray, np.ndarray]]]


def discriminator_bce(real: np.ndarray, fake: np.ndarray, smoothing: float = 0.0) -> PairLoss:
    """−mean log D(real) − mean log(1 − D(fake)): cross-entropy, with real labelled 1 − smoothing and fake 0.

    Sources  Goodfellow et al. (2014), eq. 1; one-sided smoothing: Salimans et al. (2016), section 3.4.
    """
    expect_number("smoothing", smoothing, low=0, high=1, open_high=True)
    loss_real, back_real = bce(real, np.full_like(real, 1 - smoothing))
    loss_fake, back_fake = bce(fake, np.zeros_like(fake))
    return loss_real + loss_fake, lambda dloss=1.0: (back_real(dloss), back_fake(dloss))


def generator_saturating(fake: np.ndarray) -> Loss:
    """mean log(1 − D(fake)), whose gradient −D(fake) / N vanishes where the discriminator is sure of itself.

    Source  Goodfellow et al. (2014), eq. 1.
    """
    loss, back = bce(fake, np.zeros_like(fake))
    return -loss, lambda dloss=1.0: back(-dloss)


def generator_non_saturating(fake: np.ndarray) -> Loss:
    """−mean log D(fake): the same fixed point, and a gradient (D(fake) − 1) / N that is largest where fakes are seen
    through. Source: Goodfellow et al. (2014), section 3."""
    return bce(fake, np.ones_like(fake))


def critic_wasserstein(real: np.ndarray, fake: np.ndarray, smoothing: float = 0.0) -> PairLoss:
    """mean f(fake) − mean f(real): for the best f of slope at most 1, minus the distance of the two distributions.

    Source  Arjovsky, Chintala & Bottou (2017), eq. 2. Raises ValueError for smoothing: a critic has no labels.
    """
    if smoothing:
        raise ValueError(f"the Wasserstein critic takes no label smoothing, got {smoothing!r}")

    def backward(dloss: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
        return np.full_like(real, -dloss / real.size), np.full_like(fake, dloss / fake.size)

    return fake.mean() - real.mean(), backward


def generator_wasserstein(fake: np.ndarray) -> Loss:
    """−mean f(fake)."""
    return -fake.mean(), lambda dloss=1.0: np.full_like(fake, -dloss / fake.size)


class Losses(NamedTuple):
    """The two losses of a game."""

    discriminator: Callable[..., PairLoss]
    generator: Callable[[np.ndarray], Loss]


LOSSES = {
    "saturating": Losses(discriminator_bce, generator_saturating),
    "non-saturating": Losses(discriminator_bce, generator_non_saturating),
    "wasserstein": Losses(critic_wasserstein, generator_wasserstein),
}
