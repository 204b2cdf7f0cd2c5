import checks_attention as checks
import numpy as np
import pytest
from helpers import normal, rng

import chainrule.attention.dot_product
import chainrule.attention.heads
import chainrule.attention.masks
from chainrule.attention import attention, attention_weights, causal_mask, padding_mask

X = tuple(normal(2, 3, 5, 4, seed=i) for i in range(3))


@pytest.mark.parametrize("check", [checks.attention_values, checks.attention_gradients, checks.attention_is_safe])
def test_check(check):
    check(chainrule.attention.dot_product)


def test_masks():
    checks.masks_values(chainrule.attention.masks)


def test_heads():
    checks.heads_are_views(chainrule.attention.heads)
    checks.key_masks(chainrule.attention.heads)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("factor", [1, 100])
def test_contract(dtype, factor):
    q, k, v = (factor * x.astype(dtype) for x in X)
    mask, bias = causal_mask(5), normal(3, 5, 5)
    kept = [a.copy() for a in (q, k, v, mask, bias)]
    for a in (q, k, v, mask, bias):
        a.setflags(write=False)
    y, back = attention(q, k, v, mask=mask, bias=bias)
    first, dy = y.copy(), normal(*y.shape, dtype=dtype)
    dy.setflags(write=False)
    attention(2 * q, k, v)
    grads, again = back(dy), back(dy)
    assert all((a == was).all() for a, was in zip((q, k, v, mask, bias), kept)) and (y == first).all()
    assert y.dtype == dtype and all(g.dtype == dtype for g in grads)
    assert all((g == h).all() for g, h in zip(grads, again))
    assert not any(np.shares_memory(a, b) for a in (y, *grads) for b in (q, k, v, dy))


def test_output_lies_in_the_hull_of_the_values():
    q, k, v = X
    y, weights = attention(10 * q, k, v)[0], attention_weights(10 * q, k)
    assert (weights >= 0).all()
    np.testing.assert_allclose(weights.sum(-1), 1)
    np.testing.assert_allclose(weights @ v, y)
    assert (y <= v.max(-2, keepdims=True) + 1e-12).all() and (y >= v.min(-2, keepdims=True) - 1e-12).all()


def test_a_shift_of_all_scores_of_a_query_changes_nothing():
    shift = 1000 * normal(2, 3, 5, 1)
    for y, shifted in zip(_with_grads(*X), _with_grads(*X, bias=shift)):
        np.testing.assert_allclose(shifted, y, rtol=1e-9, atol=1e-9)


def test_the_order_of_keys_and_of_queries():
    q, k, v = X
    p = rng().permutation(5)
    y = attention(q, k, v)[0]
    np.testing.assert_allclose(attention(q, k[:, :, p], v[:, :, p])[0], y)
    np.testing.assert_allclose(attention(q[:, :, p], k, v)[0], y[:, :, p])


def test_what_is_not_allowed_counts_for_nothing():
    q, k, v = X
    mask = rng(1).random((2, 1, 1, 5)) < 0.6
    other = [np.where(mask[..., 0, :, None], a, 1e3) for a in (k, v)]
    for a, b in zip(_with_grads(q, k, v, mask=mask), _with_grads(q, *other, mask=mask)):
        np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-9)
    assert not _with_grads(q, k, v, mask=mask)[2][np.broadcast_to(~mask[:, :, 0], (2, 3, 5))].any()


@pytest.mark.parametrize(("change", "tolerance"), [(0.5, 0), (1000, 1e-12)])  # large scores are shifted: other rounding
def test_the_future_leaks_nothing(change, tolerance):
    later = [np.concatenate([a[:, :, :3], a[:, :, 3:] + change], axis=2) for a in X]
    dy = normal(2, 3, 5, 4)
    dy[:, :, 3:] = 0
    (y, back), (changed, back_changed) = attention(*X, causal=True), attention(*later, causal=True)
    np.testing.assert_allclose(y[:, :, :3], changed[:, :, :3], rtol=0, atol=tolerance)
    for g, h in zip(back(dy), back_changed(dy)):
        np.testing.assert_allclose(g[:, :, :3], h[:, :, :3], rtol=0, atol=tolerance)
        assert not g[:, :, 3:].any() and not h[:, :, 3:].any()


def test_shapes_from_one_to_none():
    for lead, T, S in (((), 1, 1), ((1,), 1, 4), ((2,), 3, 0), ((0, 2), 3, 3)):
        q, k, v = normal(*lead, T, 2), normal(*lead, S, 2), normal(*lead, S, 3)
        y, back = attention(q, k, v)
        assert y.shape == (*lead, T, 3) and [g.shape for g in back(y)] == [q.shape, k.shape, v.shape]
    assert not attention(normal(3, 2), normal(0, 2), normal(0, 2))[0].any()


def _with_grads(*inputs, **options):
    y, back = attention(*inputs, **options)
    return (y, *back(normal(*y.shape, seed=9)))


@pytest.mark.parametrize(
    ("inputs", "options", "message"),
    [
        (
            (X[0], X[1][..., :3], X[2]),
            {},
            r"takes q \(\.\.\., T, d\), k \(\.\.\., S, d\), .* got \(2, 3, 5, 4\), \(2, 3, 5, 3\)",
        ),
        ((X[0], X[1], X[2][:, :, 1:]), {}, r"v \(\.\.\., S, e\), got .*\(2, 3, 4, 4\)"),
        ((X[0][:1], X[1], X[2]), {}, r"got \(1, 3, 5, 4\), \(2, 3, 5, 4\)"),
        ((X[0], X[1].astype("f"), X[2]), {}, "takes arrays of one dtype, got float64, float32, float64"),
        ((X[0], [1.0], X[2]), {}, "got list for k"),
        ((X[0].astype(int), X[1], X[2]), {}, r"got int64 \(2, 3, 5, 4\) for q"),
        (X, {"mask": np.ones((5, 5))}, "takes a boolean mask, got float64"),
        (X, {"mask": np.ones((2, 5), bool)}, r"takes a mask that broadcasts to \(2, 3, 5, 5\), got \(2, 5\)"),
        (X, {"bias": np.ones((5, 5), int)}, "takes a floating-point bias, got int64"),
        (X, {"bias": np.ones((1, 2, 3, 5, 5))}, r"takes a bias that broadcasts to \(2, 3, 5, 5\)"),
        (
            (X[0], X[1][:, :, 1:], X[2][:, :, 1:]),
            {"causal": True},
            "at least as many keys as queries, got 5 queries, 4",
        ),
    ],
)
def test_wrong_inputs(inputs, options, message):
    with pytest.raises(ValueError, match=message):
        attention(*inputs, **options)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: causal_mask(0), "causal_mask T takes a positive integer, got 0"),
        (lambda: causal_mask(3, 2), "got 3 queries, 2 keys"),
        (lambda: padding_mask(np.array([4]), 3), "padding_mask takes lengths from 0 to 3, got 4 to 4"),
        (lambda: padding_mask(np.array([1.0]), 3), r"takes integer lengths \(N,\), got float64 \(1,\)"),
        (lambda: padding_mask(np.array([[1]]), 3), r"got int64 \(1, 1\)"),
    ],
)
def test_wrong_masks(make, message):
    with pytest.raises(ValueError, match=message):
        make()
