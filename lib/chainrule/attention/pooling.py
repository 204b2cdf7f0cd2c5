"""Attention pooling: a learnt question put to a sequence, answered by one vector."""

from typing import Any

import numpy as np

from chainrule.arrays import expect_float_dtype, expect_generator, expect_positive_int, expect_rows
from chainrule.attention.dot_product import attention, attention_weights
from chainrule.layer import Layer


class AttentionPooling(Layer):
    """A weighted mean over the positions  y = Σ_t w_t x_t,  w = softmax_t(q · x_t / √d).

    x (N, T, d) → y (N, d);  q (d,). With a mask (N, T), boolean, only places where it is True count; a sequence
    without any gives y = 0. With q = 0 this is the mean.

    Backward  of attention with keys and values x: dq sums over the sequences, dx is dk + dv.
    Init      q normal with variance 1, so that scores of normalised x have variance 1.
    Source    Yang et al. (2016), eq. 8-10, without the hidden layer.
    Raises    ValueError where x is not (N, T, d), or the mask not (N, T).
    """

    def __init__(self, d: int, rng: np.random.Generator, dtype: Any = np.float32):
        expect_positive_int("AttentionPooling d", d)
        expect_generator(rng)
        self.parameters(q=rng.standard_normal(d).astype(expect_float_dtype(dtype)))

    def forward(self, x: np.ndarray, mask: np.ndarray | None = None) -> tuple:
        self._expect(x, mask)
        y, back = attention(self._query(x), x, x, None if mask is None else mask[:, None])

        def backward(dy: np.ndarray) -> np.ndarray:
            dq, dk, dv = back(dy[:, None])
            if not self._frozen:
                self.dq += dq.sum((0, 1))
            return dk + dv

        return y[:, 0], backward

    def weights(self, x: np.ndarray, mask: np.ndarray | None = None) -> np.ndarray:
        """The weights w (N, T), for drawing: each row sums to 1."""
        self._expect(x, mask)
        return attention_weights(self._query(x), x, None if mask is None else mask[:, None])[:, 0]

    def _query(self, x: np.ndarray) -> np.ndarray:
        return np.broadcast_to(self.q, (len(x), 1, self.q.size))

    def _expect(self, x: np.ndarray, mask: np.ndarray | None) -> None:
        expect_rows(self, x, self.q.size, self.q.dtype)
        if x.ndim != 3:
            raise ValueError(f"{self.label()} takes (N, T, {self.q.size}), got {x.shape}")
        if mask is not None and np.shape(mask) != x.shape[:2]:
            raise ValueError(f"{self.label()} takes a mask {x.shape[:2]} for x {x.shape}, got {np.shape(mask)}")

    def label(self) -> str:
        return f"AttentionPooling({self.q.size})"
