"""The encoder: every position looks at every other, then thinks for itself; again and again.

With `causal=True` no position sees later ones: a decoder-only model is a stack of such layers.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.activations import gelu_tanh
from chainrule.arrays import expect_positive_int
from chainrule.attention import Cache, MultiHeadAttention
from chainrule.layer import Layer
from chainrule.models.mlp import mlp
from chainrule.normalization import LayerNorm
from chainrule.transformer.sublayer import Sublayer


class EncoderLayer(Layer):
    """Self-attention, then a two-layer network at each position, each as a `Sublayer` with norm and residual.

    x (N, T, d) → y like x; the network is d → hidden → d, hidden = 4 d unless given.

    norm_first   norm before each part (pre-norm) or after each sum (post-norm)
    causal, positions   as in MultiHeadAttention; so are mask and cache at a call
    dropout      of what each part adds to the stream
    norm         LayerNorm, or another class called as norm(d, dtype=…)

    Source    Vaswani et al. (2017), section 3.1; GELU as in Radford et al. (2018).
    Raises    ValueError as MultiHeadAttention does.
    """

    def __init__(
        self,
        d: int,
        heads: int,
        rng: np.random.Generator,
        hidden: int | None = None,
        norm_first: bool = True,
        causal: bool = False,
        positions: str | None = None,
        dropout: float = 0.0,
        activation: Callable[[np.ndarray], tuple] = gelu_tanh,
        norm: Callable[..., Layer] = LayerNorm,
        dtype: Any = np.float32,
    ):
        attention = MultiHeadAttention(d, heads, rng, causal=causal, positions=positions, dtype=dtype)
        network = mlp([d, hidden or 4 * d, d], rng, activation, dtype=dtype)
        self.attention = Sublayer(attention, norm(d, dtype=dtype), norm_first, dropout, rng)
        self.network = Sublayer(network, norm(d, dtype=dtype), norm_first, dropout, rng)

    def forward(self, x: np.ndarray, mask: np.ndarray | None = None, cache: Cache | None = None) -> tuple:
        h, back_attention = self.attention(x, mask=mask, cache=cache)
        y, back_network = self.network(h)
        return y, lambda dy: back_attention(back_network(dy))

    def label(self) -> str:
        return f"{type(self).__name__}({self.attention.f.label().partition('(')[2]}"


class Encoder(Layer):
    """A stack of EncoderLayers; with pre-norm a last norm, which brings the stream into range.

    x (N, T, d) → y like x. `weights(x)` are the attention weights of each layer, for drawing.
    Options and errors are those of EncoderLayer. Source: Vaswani et al. (2017), section 3.1.
    """

    def __init__(self, d: int, heads: int, layers: int, rng: np.random.Generator, **options: Any):
        expect_positive_int("Encoder layers", layers)
        self.layers = [EncoderLayer(d, heads, rng, **options) for _ in range(layers)]
        if options.get("norm_first", True):
            self.norm = options.get("norm", LayerNorm)(d, dtype=options.get("dtype", np.float32))

    def forward(self, x: np.ndarray, mask: np.ndarray | None = None, cache: Cache | None = None) -> tuple:
        backs = []
        for layer in self.layers:
            x, back = layer(x, mask=mask, cache=cache)
            backs.append(back)
        if hasattr(self, "norm"):
            x, back = self.norm(x)
            backs.append(back)

        def backward(dy: np.ndarray) -> np.ndarray:
            for back in reversed(backs):
                dy = back(dy)
            return dy

        return x, backward

    def weights(self, x: np.ndarray, mask: np.ndarray | None = None) -> list[np.ndarray]:
        """The attention weights (N, heads, T, T) of each layer, as this x meets them."""
        found = []
        for layer in self.layers:
            part = layer.attention
            found.append(part.f.weights(part.norm(x)[0] if part.norm_first else x, mask=mask))
            x, _ = layer(x, mask=mask)
        return found

    def label(self) -> str:
        return f"Encoder({len(self.layers)} layers)"
