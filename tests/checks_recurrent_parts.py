"""What must hold of the memory recurrent cells share, and of training chunk by chunk: see checks.py."""

from types import ModuleType

import numpy as np
from checks_recurrent import LENGTHS, D, H, N, T, drawn, sigma
from helpers import normal, rng
from numpy.testing import assert_allclose

from chainrule.check import gradcheck
from chainrule.losses import mse
from chainrule.recurrent import GRU, LSTM


def columns_hold_what_steps_see(m: ModuleType) -> None:
    x, h0 = normal(N, T, D), normal(N, H, seed=1)
    z = m.columns(x, h0)
    h = z[:, D:-1]
    h[1:] = normal(T, H, N, seed=2)
    assert z.shape == (T + 1, D + H + 1, N) and np.isfinite(z).all()
    for t in range(T):
        assert np.array_equal(z[t].T, np.hstack([x[:, t], h[t].T, np.ones((N, 1))]))
    assert np.array_equal(m.sequences(z[:-1, :D]), x) and np.array_equal(h[0].T, h0)
    last = LENGTHS - 1
    assert np.array_equal(m.at_last(h, last), [h[length, :, k] for k, length in enumerate(LENGTHS)])
    assert {t: row.tolist() for t, row in m.arrivals(last).items()} == {
        2: [True, False, False],
        4: [False, True, False],
        0: [False, False, True],
    }


def sums_over_steps(m: ModuleType) -> None:
    z, da = normal(T + 1, 7, N), normal(T, 3, N, seed=1)
    assert_allclose(m.sum_of_products(z, da), sum(z[t] @ da[t].T for t in range(T)), atol=1e-12)
    cell = m.Cell()
    cell.gates("ab", D, H, rng(), np.float64)
    assert cell.W.shape == (D, 2 * H) and cell.U.shape == (H, 2 * H) and cell.b.shape == (2 * H,)
    dS = normal(D + H + 1, 2 * H)
    for _ in range(2):
        cell.add_gradients(dS)
    assert_allclose(np.vstack([cell.dW, cell.dU, cell.db]), 2 * dS)
    a = normal(5, 3)
    half = m.halved(a, 2)
    sigmoids = np.tanh(half[:2])
    m.sigmoids_from_tanh(sigmoids)
    assert_allclose(sigmoids, sigma(a.T[:2]), atol=1e-12)
    assert np.array_equal(half[2:], a.T[2:]) and not np.shares_memory(half, a)


def one_chunk_is_the_full_gradient(m: ModuleType) -> None:
    layer, x, t = drawn(LSTM(D, H, rng(), layers=2)), normal(N, T, D), normal(N, T, H, seed=1)
    layer.zero_grad()
    (y, *finals), back = layer.run(x)
    loss, back_loss = mse(y, t)
    back(back_loss())
    full = layer.flat()[1].copy()
    layer.zero_grad()
    ((value, ends),) = m.truncated(layer, mse, x, t, T)
    assert value == float(loss) and np.array_equal(layer.flat()[1], full)
    assert all(np.array_equal(a, b) for a, b in zip(ends, finals, strict=True))


def chunks_carry_the_state_and_not_the_gradient(m: ModuleType) -> None:
    layer, x, t = drawn(GRU(D, H, rng())), normal(N, T, D), normal(N, T, H, seed=1)
    h0 = normal(1, N, H, seed=2)
    (y, h), _ = layer.run(x, h0)
    chunks = [slice(0, 2), slice(2, 4), slice(4, 5)]
    layer.zero_grad()
    values, finals = zip(*m.truncated(layer, mse, x, t, 2, h0), strict=True)
    found = layer.flat()[1].copy()
    assert_allclose(values, [mse(y[:, c], t[:, c])[0] for c in chunks], rtol=1e-12)
    assert_allclose(finals[-1][0], h, atol=1e-12)
    layer.zero_grad()
    for c, before in zip(chunks, (h0, finals[0][0], finals[1][0]), strict=True):
        (part, _), back = layer.run(x[:, c], before)
        back(mse(part, t[:, c])[1]())
    assert_allclose(found, layer.flat()[1], atol=1e-12)


def cells_alone(m: ModuleType) -> None:
    """A cell is a layer too: from zero states, without lengths."""
    for name in ("RNNCell", "LSTMCell", "GRUCell"):
        if hasattr(m, name):
            gradcheck(getattr(m, name)(D, H, rng()), normal(N, T, D), rng=rng(1))
            gradcheck(getattr(m, name)(D, H, rng()), normal(1, 1, D), rng=rng(1))
