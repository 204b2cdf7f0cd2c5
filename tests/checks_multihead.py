"""What must hold of MultiHeadAttention, its cache and AttentionPooling, as functions of the module (see checks.py)."""

from types import ModuleType

import numpy as np
from checks_attention import slowly
from helpers import normal, rng
from numpy.testing import assert_allclose

from chainrule.check import gradcheck


def multihead_gradients(m: ModuleType) -> None:
    x, memory = normal(2, 4, 8), normal(2, 3, 8, seed=1)
    for causal in (False, True):
        for positions in (None, "rotary", "alibi"):
            gradcheck(m.MultiHeadAttention(8, 2, rng(), causal=causal, positions=positions), x, rng=rng(1))
    cross = m.MultiHeadAttention(8, 2, rng(), bias=False)
    gradcheck(cross, x, memory, rng=rng(1), mask=np.array([[True, True, False], [False] * 3]))
    gradcheck(m.MultiHeadAttention(8, 2, rng()), x, memory, rng=rng(1))


def multihead_values(m: ModuleType) -> None:
    """Head by head, with W cut by hand."""
    layer = m.MultiHeadAttention(6, 2, rng(), dtype=np.float64)
    layer.b, layer.out.b = normal(18, seed=3), normal(6, seed=4)
    x, memory = normal(2, 4, 6), normal(2, 5, 6, seed=1)
    mask = rng(2).random((2, 5)) < 0.7
    for source, options in ((x, {}), (memory, {"mask": mask})):
        q, (k, v) = x @ layer.W[:, :6] + layer.b[:6], np.split(source @ layer.W[:, 6:] + layer.b[6:], 2, axis=-1)
        allowed = options["mask"][:, None] if options else None
        cuts = [slice(0, 3), slice(3, 6)]
        parts = [slowly(q[..., c], k[..., c], v[..., c], allowed) for c in cuts]
        y = np.concatenate([y for y, _ in parts], axis=-1) @ layer.out.W + layer.out.b
        inputs = (x,) if source is x else (x, memory)
        assert_allclose(layer(*inputs, **options)[0], y, rtol=1e-10)
        assert_allclose(layer.weights(*inputs, **options), np.stack([w for _, w in parts], axis=1), rtol=1e-10)


def cached_equals_whole(m: ModuleType) -> None:
    """Position by position with a cache, in several portions: the same as all at once, and so is dx of the newest."""
    for positions in (None, "rotary", "alibi"):
        layer = m.MultiHeadAttention(8, 2, rng(), causal=True, positions=positions, dtype=np.float64)
        x = normal(2, 7, 8)
        y, back = layer(x)
        cache = m.Cache()
        portions = [layer(part, cache=cache) for part in np.split(x, [3, 4, 5], axis=1)]
        assert cache.seen(layer) == cache.length == 7
        assert_allclose(np.concatenate([y for y, _ in portions], axis=1), y, rtol=1e-10, atol=1e-12)
        dy = np.zeros_like(y)
        dy[:, 5:] = normal(2, 2, 8, seed=1)
        assert_allclose(portions[-1][1](dy[:, 5:]), back(dy)[:, 5:], rtol=1e-10, atol=1e-12)


def memory_is_projected_once(m: ModuleType) -> None:
    layer = m.MultiHeadAttention(8, 2, rng(), dtype=np.float64)
    x, memory, cache = normal(2, 4, 8), normal(2, 3, 8, seed=1), m.Cache()
    first, second = layer(x[:, :2], memory, cache=cache)[0], layer(x[:, 2:], memory, cache=cache)[0]
    assert_allclose(np.concatenate([first, second], axis=1), layer(x, memory)[0], rtol=1e-10)
    assert cache.once(layer, lambda: None) is not None


def cache_grows(m: ModuleType) -> None:
    cache, layer, parts = m.Cache(), object(), [normal(2, 3, t, 4, seed=t) for t in (1, 2, 1, 7)]
    assert cache.length == cache.seen(layer) == 0
    views = [cache.extend(layer, part, -part) for part in parts]
    whole = np.concatenate(parts, axis=2)
    for (k, v), end in zip(views, (1, 3, 4, 11)):
        assert np.array_equal(k, whole[:, :, :end]) and np.array_equal(v, -whole[:, :, :end])
    assert cache.length == cache.seen(layer) == 11 and cache.seen(object()) == 0


def pooling_values(m: ModuleType) -> None:
    layer, x = m.AttentionPooling(6, rng(), dtype=np.float64), normal(3, 4, 6)
    mask = np.array([[True] * 4, [True, False, True, False], [False] * 4])
    query = np.broadcast_to(layer.q, (3, 1, 6))
    y, weights = slowly(query, x, x, mask[:, None])
    assert_allclose(layer(x, mask=mask)[0], y[:, 0], rtol=1e-10)
    assert_allclose(layer.weights(x, mask=mask), weights[:, 0], rtol=1e-10)
    layer.q = np.zeros(6)
    assert_allclose(layer(x)[0], x.mean(1), rtol=1e-10)


def pooling_gradients(m: ModuleType) -> None:
    for mask in (None, np.array([[True, True, False], [False, True, False]])):
        gradcheck(m.AttentionPooling(5, rng()), normal(2, 3, 5), rng=rng(1), mask=mask)
