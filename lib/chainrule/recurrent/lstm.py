"""Long short-term memory: a state c that is added to, not multiplied by a matrix, so its gradient can last."""

from typing import Any

import numpy as np

from chainrule.arrays import expect_number
from chainrule.recurrent.columns import (
    Cell,
    arrivals,
    at_last,
    columns,
    halved,
    sequences,
    sigmoids_from_tanh,
    sum_of_products,
)
from chainrule.recurrent.stack import Recurrent


class LSTMCell(Cell):
    """One layer of LSTM units read in one direction.

        i, f, o = σ(…),  g = tanh(…)   of   a_t = x_t W + h_{t−1} U + b
        c_t = f c_{t−1} + i g,   h_t = o tanh c_t

    x (N, T, D) → y (N, T, H);  W (D, 4H), U (H, 4H), b (4H,): blocks of columns in the order i, f, o, g, the three
    gates first, which lets one call shape all of them (PyTorch's order is i, f, g, o, and it has two biases).

    Backward  from t = T down, dh_t the gradient of h_t:  dc += o (1 − tanh² c_t) dh;  da_i = g i (1 − i) dc,
              da_f = c_{t−1} f (1 − f) dc,  da_o = tanh c_t o (1 − o) dh,  da_g = i (1 − g²) dc;
              dx_t = da_t Wᵀ,  dh_{t−1} += da_t Uᵀ,  dc_{t−1} = f dc;  dW = Σ x_tᵀ da_t,  dU = Σ h_{t−1}ᵀ da_t.
    Init      W by Glorot's rule and U orthogonal, block by block; b zero but for the forget gates' forget_bias.
    Source    Hochreiter & Schmidhuber (1997); forget gate: Gers, Schmidhuber & Cummins (2000); its bias of 1:
              Jozefowicz, Zaremba & Sutskever (2015).
    """

    states = 2

    def __init__(
        self, n_in: int, n_hidden: int, rng: np.random.Generator, forget_bias: float = 1.0, dtype: Any = np.float32
    ):
        expect_number("LSTM forget_bias", forget_bias)
        self.gates("ifog", n_in, n_hidden, rng, dtype)
        self.b[n_hidden : 2 * n_hidden] = forget_bias

    def scan(self, x: np.ndarray, last: np.ndarray, *states: np.ndarray) -> tuple:
        """(y, (h, c), back) from the states h0 and c0; see `Cell`."""
        h0, c0 = states
        (n, steps, d), hidden = x.shape, len(self.U)
        z = columns(x, h0)
        h = z[:, d:-1]
        gates = np.empty((steps, 4 * hidden, n), x.dtype)
        c = np.empty((steps + 1, hidden, n), x.dtype)
        tanh_c = np.empty((steps, hidden, n), x.dtype)
        c[0] = c0.T
        self._remember(z, h, gates, c, tanh_c)

        def backward(dy: np.ndarray, dh_last: np.ndarray, dc_last: np.ndarray) -> tuple:
            dys = np.ascontiguousarray(dy.transpose(1, 2, 0))
            da, dc_dh = _slopes(gates, c[:-1], tanh_c)
            by_gate = da.reshape(steps, 4, hidden, n)
            WU = np.concatenate([self.W, self.U])
            dz = np.empty((steps, d + hidden, n), x.dtype)
            dh, dc, scratch = np.zeros((3, hidden, n), x.dtype)
            ends = arrivals(last)
            for t in reversed(range(steps)):
                dh += dys[t]
                if t in ends:
                    dh += dh_last.T * ends[t]
                    dc += dc_last.T * ends[t]
                dc += np.multiply(dc_dh[t], dh, out=scratch)
                i_and_f, o, g = by_gate[t, :2], by_gate[t, 2], by_gate[t, 3]
                i_and_f *= dc
                o *= dh
                g *= dc
                dc *= gates[t, hidden : 2 * hidden]
                np.matmul(WU, da[t], out=dz[t])
                dh = dz[t, d:]
            if not self._frozen:
                self.add_gradients(sum_of_products(z, da))
            return sequences(dz[:, :d]), dh.T.copy(), dc.T.copy()

        return sequences(h[1:]), (at_last(h, last), at_last(c, last)), backward

    def _remember(self, z: np.ndarray, h: np.ndarray, gates: np.ndarray, c: np.ndarray, tanh_c: np.ndarray) -> None:
        """Step by step, fill in what is still to be known: the gates, c, tanh c, and h, which is part of z."""
        _, hidden, n = tanh_c.shape
        S = halved(np.concatenate([self.W, self.U, self.b[None]]), 3 * hidden)
        scratch = np.empty((hidden, n), c.dtype)
        for z_t, a, tanh_c_t, c_before, c_t, h_t in zip(z, gates, tanh_c, c, c[1:], h[1:]):
            np.matmul(S, z_t, out=a)
            np.tanh(a, out=a)
            sigmoids_from_tanh(a[: 3 * hidden])
            i, f, o, g = a.reshape(4, hidden, n)
            np.multiply(f, c_before, out=c_t)
            c_t += np.multiply(i, g, out=scratch)
            np.tanh(c_t, out=tanh_c_t)
            np.multiply(o, tanh_c_t, out=h_t)


def _slopes(gates: np.ndarray, c_before: np.ndarray, tanh_c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the gradients of c (for i, f, g) and of h (for o) are multiplied by, and dc/dh, for all steps at once.

    None of it depends on dy, so it is computed for all steps in a few calls instead of a few for each step.
    """
    hidden = tanh_c.shape[1]
    i, o, g = gates[:, :hidden], gates[:, 2 * hidden : 3 * hidden], gates[:, 3 * hidden :]
    slopes = np.empty_like(gates)
    sigmoids, slope_g = slopes[:, : 3 * hidden], slopes[:, 3 * hidden :]
    np.subtract(1, gates[:, : 3 * hidden], out=sigmoids)
    sigmoids *= gates[:, : 3 * hidden]
    sigmoids[:, :hidden] *= g
    sigmoids[:, hidden : 2 * hidden] *= c_before
    sigmoids[:, 2 * hidden :] *= tanh_c
    np.multiply(g, g, out=slope_g)
    np.subtract(1, slope_g, out=slope_g)
    slope_g *= i
    dc_dh = tanh_c * tanh_c
    np.subtract(1, dc_dh, out=dc_dh)
    dc_dh *= o
    return slopes, dc_dh


class LSTM(Recurrent):
    """LSTM layers over whole sequences: `Recurrent` says how it is called, `LSTMCell` what it computes.

    y, back = lstm(x);   (y, h, c), back = lstm.run(x, h0, c0, lengths=None);   dx, dh0, dc0 = back(dy, dh, dc)
    """

    def __init__(
        self,
        n_in: int,
        n_hidden: int,
        rng: np.random.Generator,
        layers: int = 1,
        bidirectional: bool = False,
        forget_bias: float = 1.0,
        dtype: Any = np.float32,
    ):
        super().__init__(
            lambda width: LSTMCell(width, n_hidden, rng, forget_bias, dtype), n_in, n_hidden, layers, bidirectional
        )
