"""Gradients by hand: a product, and SiLU."""

from collections.abc import Callable

import numpy as np

from chainrule.exercises.exercise import Exercise

A, B, DY = (
    np.array([[1.0, -2.0], [0.5, 3.0]]),
    np.array([[4.0, 0.5], [-1.0, 2.0]]),
    np.array([[1.0, 10.0], [-2.0, 0.3]]),
)


def there_and_back(f: Callable, x: np.ndarray, dy: np.ndarray) -> tuple:
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
    hints=(
        "Pretend that `b` is a number you know, so that y = 5 a. What does the way back of that do to `dy`? Then "
        "let `a` be the known one.",
        "`back` is a function inside the function, and may use `a` and `b`. It returns a pair, each half of the "
        "shape of y and each with `dy` in it.",
    ),
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
    hints=(
        "Draw x at the bottom, y at the top and σ(x) between them. How many paths lead up from x, and what is the "
        "slope of each arrow?",
        "The slope of the sigmoid can be written with its value: σ(x) (1 − σ(x)). So compute σ(x) once, and let "
        "`back` use it again.",
    ),
    answer=_silu,
    observe=there_and_back,
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
