"""The plain recurrent network: one matrix carries the past, and its gradient with it."""

from typing import Any

import numpy as np

from chainrule.recurrent.columns import Cell, arrivals, at_last, columns, sequences, sum_of_products
from chainrule.recurrent.stack import Recurrent

ACTIVATIONS = "tanh", "relu"


class RNNCell(Cell):
    """One layer of plain recurrent units read in one direction:  h_t = φ(x_t W + h_{t−1} U + b),  φ tanh or ReLU.

    x (N, T, D) → y (N, T, H), y_t = h_t;  W (D, H), U (H, H), b (H,)

    Backward  from t = T down, dh_t the gradient of h_t:  da_t = φ′ dh_t, where φ′ is 1 − h_t² or [h_t > 0];
              dx_t = da_t Wᵀ,  dh_{t−1} += da_t Uᵀ;  dW = Σ x_tᵀ da_t,  dU = Σ h_{t−1}ᵀ da_t,  db = Σ da_t.
    Init      W by Glorot's rule, U orthogonal, b zero. With activation="relu" and U set to the identity it is the
              network of Le, Jaitly & Hinton (2015).
    Source    Elman (1990); backward: Werbos (1990).
    """

    def __init__(
        self, n_in: int, n_hidden: int, rng: np.random.Generator, activation: str = "tanh", dtype: Any = np.float32
    ):
        if activation not in ACTIVATIONS:
            raise ValueError(f'RNN activation takes "tanh" or "relu", got {activation!r}')
        self.activation = activation
        self.gates("h", n_in, n_hidden, rng, dtype)

    def scan(self, x: np.ndarray, last: np.ndarray, *states: np.ndarray) -> tuple:
        """(y, (h,), back) from the state h0; see `Cell`."""
        (n, steps, d), hidden = x.shape, len(self.U)
        S = np.concatenate([self.W, self.U, self.b[None]]).T
        z = columns(x, *states)
        h = z[:, d:-1]
        a = np.empty((hidden, n), x.dtype)
        for z_t, h_t in zip(z, h[1:]):
            np.matmul(S, z_t, out=a)
            self._activate(a, out=h_t)

        def backward(dy: np.ndarray, dh_last: np.ndarray) -> tuple:
            dys = np.ascontiguousarray(dy.transpose(1, 2, 0))
            da = self._slopes(h[1:])
            dz = np.empty((steps, d + hidden, n), x.dtype)
            WU = np.concatenate([self.W, self.U])
            dh, ends = np.zeros((hidden, n), x.dtype), arrivals(last)
            for t in reversed(range(steps)):
                dh += dys[t]
                if t in ends:
                    dh += dh_last.T * ends[t]
                da[t] *= dh
                np.matmul(WU, da[t], out=dz[t])
                dh = dz[t, d:]
            if not self._frozen:
                self.add_gradients(sum_of_products(z, da))
            return sequences(dz[:, :d]), dh.T.copy()

        return sequences(h[1:]), (at_last(h, last),), backward

    def _activate(self, a: np.ndarray, out: np.ndarray) -> None:
        if self.activation == "tanh":
            np.tanh(a, out=out)
        else:
            np.maximum(a, 0, out=out)

    def _slopes(self, h: np.ndarray) -> np.ndarray:
        """φ′, written with h alone."""
        return 1 - h * h if self.activation == "tanh" else (h > 0).astype(h.dtype)


class RNN(Recurrent):
    """Plain recurrent layers over whole sequences: `Recurrent` says how it is called, `RNNCell` what it computes.

    y, back = rnn(x);   (y, h), back = rnn.run(x, h0, lengths=None);   dx, dh0 = back(dy, dh)
    """

    def __init__(
        self,
        n_in: int,
        n_hidden: int,
        rng: np.random.Generator,
        layers: int = 1,
        bidirectional: bool = False,
        activation: str = "tanh",
        dtype: Any = np.float32,
    ):
        super().__init__(
            lambda width: RNNCell(width, n_hidden, rng, activation, dtype), n_in, n_hidden, layers, bidirectional
        )
