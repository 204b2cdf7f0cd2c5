import checks_multihead as checks
import numpy as np
import pytest
from helpers import expect_contract, normal, rng

import chainrule.attention.cache
import chainrule.attention.multihead
import chainrule.attention.pooling
from chainrule.attention import AttentionPooling, Cache, MultiHeadAttention, attention, padding_mask, rotary
from chainrule.check import gradcheck
from chainrule.combine import Residual, Sequential

OPTIONS = [{}, {"causal": True}, {"positions": "rotary"}, {"causal": True, "positions": "alibi"}, {"bias": False}]
X = normal(2, 5, 8)


@pytest.mark.parametrize(
    "check",
    [
        checks.multihead_gradients,
        checks.multihead_values,
        checks.cached_equals_whole,
        checks.memory_is_projected_once,
    ],
)
def test_multihead(check):
    check(chainrule.attention.multihead)


def test_cache():
    checks.cache_grows(chainrule.attention.cache)


@pytest.mark.parametrize("check", [checks.pooling_values, checks.pooling_gradients])
def test_pooling(check):
    check(chainrule.attention.pooling)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_contract(options, dtype):
    for shape in ((2, 5, 8), (1, 1, 8), (3, 2, 8), (0, 4, 8)):
        expect_contract(MultiHeadAttention(8, 4, rng(), **options), shape, dtype)
    expect_contract(AttentionPooling(8, rng()), (2, 5, 8), dtype)


def test_used_twice_in_a_pass_and_with_one_head():
    shared = MultiHeadAttention(8, 1, rng())
    gradcheck(Sequential(shared, Residual(shared)), X, rng=rng(1))


def test_without_positions_the_order_is_not_seen():
    p = rng().permutation(5)
    layer = MultiHeadAttention(8, 2, rng(), dtype=np.float64)
    np.testing.assert_allclose(layer(X[:, p])[0], layer(X)[0][:, p])
    for positions in ("rotary", "alibi"):
        layer = MultiHeadAttention(8, 2, rng(), positions=positions, dtype=np.float64)
        assert np.abs(layer(X[:, p])[0] - layer(X)[0][:, p]).max() > 0.01


def test_rotary_is_that_of_queries_and_keys():
    layer = MultiHeadAttention(8, 1, rng(), positions="rotary", dtype=np.float64)
    q, k, v = np.split(X @ layer.W, 3, axis=-1)
    y = attention(rotary(q)[0], rotary(k)[0], v)[0] @ layer.out.W
    np.testing.assert_allclose(layer(X)[0], y)


@pytest.mark.parametrize("positions", [None, "rotary", "alibi"])
def test_the_future_leaks_nothing(positions):
    layer = MultiHeadAttention(8, 2, rng(), causal=True, positions=positions, dtype=np.float64)
    other, dy = X.copy(), normal(2, 5, 8, seed=1)
    other[:, 3:] += 1
    dy[:, 3:] = 0
    found = []
    for x in (X, other):
        layer.zero_grad()
        y, back = layer(x)
        found.append((y[:, :3], back(dy)[:, :3], layer.flat()[1].copy()))
        assert not back(dy)[:, 3:].any() and not np.triu(layer.weights(x), 1).any()
    for a, b in zip(*found):
        assert np.array_equal(a, b)


def test_padding_changes_nothing():
    layer, pooling = MultiHeadAttention(8, 2, rng(), dtype=np.float64), AttentionPooling(8, rng(), dtype=np.float64)
    mask = padding_mask(np.array([5, 3]), 5)
    other = np.where(mask[..., None], X, 100.0)
    for f in (lambda x: layer(x, mask=mask), lambda x: layer(X, x, mask=mask), lambda x: pooling(x, mask=mask)):
        y, back = f(X)
        real = mask if y.shape[:2] == mask.shape and f(other)[0].shape == X.shape else slice(None)
        dy = normal(*y.shape, seed=2) * (mask[..., None] if y.ndim == 3 else 1)
        np.testing.assert_allclose(f(other)[0][real], y[real], rtol=1e-8)
        dx = back(dy)
        assert not (dx[-1] if isinstance(dx, tuple) else dx)[~mask].any()
    np.testing.assert_allclose(layer(X, mask=mask)[0][1, :3], layer(X[1:, :3])[0][0])
    np.testing.assert_allclose(pooling(X, mask=mask)[0][1], pooling(X[1:, :3])[0][0])


def test_masks_of_three_shapes_agree():
    layer = MultiHeadAttention(8, 2, rng(), dtype=np.float64)
    mask = padding_mask(np.array([5, 3]), 5)
    y = layer(X, mask=mask)[0]
    full = np.broadcast_to(mask[:, None], (2, 5, 5))
    assert np.array_equal(layer(X, mask=full)[0], y)
    assert np.array_equal(layer(X, mask=np.stack([full, full], axis=1))[0], y)


def test_pooling_stays_in_the_hull():
    y = AttentionPooling(8, rng(), dtype=np.float64)(X)[0]
    assert (y <= X.max(1)).all() and (y >= X.min(1)).all()


LAYER, CAUSAL = MultiHeadAttention(8, 2, rng()), MultiHeadAttention(8, 2, rng(), causal=True)
F = X.astype("f")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: MultiHeadAttention(8, 3, rng()), "takes a d that heads divides, got d = 8, heads = 3"),
        (lambda: MultiHeadAttention(0, 1, rng()), "MultiHeadAttention d takes a positive integer, got 0"),
        (lambda: MultiHeadAttention(8, 2, rng(), positions="sin"), 'takes None, "rotary" or "alibi", got \'sin\''),
        (lambda: MultiHeadAttention(6, 2, rng(), positions="rotary"), "takes an even d / heads, got 3"),
        (lambda: LAYER(F[..., :7]), r"MultiHeadAttention\(8, 2 heads\) takes \(\.\.\., 8\), got \(2, 5, 7\)"),
        (lambda: LAYER(F[0]), r"takes x \(N, T, 8\), got \(5, 8\)"),
        (lambda: LAYER(X), "holds float32, got float64"),
        (lambda: LAYER(F, F[:1]), r"takes a memory for each of 2 sequences, got \(1, 5, 8\)"),
        (lambda: LAYER(F, F[0]), r"takes memory \(N, T, 8\), got \(5, 8\)"),
        (lambda: CAUSAL(F, F), "is causal or knows positions: it is for self-attention alone"),
        (lambda: LAYER(F, mask=np.ones(5, bool)), r"takes a mask \(N, S\), \(N, T, S\) or .*, got \(5,\)"),
        (lambda: LAYER(F, mask=np.ones((2, 4), bool)), r"broadcasts to \(2, 2, 5, 5\), got \(2, 1, 1, 4\)"),
        (lambda: AttentionPooling(8, rng())(F[0]), r"AttentionPooling\(8\) takes \(N, T, 8\), got \(5, 8\)"),
        (lambda: AttentionPooling(8, rng())(F, mask=np.ones((5, 2), bool)), r"takes a mask \(2, 5\) for x"),
        (lambda: AttentionPooling(8, 0), "rng takes a np.random.Generator"),
        (lambda: LAYER(F, cache=Cache()), "takes a cache only if causal"),
        (lambda: _other_batch(), r"Cache holds float32 \(N, heads, d\) = \(2, 2, 4\), got float32 \(1, 2, 4\)"),
    ],
)
def test_wrong_inputs(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def _other_batch():
    cache = Cache()
    CAUSAL(F, cache=cache)
    CAUSAL(F[:1], cache=cache)
