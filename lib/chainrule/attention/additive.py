"""Additive attention: a small network judges how well a query and a key fit together."""

from typing import Any

import numpy as np

from chainrule.activations import softmax
from chainrule.arrays import expect_float_dtype, expect_positive_int, expect_rows, rows
from chainrule.initializers import glorot
from chainrule.layer import Layer


class AdditiveAttention(Layer):
    """For each query a mean of the memory, weighted by  p = softmax_s e_ts,  e_ts = tanh(q_t W + m_s U) · v.

    q (N, T, n_query), memory (N, S, n_memory) → y (N, T, n_memory), y_t = Σ_s p_ts m_s
    W (n_query, n_hidden), U (n_memory, n_hidden), v (n_hidden,);  mask, which fits (N, T, S): True where t may attend
    to s; a masked weight is exactly zero. It keeps N·T·S·n_hidden numbers for the way back.

    Backward  with a = tanh(q_t W + m_s U):  dp_ts = dy_t · m_s,  de = p (dp − Σ_s p dp),  dv = Σ de a,
              dz = de v (1 − a²);  dW = Σ q_tᵀ dz_ts,  dU = Σ m_sᵀ dz_ts,  dq_t = Σ_s dz_ts Wᵀ,
              dm_s = Σ_t (p_ts dy_t + dz_ts Uᵀ).  back(dy) → (dq, dmemory)
    Init      W, U and v by Glorot's rule.
    Source    Bahdanau, Cho & Bengio (2015), appendix A.1.2, with weights on the right.
    Raises    ValueError where shapes or dtypes do not fit, or a query may attend to nothing.
    """

    def __init__(self, n_query: int, n_memory: int, n_hidden: int, rng: np.random.Generator, dtype: Any = np.float32):
        for name, value in (("n_query", n_query), ("n_memory", n_memory), ("n_hidden", n_hidden)):
            expect_positive_int(f"AdditiveAttention {name}", value)
        dtype = expect_float_dtype(dtype)
        self.parameters(
            W=glorot((n_query, n_hidden), rng, dtype=dtype),
            U=glorot((n_memory, n_hidden), rng, dtype=dtype),
            v=glorot((n_hidden, 1), rng, dtype=dtype)[:, 0],
        )

    def forward(self, q: np.ndarray, memory: np.ndarray, mask: np.ndarray | None = None) -> tuple:
        a, p, back_softmax = self._attend(q, memory, mask)

        def backward(dy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            de = back_softmax(dy @ memory.swapaxes(1, 2))
            dz = (de[..., None] * self.v) * (1 - a * a)
            dz_query, dz_memory = dz.sum(2), dz.sum(1)
            if not self._frozen:
                self.dv += de.reshape(-1) @ rows(a)
                self.dW += rows(q).T @ rows(dz_query)
                self.dU += rows(memory).T @ rows(dz_memory)
            return dz_query @ self.W.T, p.swapaxes(1, 2) @ dy + dz_memory @ self.U.T

        return p @ memory, backward

    def weights(self, q: np.ndarray, memory: np.ndarray, mask: np.ndarray | None = None) -> np.ndarray:
        """p (N, T, S), each row of which sums to one: what a query looks at, to be drawn."""
        return self._attend(q, memory, mask)[1]

    def _attend(self, q: np.ndarray, memory: np.ndarray, mask: np.ndarray | None) -> tuple:
        """(a, p, back of the softmax)."""
        self._expect(q, memory)
        a = np.tanh((q @ self.W)[:, :, None] + (memory @ self.U)[:, None])
        scores = a @ self.v
        if mask is not None:
            scores = np.where(self._expect_mask(mask, scores.shape), scores, scores.dtype.type(-np.inf))
        p, back = softmax(scores)
        return a, p, back

    def _expect(self, q: np.ndarray, memory: np.ndarray) -> None:
        expect_rows(self, q, len(self.W), self.W.dtype)
        expect_rows(self, memory, len(self.U), self.U.dtype)
        if q.ndim != 3 or memory.ndim != 3 or len(q) != len(memory) or memory.shape[1] == 0:
            wanted = f"q (N, T, {len(self.W)}) and memory (N, S, {len(self.U)}) with S of at least 1"
            raise ValueError(f"{self.label()} takes {wanted}, got {q.shape} and {memory.shape}")

    def _expect_mask(self, mask: np.ndarray, shape: tuple) -> np.ndarray:
        try:
            fits = np.asarray(mask).dtype == bool and np.broadcast_shapes(np.shape(mask), shape) == shape
        except ValueError:
            fits = False
        if not fits:
            got = f"{np.asarray(mask).dtype} {np.shape(mask)}"
            raise ValueError(f"{self.label()} takes a boolean mask that fits {shape} (N, T, S), got {got}")
        if not np.broadcast_to(mask, shape).any(-1).all():
            raise ValueError(f"{self.label()} takes a mask that lets each query attend to something")
        return mask

    def label(self) -> str:
        return f"AdditiveAttention({len(self.W)}, {len(self.U)} → {len(self.v)})"
