"""Convolutional networks in code: a residual block, and a maximum over places."""

from typing import Any

import numpy as np

from chainrule.exercises.exercise import Exercise

X = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]])
M = np.array([[1.0, -2.0, 0.5], [0.0, 0.5, 3.0], [-1.0, 1.0, 0.25]])
MAPS = np.array([[[0.5, 2.0, 2.0, -1.0], [-3.0, -1.0, -2.0, -1.5]], [[1.0, 0.0, 0.0, 1.0], [4.0, 5.0, 6.0, 7.0]]])


def _square(x: np.ndarray) -> tuple:
    return x * x, lambda dy: 2 * x * dy


def _mixed(x: np.ndarray) -> tuple:
    return x @ M, lambda dy: dy @ M.T


def _residual(x, f):
    y, back = f(x)
    return x + y, lambda dy: dy + back(dy)


def _no_way_around(x, f):
    y, back = f(x)
    return x + y, back


def _only_around(x, f):
    return x + f(x)[0], lambda dy: dy


def _gradient_times_gradient(x, f):
    y, back = f(x)
    return x + y, lambda dy: dy * back(dy)


def _in_place(x, f):
    y, back = f(x)
    x += y
    return x, lambda dy: dy + back(dy)


def _both_ways(residual: Any, x: np.ndarray, f: Any) -> tuple:
    """The output, the blame of x, and x itself afterwards."""
    y, back = residual(x, f)
    dy = np.linspace(-1, 1, x.size).reshape(x.shape)
    return np.array(y), back(dy), x


residual = Exercise(
    ask="Write residual(x, f) for y = x + f(x): it returns y and its way back.",
    difficulty="medium",
    minutes=10,
    hints=(
        "`f(x)` gives a pair. Which of the two do you need for y, which for the way back?",
        "On how many ways did x reach y? The blame of x is the sum over them.",
    ),
    answer=_residual,
    observe=_both_ways,
    cases=[(X, _square), (X, _mixed)],
    right="The blame that arrives goes on as it is, plus what comes back through f.",
    mistakes={
        "no way around": (
            _no_way_around,
            "Your way back goes through f only. By which other way did x reach the output?",
        ),
        "only around": (_only_around, "Your way back goes past f only. What does the blame that went through f say?"),
        "multiplied": (
            _gradient_times_gradient,
            "You multiply the two blames. What reached the end on two ways has the sum of both.",
        ),
        "in place": (
            _in_place,
            "You changed x itself. Whoever gave it to you, and the way back of f, may still need it as it was.",
        ),
    },
)


def _global_max(x):
    first = x.argmax(2)[..., None]

    def back(dy):
        dx = np.zeros_like(x)
        np.put_along_axis(dx, first, dy[..., None], 2)
        return dx

    return x.max(2), back


def _all_winners(x):
    y = x.max(2)
    return y, lambda dy: (x == y[..., None]) * dy[..., None]


def _spread(x):
    return x.max(2), lambda dy: np.repeat(dy[..., None] / x.shape[2], x.shape[2], 2)


def _winner_times_x(x):
    y, back = _global_max(x)
    return y, lambda dy: x * back(dy)


def _over_channels(x):
    return x.max(1), lambda dy: (x == x.max(1)[:, None]) * dy[:, None]


def _with_blame(f: Any, x: np.ndarray) -> tuple:
    y, back = f(x)
    return y, back(np.linspace(0.5, 2, y.size).reshape(np.shape(y)))


global_max = Exercise(
    ask="Write global_max(x) for x (N, C, n): the maximum over places, and its way back.",
    difficulty="hard",
    minutes=40,
    hints=(
        "Nudge one entry of x a little. When does the maximum move, and by how much?",
        "All of the blame goes to one place of each channel. `argmax(2)` names it.",
        "`np.put_along_axis` writes into the places that an `argmax` has named, if you give it the lost axis back.",
    ),
    answer=_global_max,
    observe=_with_blame,
    cases=[(MAPS,), (MAPS[:1, :1],)],
    right="The winner takes all the blame. As with the mean, the place is forgotten; it says whether a pattern is "
    "anywhere, where the mean says how much of it there is.",
    mistakes={
        "all winners": (
            _all_winners,
            "Where two places share the maximum, both get the whole blame in yours: it has been counted twice.",
        ),
        "shared by all": (_spread, "That is the way back of the mean. Which places can move the maximum?"),
        "times x": (_winner_times_x, "The slope of the maximum for its winner is 1: the blame arrives as it is."),
        "over channels": (_over_channels, "You took the maximum over channels. It is over places, the last axis."),
    },
)
