"""A layer read backwards: the transposed convolution."""

import numpy as np

from chainrule.exercises.convolution.kernels import DY, EDGES, SHARPEN, K, X
from chainrule.exercises.exercise import Exercise


def _transposed(u, K, s):
    (k, l), (n, m) = K.shape, u.shape
    out = np.zeros(((n - 1) * s + k, (m - 1) * s + l))
    for (i, j), value in np.ndenumerate(u):
        out[i * s : i * s + k, j * s : j * s + l] += value * K
    return out


def _overwritten(u, K, s):
    (k, l), (n, m) = K.shape, u.shape
    out = np.zeros(((n - 1) * s + k, (m - 1) * s + l))
    for (i, j), value in np.ndenumerate(u):
        out[i * s : i * s + k, j * s : j * s + l] = value * K
    return out


def _too_large(u, K, s):
    return np.pad(_transposed(u, K, s), ((0, s - 1), (0, s - 1)))


transposed = Exercise(
    ask="Write transposed(u, K, s): copies of K, one for each entry of u and times it, s pixels apart, added up.",
    difficulty="hard",
    minutes=40,
    hints=(
        "How long is the output along one axis? The last copy begins s (n − 1) pixels after the first, and is k long.",
        "The copy for entry (i, j) covers a slice of the output that begins at (i s, j s). Copies add where they meet.",
    ),
    answer=_transposed,
    cases=[(DY, K, 2), (X, EDGES, 2), (DY, SHARPEN, 1), (K, K, 3)],
    right="It is the way back of a layer with stride s, used forwards: a transposed convolution. With a size that the "
    "stride does not divide, copies overlap unevenly and leave a chequered pattern.",
    mistakes={
        "set, not added": (_overwritten, "Where copies overlap, yours overwrite each other. They should add."),
        "stride ignored": (lambda u, K, s: _transposed(u, K, 1), "Your copies lie one pixel apart; they should be s."),
        "kernel flipped": (
            lambda u, K, s: _transposed(u, K[::-1, ::-1], s),
            "Your copies are turned around. Each entry puts down the kernel as it is.",
        ),
        "too large": (_too_large, "Your output ends with rows of zeros that no copy reaches: where does the last end?"),
    },
)
