"""The decoder of an encoder–decoder model: each position looks at earlier ones, then at a memory."""

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


class DecoderLayer(Layer):
    """Causal self-attention, attention to the memory, then a two-layer network, each as a `Sublayer`.

    y (N, T, d), memory (N, S, d) → y like y;  back → (dy, dmemory). At a call, mask is that of the self-attention,
    memory_mask that of the memory, and a cache also keeps the keys and values of the memory, which are made once.

    Options and errors are those of EncoderLayer; `positions` are those of the self-attention.
    Source    Vaswani et al. (2017), section 3.1.
    """

    def __init__(
        self,
        d: int,
        heads: int,
        rng: np.random.Generator,
        hidden: int | None = None,
        norm_first: bool = True,
        positions: str | None = None,
        dropout: float = 0.0,
        activation: Callable[[np.ndarray], tuple] = gelu_tanh,
        norm: Callable[..., Layer] = LayerNorm,
        dtype: Any = np.float32,
    ):
        def sublayer(part: Layer) -> Sublayer:
            return Sublayer(part, norm(d, dtype=dtype), norm_first, dropout, rng)

        self.attention = sublayer(MultiHeadAttention(d, heads, rng, causal=True, positions=positions, dtype=dtype))
        self.cross = sublayer(MultiHeadAttention(d, heads, rng, dtype=dtype))
        self.network = sublayer(mlp([d, hidden or 4 * d, d], rng, activation, dtype=dtype))

    def forward(
        self,
        y: np.ndarray,
        memory: np.ndarray,
        mask: np.ndarray | None = None,
        memory_mask: np.ndarray | None = None,
        cache: Cache | None = None,
    ) -> tuple:
        h, back_attention = self.attention(y, mask=mask, cache=cache)
        h, back_cross = self.cross(h, memory, mask=memory_mask, cache=cache)
        z, back_network = self.network(h)

        def backward(dz: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            dh, dmemory = back_cross(back_network(dz))
            return back_attention(dh), dmemory

        return z, backward

    def label(self) -> str:
        return f"{type(self).__name__}({self.attention.f.label().partition('(')[2]}"


class Decoder(Layer):
    """A stack of DecoderLayers that share one memory; with pre-norm a last norm.

    y (N, T, d), memory (N, S, d) → y like y;  back → (dy, dmemory), dmemory the sum over the layers.
    Options and errors are those of DecoderLayer. Source: Vaswani et al. (2017), section 3.1.
    """

    def __init__(self, d: int, heads: int, layers: int, rng: np.random.Generator, **options: Any):
        expect_positive_int("Decoder layers", layers)
        self.layers = [DecoderLayer(d, heads, rng, **options) for _ in range(layers)]
        if options.get("norm_first", True):
            self.norm = options.get("norm", LayerNorm)(d, dtype=options.get("dtype", np.float32))

    def forward(
        self,
        y: np.ndarray,
        memory: np.ndarray,
        mask: np.ndarray | None = None,
        memory_mask: np.ndarray | None = None,
        cache: Cache | None = None,
    ) -> tuple:
        backs = []
        for layer in self.layers:
            y, back = layer(y, memory, mask=mask, memory_mask=memory_mask, cache=cache)
            backs.append(back)
        y, back_norm = self.norm(y) if hasattr(self, "norm") else (y, None)

        def backward(dy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            dy, dmemory = dy if back_norm is None else back_norm(dy), np.zeros_like(memory)
            for back in reversed(backs):
                dy, part = back(dy)
                dmemory += part
            return dy, dmemory

        return y, backward

    def label(self) -> str:
        return f"Decoder({len(self.layers)} layers)"
