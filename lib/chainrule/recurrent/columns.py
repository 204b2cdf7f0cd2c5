"""Sequences as columns: the memory in which each step of a recurrent layer is one matrix product.

Inside a cell an example is a column. Stack what step t sees, z_t = [x_t; h_{t−1}; 1], and what it is multiplied by,
S = [W; U; b]. Then  a_t = Sᵀ z_t  holds every gate of every example, and on the way back  dS = Σ_t z_t da_tᵀ,  one
product over all steps, holds dW, dU and db. Gates are blocks of rows, so each is one contiguous piece of memory.
"""

from functools import cache

import numpy as np

from chainrule.arrays import expect_positive_int, expect_rows
from chainrule.initializers import glorot, orthogonal
from chainrule.layer import Layer


class Cell(Layer):
    """One recurrent layer that reads in one direction; RNN, LSTM and GRU are made of these.

    A subclass writes scan(x, last, *states) → (y, finals, back):
        x (N, T, D); states, each (N, H), before the first step; last (N,), the step at which each sequence ends
        y (N, T, H); finals, each (N, H), the states after step `last`
        back(dy, *dfinals) → (dx, *dstates)
    What y holds beyond `last` is not meant to be read, and dy must be zero there.
    """

    states = 1  # h; an LSTM has two, h and c

    def gates(self, names: str, n_in: int, n_hidden: int, rng: np.random.Generator, dtype: type) -> None:
        """Declare W (D, G·H), U (H, G·H) and b (G·H,), a block of columns for each of the G gates."""
        label = type(self).__name__
        expect_positive_int(f"{label} n_in", n_in)
        expect_positive_int(f"{label} n_hidden", n_hidden)
        W = [glorot((n_in, n_hidden), rng, dtype=dtype) for _ in names]
        U = [orthogonal((n_hidden, n_hidden), rng, dtype=dtype) for _ in names]
        self.parameters(W=np.hstack(W), U=np.hstack(U), b=np.zeros(len(names) * n_hidden, W[0].dtype))

    def forward(self, x: np.ndarray) -> tuple:
        expect_sequences(self, x, self.W)
        n, steps, _ = x.shape
        zeros = [np.zeros((n, len(self.U)), x.dtype)] * self.states
        y, finals, back = self.scan(x, np.full(n, steps - 1), *zeros)
        return y, lambda dy: back(dy, *zeros)[0]

    def scan(self, x: np.ndarray, last: np.ndarray, *states: np.ndarray) -> tuple:
        """(y, finals, back); see the class."""
        raise NotImplementedError(f"{type(self).__name__} does not define scan")

    def add_gradients(self, dS: np.ndarray) -> None:
        """Add dS (D + H + 1, G·H) to dW, dU and db."""
        self.dW += dS[: len(self.W)]
        self.dU += dS[len(self.W) : -1]
        self.db += dS[-1]

    def label(self) -> str:
        return f"{type(self).__name__}({len(self.W)} → {len(self.U)})"


def expect_sequences(layer: Layer, x: np.ndarray, W: np.ndarray) -> None:
    """Raise ValueError unless x is (N, T, D) of at least one step, D and the dtype those of W."""
    if not isinstance(x, np.ndarray) or x.ndim != 3 or x.shape[2] != len(W) or x.shape[1] == 0:
        got = getattr(x, "shape", type(x).__name__)
        raise ValueError(f"{layer.label()} takes sequences (N, T, {len(W)}) of at least one step, got {got}")
    expect_rows(layer, x, len(W), W.dtype)


def columns(x: np.ndarray, h0: np.ndarray) -> np.ndarray:
    """z (T + 1, D + H + 1, N): rows of x, of h and of ones; z[t] is what step t sees, once h_{t−1} is there."""
    (n, steps, d), hidden = x.shape, h0.shape[1]
    z = np.empty((steps + 1, d + hidden + 1, n), x.dtype)
    z[:-1, :d] = x.transpose(1, 2, 0)
    z[-1, :d] = 0
    z[0, d:-1] = h0.T
    z[:, -1] = 1
    return z


def sequences(columns: np.ndarray) -> np.ndarray:
    """(T, D, N) → (N, T, D), in memory of its own."""
    return np.ascontiguousarray(columns.transpose(2, 0, 1))


def at_last(columns: np.ndarray, last: np.ndarray) -> np.ndarray:
    """The state after step `last` of each sequence: (T + 1, H, N), with the state before the first step → (N, H)."""
    return columns[last + 1, :, np.arange(len(last))]


def arrivals(last: np.ndarray) -> dict[int, np.ndarray]:
    """{t: which sequences end at step t}: where on the way back the gradients of final states come in."""
    return {int(t): last == t for t in np.unique(last)}


def sum_of_products(z: np.ndarray, da: np.ndarray) -> np.ndarray:
    """dS = Σ_t z_t da_tᵀ over z (T + 1, K, N) and da (T, G, N), as the one product dSᵀ = (G, T·N) (T·N, K).

    BLAS is fastest on a product of two matrices as they lie in memory; z is the smaller one to turn round.
    """
    steps, gates, n = da.shape
    side_by_side = np.ascontiguousarray(da.swapaxes(0, 1)).reshape(gates, steps * n)
    return (side_by_side @ np.ascontiguousarray(z[:-1].swapaxes(1, 2)).reshape(steps * n, z.shape[1])).T


def halved(S: np.ndarray, n: int) -> np.ndarray:
    """A copy of Sᵀ whose first n rows, those of sigmoids, are halved: σ(a) = ½ + ½ tanh(½ a) then costs one tanh."""
    S = np.ascontiguousarray(S.T)
    S[:n] *= 0.5
    return S


def sigmoids_from_tanh(a: np.ndarray) -> None:
    """½ + ½ a in place, on what was tanh(½ a)."""
    half = _half(a.dtype)
    a *= half
    a += half


@cache
def _half(dtype: np.dtype) -> np.ndarray:
    """½ as an array, which NumPy need not convert at each of many calls."""
    return np.array(0.5, dtype)
