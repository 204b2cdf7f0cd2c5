"""What must hold of additive attention, as functions of the module: see checks.py."""

import math
from itertools import product
from types import ModuleType

import numpy as np
from checks_recurrent import drawn
from helpers import normal, rng
from numpy.testing import assert_allclose

from chainrule.check import gradcheck

MASK = np.arange(6) < np.array([4, 6, 1])[:, None, None]


def additive_gradients(m: ModuleType) -> None:
    layer, q, memory = drawn(m.AdditiveAttention(2, 4, 5, rng())), normal(3, 4, 2), normal(3, 6, 4, seed=1)
    for mask in (None, MASK, MASK[0, 0], np.tri(4, 6, 2, dtype=bool)):
        gradcheck(layer, q, memory, rng=rng(1), mask=mask)
    gradcheck(layer, q[:1, :1], memory[:1, :1], rng=rng(1))


def additive_values(m: ModuleType) -> None:
    layer, q, memory = drawn(m.AdditiveAttention(2, 4, 5, rng())), normal(3, 4, 2), normal(3, 6, 4, seed=1)
    y, _ = layer(q, memory, mask=MASK)
    p = layer.weights(q, memory, mask=MASK)
    assert_allclose(p.sum(2), 1, atol=1e-12)
    assert not p[~np.broadcast_to(MASK, p.shape)].any()
    for n, t in product(range(3), range(4)):
        seen = range(MASK[n].sum())
        e = [math.exp(np.tanh(q[n, t] @ layer.W + memory[n, s] @ layer.U) @ layer.v) for s in seen]
        assert_allclose(p[n, t, : len(e)], np.array(e) / sum(e), atol=1e-12)
        assert_allclose(y[n, t], sum(w * memory[n, s] for w, s in zip(e, seen)) / sum(e), atol=1e-12)
