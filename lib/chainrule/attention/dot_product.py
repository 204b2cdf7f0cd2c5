"""Scaled dot-product attention: each query takes a weighted mean of the values, by how well it matches their keys.

    S = q kᵀ / √d + bias,    P = softmax(S) over the allowed keys,    y = P v

The closed backward, with D = Σ dy ∘ y along each row (which equals Σ dP ∘ P, so P is never needed there):

    dv = Pᵀ dy,    dS = P ∘ (dy vᵀ − D),    dq = dS k / √d,    dk = dSᵀ q / √d

The (T, S) matrices are the large ones, so they are touched as little as possible: the exponentials E stay
unnormalised, and the row factors r = 1 / Σ E go into the small matrices, y = r (E v) and r dy.
"""

import math
from collections.abc import Callable

import numpy as np

from chainrule.arrays import row_sums
from chainrule.attention.masks import causal_factor

Gradients = tuple[np.ndarray, np.ndarray, np.ndarray]
SAFE = 30  # exp(±30) is far from over- and underflow, and sums of a million such numbers are too


def attention(
    q: np.ndarray,
    k: np.ndarray,
    v: np.ndarray,
    mask: np.ndarray | None = None,
    bias: np.ndarray | None = None,
    causal: bool = False,
) -> tuple[np.ndarray, Callable[[np.ndarray], Gradients]]:
    """y = softmax(q kᵀ / √d + bias) v over the allowed keys;  back(dy) → (dq, dk, dv).

    q (..., T, d), k (..., S, d), v (..., S, e) → y (..., T, e), with equal leading axes
    mask     boolean, broadcasts to (..., T, S), True where attending is allowed
    bias     numbers added to the scores, a constant that broadcasts to (..., T, S)
    causal   each query sees its own position and earlier ones; the queries are the last T of the S positions

    A query that may attend to nothing gets y = 0 and sends back no gradient, as in PyTorch.
    Source   Vaswani et al. (2017), eq. 1; D as in Dao et al. (2022), appendix B.2.
    Raises   ValueError where shapes or dtypes do not fit together, or causal has fewer keys than queries.
    """
    _expect(q, k, v)
    scale = 1 / math.sqrt(q.shape[-1])
    scaled = q * scale
    e = _exponentials(scaled, k, mask, bias, causal)
    r = _inverse_sums(e)
    y = np.matmul(e, v, out=_empty_like(q, (*q.shape[:-1], v.shape[-1])))
    y *= r

    def backward(dy: np.ndarray) -> Gradients:
        rdy = dy * r
        dv = np.matmul(e.swapaxes(-1, -2), rdy, out=_empty_like(v, v.shape))
        ds = rdy @ _transposed(v)
        ds -= row_sums(rdy * y)
        ds *= e
        dq = np.matmul(ds, k, out=_empty_like(q, q.shape))
        dq *= scale
        return dq, np.matmul(ds.swapaxes(-1, -2), scaled, out=_empty_like(k, k.shape)), dv

    return y, backward


def attention_weights(
    q: np.ndarray,
    k: np.ndarray,
    mask: np.ndarray | None = None,
    bias: np.ndarray | None = None,
    causal: bool = False,
) -> np.ndarray:
    """The matrix P (..., T, S) by which `attention` mixes the values, for drawing: rows of it sum to 1.

    A row that may attend to nothing is zero. Options and errors are those of `attention`.
    """
    _expect(q, k, k)
    e = _exponentials(q * (1 / math.sqrt(q.shape[-1])), k, mask, bias, causal)
    return e * _inverse_sums(e)


def _exponentials(
    q: np.ndarray, k: np.ndarray, mask: np.ndarray | None, bias: np.ndarray | None, causal: bool
) -> np.ndarray:
    """exp(q kᵀ + bias), zero where attending is not allowed; where scores are large, each row times a factor."""
    scores = q @ _transposed(k)
    if bias is not None:
        scores += _fitting("bias", bias, "f", scores)
    allowed = _allowed(mask, causal, scores)
    if not (scores.max(initial=0) < SAFE and scores.min(initial=0) > -SAFE):
        scores = _shifted(scores, allowed)
    np.exp(scores, out=scores)
    for factor in allowed:
        scores *= factor
    return scores


def _shifted(scores: np.ndarray, allowed: list[np.ndarray]) -> np.ndarray:
    """Scores less the largest allowed one of their row.

    What is more than 80 below it becomes −∞: it adds nothing that could be seen, and exponentials near 1e-38 are
    subnormal numbers, which take the processor ten times as long.
    """
    for factor in allowed:
        scores = np.where(factor, scores, -np.inf)
    top = scores.max(-1, keepdims=True, initial=-np.inf)
    scores = scores - np.where(top == -np.inf, 0, top)
    return np.where(scores < -80, -np.inf, scores)


def _inverse_sums(e: np.ndarray) -> np.ndarray:
    """1 / Σ over each row; 1 for a row of zeros, which stays zero."""
    sums = row_sums(e)
    return 1 / (sums + (sums == 0))


def _allowed(mask: np.ndarray | None, causal: bool, scores: np.ndarray) -> list[np.ndarray]:
    """What to multiply exponentials by: nothing, or arrays of ones and zeros."""
    factors = []
    if causal:
        factors.append(causal_factor(*scores.shape[-2:], scores.dtype))
    if mask is not None:
        factors.append(_fitting("mask", mask, "b", scores))
    return factors


def _fitting(name: str, array: np.ndarray, kind: str, scores: np.ndarray) -> np.ndarray:
    wanted = {"b": "boolean", "f": "floating-point"}[kind]
    array = np.asarray(array)
    if array.dtype.kind != kind:
        raise ValueError(f"attention takes a {wanted} {name}, got {array.dtype}")
    pairs = zip(reversed(array.shape), reversed(scores.shape))
    if array.ndim > scores.ndim or any(n not in (1, m) for n, m in pairs):
        raise ValueError(f"attention takes a {name} that broadcasts to {scores.shape}, got {array.shape}")
    return array.astype(scores.dtype, copy=False)


def _transposed(k: np.ndarray) -> np.ndarray:
    """kᵀ as an array of its own: small, and the product with it is twice as fast as with a transposed view."""
    return np.ascontiguousarray(k.swapaxes(-1, -2))


def _empty_like(x: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """New memory whose axes lie in the order of x's: heads that were split from (N, T, d) are joined without a copy."""
    return np.empty_like(x, shape=shape)


def _expect(q: np.ndarray, k: np.ndarray, v: np.ndarray) -> None:
    for name, x in (("q", q), ("k", k), ("v", v)):
        if not isinstance(x, np.ndarray) or x.ndim < 2 or x.dtype.kind != "f":
            got = f"{x.dtype} {x.shape}" if isinstance(x, np.ndarray) else type(x).__name__
            raise ValueError(f"attention takes floating-point arrays (..., T, d), got {got} for {name}")
    if q.shape[:-2] != k.shape[:-2] or q.shape[-1] != k.shape[-1] or k.shape[:-1] != v.shape[:-1]:
        raise ValueError(
            f"attention takes q (..., T, d), k (..., S, d), v (..., S, e), got {q.shape}, {k.shape}, {v.shape}"
        )
    if not q.dtype == k.dtype == v.dtype:
        raise ValueError(f"attention takes arrays of one dtype, got {q.dtype}, {k.dtype}, {v.dtype}")
