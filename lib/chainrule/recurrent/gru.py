"""The gated recurrent unit: the new state is a mixture of the old one and a candidate."""

from typing import Any

import numpy as np

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


class GRUCell(Cell):
    """One layer of gated recurrent units read in one direction.

        r, u = σ(x_t W + h_{t−1} U + b),   m = h_{t−1} U_g + b_m
        g = tanh(x_t W_g + b_g + r m),     h_t = (1 − u) g + u h_{t−1}

    x (N, T, D) → y (N, T, H), y_t = h_t;  W (D, 3H), U (H, 3H), b (3H,) in blocks of columns r, u, g, and b_m (H,).
    The reset gate r acts after the product with U_g, which therefore has a bias of its own, as in PyTorch (where u
    is called z); in Cho et al. it acts on h_{t−1} before.

    Backward  from t = T down, dh_t the gradient of h_t:  da_g = (1 − g²) (1 − u) dh,  dm = r da_g,
              da_r = m r (1 − r) da_g,  da_u = (h_{t−1} − g) u (1 − u) dh;  dx_t = [da_r, da_u, da_g] Wᵀ,
              dh_{t−1} += u dh + [da_r, da_u, dm] Uᵀ;  dW, dU, db, db_m are sums over steps as for any affine map.
    Init      W by Glorot's rule and U orthogonal, block by block; biases zero.
    Source    Cho et al. (2014), eqs. 5-8.
    """

    def __init__(self, n_in: int, n_hidden: int, rng: np.random.Generator, dtype: Any = np.float32):
        self.gates("rug", n_in, n_hidden, rng, dtype)
        self.parameters(b_m=np.zeros(n_hidden, self.b.dtype))

    def scan(self, x: np.ndarray, last: np.ndarray, *states: np.ndarray) -> tuple:
        """(y, (h,), back) from the state h0; see `Cell`."""
        (n, steps, d), hidden = x.shape, len(self.U)
        weights = self._stacked()
        S = halved(weights, 2 * hidden)
        z = columns(x, *states)
        h = z[:, d:-1]
        gates = np.empty((steps, 4 * hidden, n), x.dtype)
        for z_t, a, h_before, h_t in zip(z, gates, h, h[1:]):
            np.matmul(S, z_t, out=a)
            np.tanh(a[: 2 * hidden], out=a[: 2 * hidden])
            sigmoids_from_tanh(a[: 2 * hidden])
            r, u, g, m = a.reshape(4, hidden, n)
            g += r * m
            np.tanh(g, out=g)
            np.subtract(h_before, g, out=h_t)
            h_t *= u
            h_t += g

        def backward(dy: np.ndarray, dh_last: np.ndarray) -> tuple:
            dys = np.ascontiguousarray(dy.transpose(1, 2, 0))
            da = _slopes(gates, h[:-1])
            dz = np.empty((steps, d + hidden, n), x.dtype)
            dh, ends = np.zeros((hidden, n), x.dtype), arrivals(last)
            for t in reversed(range(steps)):
                dh += dys[t]
                if t in ends:
                    dh += dh_last.T * ends[t]
                by_gate = da[t].reshape(4, hidden, n)
                by_gate *= dh
                np.matmul(weights[:-1], da[t], out=dz[t])
                dz[t, d:] += gates[t, hidden : 2 * hidden] * dh
                dh = dz[t, d:]
            if not self._frozen:
                self._add_stacked(sum_of_products(z, da))
            return sequences(dz[:, :d]), dh.T.copy()

        return sequences(h[1:]), (at_last(h, last),), backward

    def _stacked(self) -> np.ndarray:
        """S (D + H + 1, 4H) for r, u, g and m: g has no share of h, m none of x, and zeros are there instead."""
        d, hidden = len(self.W), len(self.U)
        S = np.zeros((d + hidden + 1, 4 * hidden), self.W.dtype)
        S[:d, : 3 * hidden], S[-1, : 3 * hidden] = self.W, self.b
        S[d:-1, : 2 * hidden], S[d:-1, 3 * hidden :] = self.U[:, : 2 * hidden], self.U[:, 2 * hidden :]
        S[-1, 3 * hidden :] = self.b_m
        return S

    def _add_stacked(self, dS: np.ndarray) -> None:
        """Add to dW, dU, db and db_m their parts of the gradient of S."""
        d, hidden = len(self.W), len(self.U)
        self.dW += dS[:d, : 3 * hidden]
        self.dU[:, : 2 * hidden] += dS[d:-1, : 2 * hidden]
        self.dU[:, 2 * hidden :] += dS[d:-1, 3 * hidden :]
        self.db += dS[-1, : 3 * hidden]
        self.db_m += dS[-1, 3 * hidden :]


def _slopes(gates: np.ndarray, h_before: np.ndarray) -> np.ndarray:
    """What dh is multiplied by to give da for r, u, g and m, for all steps at once: none of it depends on dy."""
    steps, rows, n = gates.shape
    r, u, g, m = gates.reshape(steps, 4, rows // 4, n).swapaxes(0, 1)
    slopes = np.empty_like(gates)
    dr, du, dg, dm = slopes.reshape(steps, 4, rows // 4, n).swapaxes(0, 1)
    np.multiply(1 - g * g, 1 - u, out=dg)
    np.multiply(r, dg, out=dm)
    np.multiply(m * (1 - r), dm, out=dr)
    np.multiply((h_before - g) * u, 1 - u, out=du)
    return slopes


class GRU(Recurrent):
    """GRU layers over whole sequences: `Recurrent` says how it is called, `GRUCell` what it computes.

    y, back = gru(x);   (y, h), back = gru.run(x, h0, lengths=None);   dx, dh0 = back(dy, dh)
    """

    def __init__(
        self,
        n_in: int,
        n_hidden: int,
        rng: np.random.Generator,
        layers: int = 1,
        bidirectional: bool = False,
        dtype: Any = np.float32,
    ):
        super().__init__(lambda width: GRUCell(width, n_hidden, rng, dtype), n_in, n_hidden, layers, bidirectional)
