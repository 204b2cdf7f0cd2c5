"""Layers that are one matrix product: full, low-rank, and a low-rank change to a frozen one."""

from typing import Any

import numpy as np

from chainrule.arrays import (
    column_sums,
    expect_float_dtype,
    expect_number,
    expect_positive_int,
    expect_rows,
    product,
    rows,
)
from chainrule.initializers import Initializer, glorot, lecun
from chainrule.layer import Layer


class Dense(Layer):
    """Affine map  y = x W + b.

    x (..., n_in) → y (..., n_out);  W (n_in, n_out), b (n_out,)

    Backward  dW = xᵀ dy,  db = Σ dy,  dx = dy Wᵀ.
    Init      W by `init`, by default Glorot & Bengio (2010), eq. 16; b zero.
    Raises    ValueError where the last axis of x is not n_in, or x is not of the layer's dtype.
    """

    def __init__(
        self,
        n_in: int,
        n_out: int,
        rng: np.random.Generator,
        init: Initializer = glorot,
        bias: bool = True,
        dtype: Any = np.float32,
    ):
        expect_positive_int("Dense n_in", n_in)
        expect_positive_int("Dense n_out", n_out)
        self.parameters(W=init((n_in, n_out), rng, dtype=dtype))
        if bias:
            self.parameters(b=np.zeros(n_out, expect_float_dtype(dtype)))

    def forward(self, x: np.ndarray) -> tuple:
        W = self.W
        expect_rows(self, x, len(W), W.dtype)
        y = product(x, W)
        if "b" in self.names:
            y += self.b

        def backward(dy: np.ndarray) -> np.ndarray:
            if not self._frozen:
                self.dW += rows(x).T @ rows(dy)
                if "b" in self.names:
                    self.db += column_sums(rows(dy))
            return product(dy, W.T)

        return y, backward

    def label(self) -> str:
        return "Dense({} → {})".format(*self.W.shape)


class LowRank(Layer):
    """An affine map through a bottleneck  y = (x A) B + b,  which holds W = A B of rank at most r.

    x (..., n_in) → y (..., n_out);  A (n_in, r), B (r, n_out), b (n_out,): r (n_in + n_out) + n_out numbers.

    Backward  with h = x A and dh = dy Bᵀ:  dB = hᵀ dy,  dA = xᵀ dh,  db = Σ dy,  dx = dh Aᵀ.
    Init      A with variance 1 / n_in, so that x A keeps the variance of x; B by Glorot's rule; b zero.
    Raises    ValueError where the last axis of x is not n_in, or rank exceeds min(n_in, n_out).
    """

    def __init__(self, n_in: int, n_out: int, rank: int, rng: np.random.Generator, dtype: Any = np.float32):
        _expect_rank("LowRank", rank, n_in, n_out)
        self.parameters(
            A=lecun((n_in, rank), rng, dtype=dtype),
            B=glorot((rank, n_out), rng, dtype=dtype),
            b=np.zeros(n_out, expect_float_dtype(dtype)),
        )

    def forward(self, x: np.ndarray) -> tuple:
        A, B = self.A, self.B
        expect_rows(self, x, len(A), A.dtype)
        h = x @ A

        def backward(dy: np.ndarray) -> np.ndarray:
            dh = dy @ B.T
            if not self._frozen:
                self.dB += rows(h).T @ rows(dy)
                self.dA += rows(x).T @ rows(dh)
                self.db += column_sums(rows(dy))
            return dh @ A.T

        return h @ B + self.b, backward

    def label(self) -> str:
        return f"LowRank({len(self.A)} → {len(self.B)} → {self.B.shape[1]})"


class LoRA(Layer):
    """A frozen dense layer plus a trained low-rank change  y = x W₀ + b₀ + s (x A) B,  s = alpha / r.

    x (..., n_in) → y (..., n_out);  A (n_in, r), B (r, n_out). W₀ and b₀ are copied from `base`; they are not
    parameters here, so no optimizer reaches them and a saved file holds the change alone.

    Backward  with h = x A and dh = s dy Bᵀ:  dB = s hᵀ dy,  dA = xᵀ dh,  dx = dy W₀ᵀ + dh Aᵀ.
    Init      A with variance 1 / n_in, B zero: the layer starts exactly at its base.
    Source    Hu et al. (2022), eq. 3, with weights on the right.
    Raises    ValueError where base is not a Dense, or rank exceeds min(n_in, n_out).
    """

    def __init__(self, base: Dense, rank: int, rng: np.random.Generator, alpha: float | None = None):
        if not isinstance(base, Dense):
            raise ValueError(f"LoRA takes a Dense layer, got {type(base).__name__}")
        _expect_rank("LoRA", rank, *base.W.shape)
        if alpha is not None:
            expect_number("LoRA alpha", alpha, low=0, open_low=True)
        self.scale = 1.0 if alpha is None else float(alpha) / rank
        n_in, n_out = base.W.shape
        dtype = base.W.dtype
        self._W, self._b = base.W.copy(), base.b.copy() if "b" in base.names else np.zeros(n_out, dtype)
        self.parameters(A=lecun((n_in, rank), rng, dtype=dtype), B=np.zeros((rank, n_out), dtype))

    def forward(self, x: np.ndarray) -> tuple:
        A, B, scale = self.A, self.B, self.scale
        expect_rows(self, x, len(A), A.dtype)
        h = x @ A

        def backward(dy: np.ndarray) -> np.ndarray:
            dh = scale * dy @ B.T
            if not self._frozen:
                self.dB += scale * rows(h).T @ rows(dy)
                self.dA += rows(x).T @ rows(dh)
            return dy @ self._W.T + dh @ A.T

        return x @ self._W + self._b + scale * (h @ B), backward

    def merged(self) -> Dense:
        """A Dense layer with W = W₀ + s A B and b = b₀: the same map at the cost of one product."""
        dense = Dense(len(self.A), self.B.shape[1], np.random.default_rng(0), dtype=self.A.dtype)
        dense.W, dense.b = self._W + self.scale * (self.A @ self.B), self._b
        return dense

    def label(self) -> str:
        return f"LoRA({len(self.A)} → {self.B.shape[1]}, rank {len(self.B)})"


def _expect_rank(layer: str, rank: int, n_in: int, n_out: int) -> None:
    for name, value in (("n_in", n_in), ("n_out", n_out), ("rank", rank)):
        expect_positive_int(f"{layer} {name}", value)
    if rank > min(n_in, n_out):
        raise ValueError(f"{layer} takes a rank of at most min(n_in, n_out) = {min(n_in, n_out)}, got {rank}")
