"""Dropout: in training, remove random units and scale up the rest, so that no unit can rely on another.

The rest is divided by the probability of staying (inverted dropout): the mean of every unit is then the same in
training and in evaluation, where the layer does nothing. These are the only layers that own a generator, `rng`; from
the same state of it comes the same mask.
"""

from typing import Any

import numpy as np

from chainrule.arrays import expect_generator, expect_number
from chainrule.layer import Layer

LEVELS = 1 << 16


class Dropout(Layer):
    """y = x r / (1 − p) in training, r = 0 with probability p and 1 otherwise, for each entry; y = x in evaluation.

    x any shape → y like x. E[y] = x and Var[y] = x² p / (1 − p). p is rounded to a multiple of 2⁻¹⁶.

    Backward  dx = dy r / (1 − p), with the mask of the forward pass;  dx = dy in evaluation.
    Source    Srivastava et al. (2014), section 4; inverted as in section 10. Replicas draw their own masks.
    Raises    ValueError where p is not in [0, 1), or x does not hold floating-point numbers.
    """

    def __init__(self, p: float, rng: np.random.Generator):
        expect_number(f"{type(self).__name__} p", p, low=0, high=1, open_high=True)
        expect_generator(rng)
        self.p, self.rng = float(p), rng

    def forward(self, x: np.ndarray) -> tuple:
        self._expect(x)
        if not self.training:
            return x.copy(), np.copy
        factor = np.empty_like(self._decided(x))
        _draw(self.rng, self.p, factor)
        return x * factor, lambda dy: dy * factor

    def _decided(self, x: np.ndarray) -> np.ndarray:
        """The part of x for whose entries r is drawn; it broadcasts over x."""
        return x

    def _expect(self, x: Any) -> None:
        if not isinstance(x, np.ndarray) or x.dtype.kind != "f":
            got = getattr(x, "dtype", type(x).__name__)
            raise ValueError(f"{self.label()} takes an array of floating-point numbers, got {got}")

    def label(self) -> str:
        return f"{type(self).__name__}({self.p:g})"


class SpatialDropout(Dropout):
    """Dropout of whole channels: one r for each example and channel, the same at all places.

    x (N, C, ...) → y like x. Neighbouring places of a channel are so alike that dropping single entries removes little.

    Source    Tompson et al. (2015), section 3.2.
    Raises    ValueError where p is not in [0, 1), or x has no places behind its channels.
    """

    def _decided(self, x: np.ndarray) -> np.ndarray:
        return x[(slice(None), slice(None), *(slice(1),) * (x.ndim - 2))]

    def _expect(self, x: Any) -> None:
        super()._expect(x)
        if x.ndim < 3:
            raise ValueError(f"{self.label()} takes (N, C, ...) with places behind the channels, got {x.shape}")


def _draw(rng: np.random.Generator, p: float, factor: np.ndarray) -> None:
    """Fill with r / (1 − p). Sixteen random bits decide an entry: drawing them takes half the time of a float32."""
    dropped = min(round(p * LEVELS), LEVELS - 1)
    stays = rng.integers(0, LEVELS, factor.shape, dtype=np.uint16) >= np.uint16(dropped)
    np.multiply(stays, factor.dtype.type(LEVELS / (LEVELS - dropped)), out=factor)
