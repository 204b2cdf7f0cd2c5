"""The transformer as first published: an encoder reads the source, a decoder writes the target token by token."""

from typing import Any

import numpy as np

from chainrule.arrays import expect_positive_int
from chainrule.attention import Cache
from chainrule.dense import Dense
from chainrule.layer import Layer
from chainrule.transformer.decoder import Decoder
from chainrule.transformer.encoder import Encoder
from chainrule.transformer.tokens import TokenEmbedding


class Transformer(Layer):
    """From a source sequence and the target so far to logits for each next target token.

    source (N, S), target (N, T) of integer ids → logits (N, T, n_target);  back → (None, None). The id `padding` fills
    sequences that end early: nobody attends to it in the source, and a loss should give it weight 0 in the target.
    Teacher forcing: `model(source, target[:, :-1])` against target[:, 1:]; free running: `generate`.

    layers      of the encoder and of the decoder each
    positions   "sinusoidal", "learnt" (with context, the longest sequence), "rotary", "alibi" or None
    options     those of EncoderLayer: hidden, norm_first, activation, norm

    Source    Vaswani et al. (2017), figure 1, with pre-norm unless norm_first=False.
    Raises    ValueError where ids are not integers (N, T) of their vocabulary or exceed the context.
    """

    def __init__(
        self,
        n_source: int,
        n_target: int,
        d: int,
        heads: int,
        layers: int,
        rng: np.random.Generator,
        positions: str | None = "sinusoidal",
        context: int | None = None,
        padding: int = 0,
        dropout: float = 0.0,
        dtype: Any = np.float32,
        **options: Any,
    ):
        def tokens(n: int) -> TokenEmbedding:
            return TokenEmbedding(n, d, rng, positions, context, padding, dropout, dtype=dtype)

        self.padding = padding
        self.source, self.target = tokens(n_source), tokens(n_target)
        options |= {"positions": self.source.in_attention, "dropout": dropout, "dtype": dtype}
        self.encoder = Encoder(d, heads, layers, rng, **options)
        self.decoder = Decoder(d, heads, layers, rng, **options)
        self.head = Dense(d, n_target, rng, dtype=dtype)

    def forward(self, source: np.ndarray, target: np.ndarray) -> tuple:
        memory, back_memory = self.encode(source)
        logits, back_logits = self.decode(target, memory, source != self.padding)

        def backward(dlogits: np.ndarray) -> tuple[None, None]:
            back_memory(back_logits(dlogits))
            return None, None

        return logits, backward

    def encode(self, source: np.ndarray) -> tuple:
        """The memory (N, S, d) of a source (N, S);  back(dmemory) → None."""
        x, back_tokens = self.source(source)
        memory, back_encoder = self.encoder(x, mask=source != self.padding)
        return memory, lambda dmemory: back_tokens(back_encoder(dmemory))

    def decode(
        self, target: np.ndarray, memory: np.ndarray, memory_mask: np.ndarray, cache: Cache | None = None
    ) -> tuple:
        """Logits (N, T, n_target) after each target token, given a memory;  back(dlogits) → dmemory."""
        y, back_tokens = self.target(target, cache.length if cache is not None else 0)
        h, back_decoder = self.decoder(y, memory, memory_mask=memory_mask, cache=cache)
        logits, back_head = self.head(h)

        def backward(dlogits: np.ndarray) -> np.ndarray:
            dy, dmemory = back_decoder(back_head(dlogits))
            back_tokens(dy)
            return dmemory

        return logits, backward

    def generate(self, source: np.ndarray, start: int, end: int, length: int) -> np.ndarray:
        """The likeliest next token again and again: (N, T) ids with T ≤ length, `padding` after a sequence's `end`.

        `start` is fed first and not returned. Call `evaluate()` before, where there is dropout.
        """
        expect_positive_int("generate length", length)
        memory, _ = self.encode(source)
        cache, token = Cache(), np.full((len(source), 1), start)
        written, done = [], np.zeros((len(source), 1), bool)
        while len(written) < length and not done.all():
            logits, _ = self.decode(token, memory, source != self.padding, cache)
            token = np.where(done, self.padding, logits.argmax(-1))
            done |= token == end
            written.append(token)
        return np.concatenate(written, axis=1)
