"""The vision transformer: an image as a sequence of patches, read by the encoder that reads sentences."""

from typing import Any

import numpy as np

from chainrule.arrays import expect_float_dtype, expect_positive_int
from chainrule.attention import LearntPositions
from chainrule.convolution import patches
from chainrule.dense import Dense
from chainrule.layer import Layer
from chainrule.transformer import Encoder


class ViT(Layer):
    """Classify images: patches → vectors + positions → encoder → one vector → logits.

    x (N, channels, size, size) → logits (N, classes)

    patch     the side of a square patch, which divides size: (size / patch)² vectors
    pool      "class": a trained vector put before the patches, read after the encoder; "mean": of all patches
    options   those of Encoder: hidden, norm_first, dropout, activation, norm

    Parameters: embed (channels · patch² → d), token (d,) with pool="class", positions.P, encoder, head.
    Init      positions normal with standard deviation 0.5, near the size of an embedded patch, so that places differ
              from the start; token zero.
    Backward  dtoken is the sum over the batch of the gradient at its place.
    Source    Dosovitskiy et al. (2021), eq. 1-4; the mean as in their appendix D.3.
    Raises    ValueError where x is not (N, channels, size, size), or patch does not divide size.
    """

    def __init__(
        self,
        size: int,
        patch: int,
        classes: int,
        d: int,
        heads: int,
        layers: int,
        rng: np.random.Generator,
        channels: int = 1,
        pool: str = "class",
        dtype: Any = np.float32,
        **options: Any,
    ):
        for name, value in (("size", size), ("patch", patch), ("channels", channels)):
            expect_positive_int(f"ViT {name}", value)
        if size % patch:
            raise ValueError(f"ViT takes a patch that divides size, got size {size}, patch {patch}")
        if pool not in ("class", "mean"):
            raise ValueError(f'ViT pool takes "class" or "mean", got {pool!r}')
        self.side, self.patch, self.channels, self.pool = size, patch, channels, pool
        places = (size // patch) ** 2 + (pool == "class")
        self.embed = Dense(channels * patch * patch, d, rng, dtype=dtype)
        if pool == "class":
            self.parameters(token=np.zeros(d, expect_float_dtype(dtype)))
        self.positions = LearntPositions(places, d, rng, std=0.5, dtype=dtype)
        self.encoder = Encoder(d, heads, layers, rng, dtype=dtype, **options)
        self.head = Dense(d, classes, rng, dtype=dtype)

    def forward(self, x: np.ndarray) -> tuple:
        h, back_places = self._places(x)
        h, back_encoder = self.encoder(h)
        pooled = h[:, 0] if self.pool == "class" else h.mean(1)
        logits, back_head = self.head(pooled)

        def backward(dlogits: np.ndarray) -> np.ndarray:
            dpooled = back_head(dlogits)
            dh = np.zeros_like(h)
            if self.pool == "class":
                dh[:, 0] = dpooled
            else:
                dh += dpooled[:, None] / h.shape[1]
            return back_places(back_encoder(dh))

        return logits, backward

    def weights(self, x: np.ndarray) -> list[np.ndarray]:
        """The attention weights (N, heads, P, P) of each layer, for drawing; a class vector is place 0."""
        return self.encoder.weights(self._places(x)[0])

    def _places(self, x: np.ndarray) -> tuple:
        """What the encoder reads (N, P, d): the class vector, if any, and patches, with positions."""
        side, first = self.side, int(self.pool == "class")
        if not isinstance(x, np.ndarray) or x.shape[1:] != (self.channels, side, side):
            got = getattr(x, "shape", type(x).__name__)
            raise ValueError(f"{self.label()} takes (N, {self.channels}, {side}, {side}), got {got}")
        cut, back_cut = patches(x, self.patch)
        h, back_embed = self.embed(cut)
        if first:
            h = np.concatenate([np.broadcast_to(self.token, (len(x), 1, self.token.size)), h], axis=1)
        h, back_positions = self.positions(h)

        def backward(dh: np.ndarray) -> np.ndarray:
            dh = back_positions(dh)
            if first and not self._frozen:
                self.dtoken += dh[:, 0].sum(0)
            return back_cut(back_embed(dh[:, first:]))

        return h, backward

    def label(self) -> str:
        return f"ViT({self.side}×{self.side} in patches {self.patch}×{self.patch} → {len(self.head.W[0])})"
