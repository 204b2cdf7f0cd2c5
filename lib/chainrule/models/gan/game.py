"""A generative adversarial network: a forger and a detective, each trained against the other.

The generator turns noise into fakes, the discriminator tells them from real examples; each has its own loss and its own
optimizer. Because layers remember nothing, the generator's step is the two ways back, one after the other:
`back_G(back_D(back_loss()))`, with the discriminator frozen, so that it does not learn to help.
"""

from collections.abc import Callable

import numpy as np

from chainrule.arrays import expect_number
from chainrule.layer import Layer
from chainrule.models.gan.losses import LOSSES
from chainrule.models.gan.penalty import between, gradient_penalty

TwoLosses = tuple[np.floating, Callable[..., None]]


class GAN(Layer):
    """Two networks and the rules of their game.

    generator      G(z) or G(z, labels): noise (N, k) → fakes shaped like the data
    discriminator  f(x) or f(x, labels) → (N, 1) logits or scores; real and fake go through it in one batch
    loss           "saturating", "non-saturating" or "wasserstein"
    smoothing      real examples are labelled 1 − smoothing
    clip           after each of its steps the critic's parameters are cut to [−clip, clip]: Arjovsky et al. (2017)
    penalty        λ of the gradient penalty on the critic: Gulrajani et al. (2017)

    Each loss is (loss, back); `back()` adds to the gradients of the one network that it is about.
    Source   Goodfellow et al. (2014). With labels: Mirza & Osindero (2014).
    Raises   ValueError for an unknown loss, smoothing of a critic, or shapes that do not fit.
    """

    def __init__(
        self,
        generator: Layer,
        discriminator: Layer,
        loss: str = "non-saturating",
        smoothing: float = 0.0,
        clip: float | None = None,
        penalty: float = 0.0,
    ):
        if loss not in LOSSES:
            raise ValueError(f"GAN loss takes one of {', '.join(LOSSES)}, got {loss!r}")
        expect_number("GAN smoothing", smoothing, low=0, high=1, open_high=True)
        if loss == "wasserstein" and smoothing:
            raise ValueError(f"GAN smoothing takes 0 with the wasserstein loss, which has no labels, got {smoothing!r}")
        expect_number("GAN penalty", penalty, low=0)
        if clip is not None:
            expect_number("GAN clip", clip, low=0, open_low=True)
        self.generator, self.discriminator = generator, discriminator
        self.kind, self.smoothing, self.clip, self.penalty = loss, smoothing, clip, penalty

    def forward(self, z: np.ndarray, labels: np.ndarray | None = None) -> tuple:
        return self.generator(z, *_given(labels))

    def sample(self, z: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
        """Fakes from noise."""
        return self(z, labels)[0]

    def discriminator_loss(
        self, real: np.ndarray, z: np.ndarray, labels: np.ndarray | None = None, mix: np.ndarray | None = None
    ) -> TwoLosses:
        """The discriminator's loss on real examples and as many fakes made from z.

        labels  (N,), for both, where the networks take labels
        mix     (N,) uniform in [0, 1]: where between real and fake the penalty is measured; only with a penalty
        """
        if (mix is not None) != (self.penalty > 0):
            raise ValueError(f"GAN with penalty {self.penalty:g} takes {'a' if self.penalty else 'no'} mix (N,)")
        fake = self.sample(z, labels)
        if fake.shape != real.shape:
            raise ValueError(f"GAN takes fakes shaped like the data {real.shape}, got {fake.shape}")
        n, twice = len(real), () if labels is None else (np.concatenate([labels, labels]),)
        f, back_f = self.discriminator(np.concatenate([real, fake]), *twice)
        loss, back_loss = LOSSES[self.kind].discriminator(f[:n], f[n:], self.smoothing)
        if mix is not None:
            x = between(real, fake, mix)
            extra, back_extra = gradient_penalty(self.discriminator, x, labels, self.penalty)
            loss += extra

        def backward(dloss: float = 1.0) -> None:
            back_f(np.concatenate(back_loss(dloss)))
            if mix is not None:
                back_extra(dloss)

        return loss, backward

    def generator_loss(self, z: np.ndarray, labels: np.ndarray | None = None) -> TwoLosses:
        """The generator's loss on fakes made from z; the way back passes through the discriminator, frozen."""
        fake, back_G = self.generator(z, *_given(labels))
        f, back_D = self.discriminator(fake, *_given(labels))
        loss, back_loss = LOSSES[self.kind].generator(f)

        def backward(dloss: float = 1.0) -> None:
            with self.discriminator.frozen():
                dfake = back_D(back_loss(dloss))
            back_G(dfake[0] if labels is not None else dfake)

        return loss, backward


def _given(labels: np.ndarray | None) -> tuple:
    return () if labels is None else (labels,)
