"""Gradients by hand: products, two paths, SiLU, centring."""

from collections.abc import Callable

import numpy as np

from chainrule.exercises.exercise import Exercise

A, B, DY = (
    np.array([[1.0, -2.0], [0.5, 3.0]]),
    np.array([[4.0, 0.5], [-1.0, 2.0]]),
    np.array([[1.0, 10.0], [-2.0, 0.3]]),
)


def _there_and_back(f: Callable, x: np.ndarray, dy: np.ndarray) -> tuple:
    """(y, dx) of `y, back = f(x)` for the dy that arrives."""
    y, back = f(x)
    return y, back(dy)


def _with_two_inputs(f: Callable, a: np.ndarray, b: np.ndarray, dy: np.ndarray) -> tuple:
    """(y, (da, db)) of `y, back = f(a, b)` for the dy that arrives."""
    y, back = f(a, b)
    return y, back(dy)


product = Exercise(
    ask="Write product(a, b): y = a · b entry by entry, with a back that returns (da, db).",
    difficulty="easy",
    minutes=5,
    answer=lambda a, b: (a * b, lambda dy: (b * dy, a * dy)),
    observe=_with_two_inputs,
    cases=[(A, B, DY)],
    right="A product hands each factor the blame times the other factor. Dense does the same with matrices.",
    mistakes={
        "exchanged": (
            lambda a, b: (a * b, lambda dy: (a * dy, b * dy)),
            "Nudge a by a little: by how much does a · b move? By that times the other factor.",
        ),
        "dy forgotten": (
            lambda a, b: (a * b, lambda dy: (b, a)),
            "Those are the local derivatives. Along a path they are multiplied with the blame that arrives, dy.",
        ),
        "a sum's way back": (
            lambda a, b: (a * b, lambda dy: (dy, dy)),
            "That is the way back of a + b, where a nudge of a arrives at y unchanged.",
        ),
    },
)

residual_paths = Exercise(
    ask="How many paths lead through ten residual blocks in a row, each y = x + f(x), with f counted as one arrow?",
    difficulty="easy",
    minutes=3,
    answer=1024,
    right="At each block a path goes through f or around it: 2¹⁰. One of them passes no f at all, so blame reaches the "
    "first block whatever the ten f do with it.",
    mistakes={
        "one a block": (10, "A path must get through every block, and has a choice at each. Choices multiply."),
        "around or one": (
            11,
            "Your paths go through at most one f. A path may also go through three of them, or all ten.",
        ),
        "added": (20, "Two ways at each block; but a path picks one way at every block, so the numbers multiply."),
        "through all": (1, "That is the path through every f. The sum x + f(x) also lets x pass beside f."),
    },
)


def _silu(x):
    s = 1 / (1 + np.exp(-x))
    return x * s, lambda dy: (s + x * s * (1 - s)) * dy


def _silu_one_path(x):
    s = 1 / (1 + np.exp(-x))
    return x * s, lambda dy: s * dy


def _silu_other_path(x):
    s = 1 / (1 + np.exp(-x))
    return x * s, lambda dy: x * s * (1 - s) * dy


def _silu_product(x):
    s = 1 / (1 + np.exp(-x))
    return x * s, lambda dy: s * x * s * (1 - s) * dy


def _silu_without_dy(x):
    s = 1 / (1 + np.exp(-x))
    return x * s, lambda dy: s + x * s * (1 - s)


silu = Exercise(
    ask="Write silu(x): y = x σ(x), with a back that returns dx. Derive dy/dx first.",
    difficulty="medium",
    minutes=10,
    answer=_silu,
    observe=_there_and_back,
    cases=[(A, DY), (B, A)],
    right="x is used twice, so two paths add: σ(x) through the factor x, and x σ(x)(1 − σ(x)) through the gate.",
    mistakes={
        "gate held constant": (
            _silu_one_path,
            "That is the path through the factor x. x also moves the gate σ(x): where is the blame of that path?",
        ),
        "factor held constant": (
            _silu_other_path,
            "That is the path through σ. The factor x in front moves as well: where is the blame of that path?",
        ),
        "multiplied": (_silu_product, "You multiplied the two parts. The arrows of one path multiply; two paths add."),
        "dy forgotten": (_silu_without_dy, "That is the slope dy/dx. Multiply it by the blame that arrives, dy."),
    },
)


def _mean(a):
    return a.mean(-1, keepdims=True)


centre = Exercise(
    ask="Write centre(x): y = x − mean of each row, with a back that returns dx.",
    difficulty="medium",
    minutes=10,
    answer=lambda x: (x - _mean(x), lambda dy: dy - _mean(dy)),
    observe=_there_and_back,
    cases=[(A, DY), (np.array([[1.0, 2.0, 6.0]]), np.array([[1.0, 0.0, 4.0]]))],
    right="Each x reaches its own y with slope 1 and, through the mean, every y of its row with −1/n. So dx is dy with "
    "the mean of its row taken off: the same function again.",
    mistakes={
        "mean held constant": (
            lambda x: (x - _mean(x), lambda dy: dy),
            "You treat the mean as a constant. It is computed from x: every entry of x has a path through it to every "
            "entry of y in its row.",
        ),
        "own path only": (
            lambda x: (x - _mean(x), lambda dy: dy * (1 - 1 / x.shape[-1])),
            "That is how x₁ moves y₁. Through the mean it also moves y₂, y₃ and all others in its row.",
        ),
        "sign": (
            lambda x: (x - _mean(x), lambda dy: dy + _mean(dy)),
            "The paths through the mean are right but for their sign: y falls when the mean rises.",
        ),
        "mean of x": (
            lambda x: (x - _mean(x), lambda dy: dy - _mean(x)),
            "What flows back is blame. The paths through the mean carry the mean of dy, not of x.",
        ),
    },
)
