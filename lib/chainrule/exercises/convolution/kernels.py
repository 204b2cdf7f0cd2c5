"""Kernels in code: the way back, and two factors of one kernel."""

from typing import Any

import numpy as np

from chainrule.exercises.exercise import Exercise

X = np.array([[1.0, 2.0, 0.0, -1.0], [0.5, -2.0, 3.0, 1.0], [2.0, 1.0, -1.0, 0.0]])
K = np.array([[1.0, -2.0], [0.5, 3.0]])
DY = np.array([[1.0, 10.0, -2.0], [0.3, 0.0, 4.0]])
EDGES = np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]) / 4
SHARPEN = np.array([[0.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]])


def _backward(x, K, dy):
    dK, dx, (k, l) = np.zeros(K.shape), np.zeros(x.shape), K.shape
    for (i, j), blame in np.ndenumerate(dy):
        dK += blame * x[i : i + k, j : j + l]
        dx[i : i + k, j : j + l] += blame * K
    return dK, dx


def _flipped(x, K, dy):
    return _backward(x, K, dy)[0], _backward(x, K[::-1, ::-1], dy)[1]


def _flipped_gradient(x, K, dy):
    dK, dx = _backward(x, K, dy)
    return dK[::-1, ::-1], dx


def _last_window(x, K, dy):
    dx, (k, l) = np.zeros(x.shape), K.shape
    for (i, j), blame in np.ndenumerate(dy):
        dx[i : i + k, j : j + l] = blame * K
    return _backward(x, K, dy)[0], dx


def _exchanged(x, K, dy):
    return _backward(x, K, dy)[::-1]


backward = Exercise(
    ask="Write backward(x, K, dy): the pair (dK, dx) of y = x ⋆ K without padding.",
    difficulty="medium",
    minutes=15,
    hints=(
        "Take one output, at (i, j), and its blame. Which pixels did it see, as a slice of `x`? Through which weights?",
        "The slice has the shape of `K`. What does one output add to `dK`, and what to that slice of `dx`?",
        "Windows overlap: a pixel gets blame from several of them. Begin with zeros, and add.",
    ),
    answer=_backward,
    cases=[(X, K, DY), (X[:2], K, DY[:1]), (X, EDGES, DY[:1, :2])],
    right="Both gradients go through the same windows: the weights collect pixels, the pixels collect weights. Nobody "
    "had to flip anything; the flip is in the order in which the copies of the kernel add up.",
    mistakes={
        "kernel flipped": (
            _flipped,
            "In your dx the kernel is turned around. A pixel gets its blame through the very weight that saw it: the "
            "copy of K goes back as it is.",
        ),
        "dK flipped": (
            _flipped_gradient,
            "Your dK is turned around. Which pixel of the window did the weight in row 0, column 0 meet?",
        ),
        "set, not added": (
            _last_window,
            "In your dx the last window wins. A pixel that several windows saw gets the sum of their blames.",
        ),
        "exchanged": (_exchanged, "Your pair is in the other order: first dK, then dx."),
    },
)


def _factors(K):
    U, s, Vt = np.linalg.svd(K)
    if s[1:].max(initial=0.0) > 1e-9 * s[0]:
        return None
    return s[0] * U[:, 0], Vt[0]


def _any_rank(K):
    U, s, Vt = np.linalg.svd(K)
    return s[0] * U[:, 0], Vt[0]


def _without_size(K):
    U, s, Vt = np.linalg.svd(K)
    return None if s[1:].max(initial=0.0) > 1e-9 * s[0] else (U[:, 0], Vt[0])


def _size_twice(K):
    U, s, Vt = np.linalg.svd(K)
    return None if s[1:].max(initial=0.0) > 1e-9 * s[0] else (s[0] * U[:, 0], s[0] * Vt[0])


def _outer(f: Any, K: np.ndarray) -> Any:
    """The outer product of what f returns, which is the same for all right answers."""
    pair = f(K)
    return "None" if pair is None else np.outer(*pair)


factors = Exercise(
    ask="Write factors(K): a column and a row whose outer product is K, or None where there are none.",
    difficulty="hard",
    minutes=15,
    hints=(
        "If K is a column times a row, every row of K is a multiple of the same row. Which rank has such a matrix?",
        "`np.linalg.svd` writes any matrix as a sum of outer products, the largest first. How many of them are there "
        "when the rank is one?",
        "Rounding leaves singular values of about 1e-17 where there should be zeros: compare with the first one.",
    ),
    answer=_factors,
    observe=_outer,
    cases=[(EDGES,), (SHARPEN,), (np.ones((2, 5)),), (K,)],
    right="A kernel has factors when its rank is one. Average, edges and the step have; sharpening has not.",
    mistakes={
        "any rank": (
            _any_rank,
            "For a kernel of higher rank that is the nearest product, not the kernel itself. When do you return None?",
        ),
        "size forgotten": (
            _without_size,
            "The columns of U and the rows of Vᵀ have length one. Where has the size of the kernel gone?",
        ),
        "size twice": (_size_twice, "The singular value belongs into one of the two factors, not into both."),
    },
)
