"""Where tokens become vectors: a row of a table for each id, with its place in the sequence."""

from typing import Any

import numpy as np

from chainrule.arrays import expect_positive_int
from chainrule.attention import LearntPositions, sinusoidal
from chainrule.dropout import Dropout
from chainrule.embedding import Embedding
from chainrule.layer import Layer

ADDED = ("learnt", "sinusoidal")  # positions that are added to the vectors; the others are attention's affair
KINDS = (*ADDED, "rotary", "alibi", None)


class TokenEmbedding(Layer):
    """y = drop(W[ids] + positions).

    ids (N, T) of integers → y (N, T, d), back → None. `layer(ids, offset=k)` where the ids begin at position k.

    positions   "learnt" and "sinusoidal" are added here; with "rotary", "alibi" and None nothing is, and
                `in_attention` says what MultiHeadAttention is to be given
    context     the longest sequence; None for no limit, which "learnt" needs

    Init      tables normal with standard deviation `std`; 1 is that of Vaswani et al. (2017), section 3.4, whose
              table has 1 / √d and is multiplied by √d.
    Raises    ValueError where ids are not integers (N, T) of the vocabulary, or reach beyond the context.
    """

    def __init__(
        self,
        vocabulary: int,
        d: int,
        rng: np.random.Generator,
        positions: str | None = "sinusoidal",
        context: int | None = None,
        padding: int | None = None,
        dropout: float = 0.0,
        std: float = 1.0,
        dtype: Any = np.float32,
    ):
        if positions not in KINDS:
            raise ValueError(f"positions takes one of {KINDS}, got {positions!r}")
        if context is not None or positions == "learnt":
            expect_positive_int("context", context)
        self.positions, self.context = positions, context
        self.tokens = Embedding(vocabulary, d, rng, padding=padding, std=std, dtype=dtype)
        if context is not None and positions == "learnt":
            self.learnt = LearntPositions(context, d, rng, std=std, dtype=dtype)
        if dropout:
            self.dropout = Dropout(dropout, rng)

    @property
    def in_attention(self) -> str | None:
        """What MultiHeadAttention takes as `positions`, so that order comes in exactly once."""
        return None if self.positions in ADDED else self.positions

    def forward(self, ids: np.ndarray, offset: int = 0) -> tuple:
        self._expect(ids, offset)
        y, back_tokens = self.tokens(ids)
        backs = [back_tokens]
        if self.positions == "learnt":
            y, back = self.learnt(y, offset)
            backs.append(back)
        elif self.positions == "sinusoidal":
            y += sinusoidal(y.shape[1], y.shape[2], offset, dtype=y.dtype)
        if hasattr(self, "dropout"):
            y, back = self.dropout(y)
            backs.append(back)

        def backward(dy: np.ndarray) -> None:
            for back in reversed(backs):
                dy = back(dy)

        return y, backward

    def _expect(self, ids: np.ndarray, offset: int) -> None:
        if np.ndim(ids) != 2:
            raise ValueError(f"{self.label()} takes ids (N, T), got {np.shape(ids)}")
        end = offset + ids.shape[1]
        if self.context is not None and end > self.context:
            raise ValueError(
                f"{self.label()} takes sequences of at most {self.context} tokens, its context, got {end}"
                + f" ({offset} of them in the cache)" * (offset > 0)
            )

    def label(self) -> str:
        return f"TokenEmbedding({self.tokens.label().partition('(')[2][:-1]}, {self.positions or 'no'} positions)"
