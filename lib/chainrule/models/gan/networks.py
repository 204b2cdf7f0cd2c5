"""Two small networks to play the game in the plane, and how either is told which class is meant."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from chainrule.activations import leaky_relu, relu
from chainrule.arrays import expect_positive_int
from chainrule.initializers import he
from chainrule.layer import Layer
from chainrule.models.gan.game import GAN
from chainrule.models.mlp import mlp


class Conditional(Layer):
    """y = net([x, one-hot label]): any network, told which of `classes` classes is meant.

    x (N, d), labels (N,) → net of (N, d + classes); images (N, C, H, W) get `classes` constant channels more.

    Backward  the gradient of x's part; None for the labels.
    Source    Mirza & Osindero (2014), eq. 2.
    Raises    ValueError where labels are not integers (N,) in 0 … classes − 1.
    """

    def __init__(self, net: Layer, classes: int):
        expect_positive_int("Conditional classes", classes)
        self.net, self.classes = net, classes

    def forward(self, x: np.ndarray, labels: np.ndarray) -> tuple:
        self._expect_labels(x, labels)
        one_hot = np.zeros((len(x), self.classes, *x.shape[2:]), x.dtype)
        one_hot[np.arange(len(x)), labels] = 1
        y, back = self.net(np.concatenate([x, one_hot], axis=1))
        return y, lambda dy: (back(dy)[:, : x.shape[1]].copy(), None)

    def label(self) -> str:
        return f"Conditional({self.classes} classes)"

    def _expect_labels(self, x: np.ndarray, labels: np.ndarray) -> None:
        if not isinstance(labels, np.ndarray) or labels.shape != x.shape[:1] or labels.dtype.kind not in "iu":
            got = f"{labels.dtype} {labels.shape}" if isinstance(labels, np.ndarray) else type(labels).__name__
            raise ValueError(f"{self.label()} takes integer labels {x.shape[:1]}, got {got}")
        if labels.size and not 0 <= labels.min() <= labels.max() < self.classes:
            raise ValueError(f"{self.label()} takes labels below {self.classes}, got {labels.min()} to {labels.max()}")


def gan(
    generator: Sequence[int],
    discriminator: Sequence[int],
    rng: np.random.Generator,
    dtype: Any = np.float32,
    **rules: Any,
) -> GAN:
    """`gan([2, 64, 64, 2], [2, 64, 64, 1], rng, penalty=1.0)`: two perceptrons; `rules` as GAN takes them.

    ReLU in the generator, leaky ReLU of slope 0.2 in the discriminator, as Radford, Metz & Chintala (2016) advise.
    """
    lenient = partial(leaky_relu, slope=0.2)
    return GAN(mlp(generator, rng, relu, he, dtype), mlp(discriminator, rng, lenient, he, dtype), **rules)
