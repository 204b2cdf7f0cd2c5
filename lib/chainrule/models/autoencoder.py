"""An autoencoder squeezes its input through a narrow place and is trained to give it back.

What passes the bottleneck is the code; what does not come back is the reconstruction error, which is large for
examples unlike those seen in training. Given a corrupted input and the clean target, the same network learns to
remove the corruption: it is pulled towards where the data lie.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chainrule.activations import relu
from chainrule.arrays import expect_generator, expect_number
from chainrule.combine import Part
from chainrule.initializers import Initializer, glorot
from chainrule.layer import Layer
from chainrule.losses import mse
from chainrule.models.mlp import mlp


class Autoencoder(Layer):
    """y = decoder(encoder(x)), trained towards y = x.

    x (N, …) → code z (N, k) → y (N, …) of the shape of x.

    Backward  back_encoder(back_decoder(dy)).
    Sources   Rumelhart, Hinton & Williams (1986); denoising: Vincent et al. (2008), algorithm in section 2.3.
    Raises    ValueError where the decoder does not give the shape of x back.
    """

    def __init__(self, encoder: Part, decoder: Part):
        self.encoder, self.decoder = encoder, decoder

    def forward(self, x: np.ndarray) -> tuple:
        z, back_encoder = self.encoder(x)
        y, back_decoder = self.decoder(z)
        if y.shape != x.shape:
            raise ValueError(f"{self.label()} takes a decoder that gives {x.shape} back, got {y.shape}")
        return y, lambda dy: back_encoder(back_decoder(dy))

    def loss(
        self, x: np.ndarray, target: np.ndarray | None = None, criterion: Callable[..., tuple] = mse
    ) -> tuple[np.floating, Callable[..., None]]:
        """criterion(y, target), with x itself as target unless given; `back()` leaves the gradients.

        Denoising:  `model.loss(with_gaussian_noise(x, 0.3, rng), x)`.
        """
        y, back = self(x)
        value, back_loss = criterion(y, x if target is None else target)

        def backward(dloss: float = 1.0) -> None:
            back(back_loss(dloss))

        return value, backward

    def encode(self, x: np.ndarray) -> np.ndarray:
        """The codes of x."""
        return self.encoder(x)[0]

    def decode(self, z: np.ndarray) -> np.ndarray:
        """What the codes stand for."""
        return self.decoder(z)[0]

    def errors(self, x: np.ndarray) -> np.ndarray:
        """The mean squared error of each example, (N,): a score for anomalies."""
        difference = (self(x)[0] - x).reshape(len(x), -1)
        return np.square(difference).mean(1)


def autoencoder(
    sizes: Sequence[int],
    rng: np.random.Generator,
    activation: Callable[[np.ndarray], tuple] = relu,
    init: Initializer = glorot,
    dtype: Any = np.float32,
) -> Autoencoder:
    """`autoencoder([64, 32, 8], rng)`: a perceptron 64 → 32 → 8 and its mirror image 8 → 32 → 64.

    The code and the output have no curve behind them. Raises ValueError as mlp does.
    """
    mirrored = list(sizes)[::-1]
    return Autoencoder(mlp(sizes, rng, activation, init, dtype), mlp(mirrored, rng, activation, init, dtype))


def with_gaussian_noise(x: np.ndarray, std: float, rng: np.random.Generator) -> np.ndarray:
    """x + std ε with ε standard normal: corruption that every entry feels a little."""
    expect_number("std", std, low=0)
    expect_generator(rng)
    return x + float(std) * rng.standard_normal(x.shape).astype(x.dtype)


def with_masking_noise(x: np.ndarray, fraction: float, rng: np.random.Generator) -> np.ndarray:
    """x with each entry set to 0 with probability `fraction`: corruption that must be filled in from the rest."""
    expect_number("fraction", fraction, low=0, high=1)
    expect_generator(rng)
    return x * (rng.random(x.shape) >= fraction)
