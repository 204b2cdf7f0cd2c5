"""What must hold of attention, its masks and heads, as functions of the module (see checks.py)."""

import itertools
import math
import warnings
from types import ModuleType

import numpy as np
from helpers import normal, rng
from numpy.testing import assert_allclose

from chainrule.check import gradcheck

N, HEADS, T, S, D = 2, 3, 4, 5, 6


def qkv(T: int = T, S: int = S) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return normal(N, HEADS, T, D, seed=1), normal(N, HEADS, S, D, seed=2), normal(N, HEADS, S, 2, seed=3)


def slowly(q, k, v, allowed=None, bias=None) -> tuple[np.ndarray, np.ndarray]:
    """(y, weights) by the definition, query by query."""
    lead, T, S = q.shape[:-2], q.shape[-2], k.shape[-2]
    allowed = np.broadcast_to(True if allowed is None else allowed, (*lead, T, S))
    bias = np.broadcast_to(0.0 if bias is None else bias, (*lead, T, S))
    y, weights = np.zeros((*lead, T, v.shape[-1])), np.zeros((*lead, T, S))
    for at in np.ndindex(*lead, T):
        keys = np.flatnonzero(allowed[at])
        scores = [k[at[:-1]][j] @ q[at] / math.sqrt(q.shape[-1]) + bias[at][j] for j in keys]
        shares = [math.exp(s - max(scores)) for s in scores]
        for j, share in zip(keys, shares):
            weights[at][j] = share / sum(shares)
            y[at] += weights[at][j] * v[at[:-1]][j]
    return y, weights


def attention_values(m: ModuleType) -> None:
    q, k, v = qkv()
    mask, bias = rng(4).random((N, 1, T, S)) < 0.6, normal(HEADS, T, S, seed=5)
    mask[0, 0, 1] = False  # a query that may attend to nothing
    last = np.array([[j <= i + S - T for j in range(S)] for i in range(T)])
    for scale in (1, 200):  # small scores, and large ones that need a shift
        for options, allowed in (
            ({}, None),
            ({"mask": mask}, mask),
            ({"bias": bias}, None),
            ({"causal": True}, last),
            ({"mask": mask, "bias": bias, "causal": True}, mask & last),
        ):
            y, weights = slowly(scale * q, k, v, allowed, options.get("bias"))
            assert_allclose(m.attention(scale * q, k, v, **options)[0], y, rtol=1e-10, atol=1e-12)
            assert_allclose(m.attention_weights(scale * q, k, **options), weights, rtol=1e-10, atol=1e-12)


def attention_gradients(m: ModuleType) -> None:
    q, k, v = qkv()
    mask, bias = rng(4).random((N, HEADS, T, S)) < 0.6, normal(N, 1, T, S, seed=5)
    mask[0, 0, 1] = False
    for options in ({}, {"mask": mask}, {"bias": 50 * bias}, {"causal": True, "mask": mask, "bias": bias}):
        gradcheck(m.attention, q, k, v, rng=rng(1), **options)
    x = normal(2, 3, 4)
    gradcheck(lambda x: _summed(m.attention(x, x, x)), x, rng=rng(1))


def _summed(result: tuple) -> tuple:
    y, back = result
    return y, lambda dy: sum(back(dy)[1:], start=back(dy)[0])


def attention_is_safe(m: ModuleType) -> None:
    """Large scores of either sign, nothing allowed, −∞ as a bias: numbers, no warnings, the right limit."""
    q, k, v = (a.astype(np.float32) for a in qkv())
    nothing = {"mask": np.zeros((T, S), bool)}, {"bias": np.full((T, S), -np.inf)}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for factor in (1e4, -1e4):
            y, back = m.attention(factor * q, np.abs(k) * q[:, :, :1], v)
            assert np.isfinite(y).all() and all(np.isfinite(g).all() for g in back(y))
        for options, factor in itertools.product(nothing, (1, 1e4)):
            y, back = m.attention(factor * q, k, v, **options)
            assert np.array_equal(y, np.zeros_like(y)) and not any(g.any() for g in back(np.ones_like(y)))
        lower = m.attention(q, k, v, bias=np.full((T, S), -1000.0))[0]
    assert not caught
    assert_allclose(lower, m.attention(q, k, v)[0], rtol=1e-3, atol=1e-3)
    hidden = np.where(np.arange(S) < 3, 0, -np.inf)[None]
    assert_allclose(m.attention(q, k, v, bias=hidden)[0], m.attention(q, k[:, :, :3], v[:, :, :3])[0], atol=1e-6)


def masks_values(m: ModuleType) -> None:
    assert m.causal_mask(3).tolist() == [[True, False, False], [True, True, False], [True, True, True]]
    assert m.causal_mask(2, 4).tolist() == [[True, True, True, False], [True] * 4]
    assert m.padding_mask(np.array([2, 0, 3]), 3).tolist() == [[True, True, False], [False] * 3, [True] * 3]
    factor = m.causal_factor(2, 3, np.dtype(np.float32))
    assert factor.dtype == np.float32 and factor.tolist() == [[1, 1, 0], [1, 1, 1]] and not factor.flags.writeable


def heads_are_views(m: ModuleType) -> None:
    z = normal(2, 3, 12)
    q, k = m.split(z, 2, 3)
    assert np.shares_memory(q, z) and q.shape == (2, 3, 3, 2)
    assert np.array_equal(q[1, 2, 0], z[1, 0, 4:6]) and np.array_equal(k[0, 1, 2], z[0, 2, 8:10])
    assert np.array_equal(m.joined(q), z[..., :6]) and np.array_equal(m.joined(k), z[..., 6:])


def key_masks(m: ModuleType) -> None:
    class Named:
        label = staticmethod(lambda: "layer")

    for shape, wanted in (((2, 5), (2, 1, 1, 5)), ((2, 4, 5), (2, 1, 4, 5)), ((2, 3, 4, 5), (2, 3, 4, 5))):
        mask = rng().random(shape) < 0.5
        found = m.key_mask(Named, mask)
        assert found.shape == wanted and np.array_equal(found.ravel(), mask.ravel())
    assert m.key_mask(Named, None) is None
