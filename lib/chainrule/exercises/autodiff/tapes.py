"""A tape walked backwards, and what broadcasting asks of it."""

from collections.abc import Callable, Sequence

import numpy as np

from chainrule.exercises.exercise import Exercise

Tape = Sequence[Sequence[tuple[int, float]]]


def _undo(dy: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    dy = dy.sum(tuple(range(dy.ndim - len(shape))))
    return dy.sum(tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)


def _only_new(dy: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    return dy.sum(tuple(range(dy.ndim - len(shape))))


def _copies(dy: np.ndarray, shape: tuple[int, ...]) -> float:
    return dy.size / np.prod(shape)


def _numbers(*shape: int) -> np.ndarray:
    return np.arange(1.0, np.prod(shape) + 1).reshape(shape) ** 2


undo = Exercise(
    ask="Write undo(dy, shape): the adjoint of an array of this shape that was broadcast to the shape of dy.",
    difficulty="medium",
    minutes=12,
    hints=(
        "Each entry was copied to several places. What does an entry receive if several places blame it?",
        "NumPy lines shapes up at their ends: axes that dy has in front are new. Sum them away first.",
        "Where the shape says 1 and dy has more, sum along that axis and keep it.",
    ),
    answer=_undo,
    right="A copy forwards is a sum backwards. For a bias this is the column sum that you know from linear layers.",
    mistakes={
        "mean": (
            lambda dy, shape: _undo(dy, shape) / _copies(dy, shape),
            "Each copy was used, and each use has its own blame. Do blames average, or add up?",
        ),
        "only new axes": (
            _only_new,
            "New axes are gone. An axis of length 1 was stretched as well: has it length 1 again?",
        ),
        "as it is": (lambda dy, shape: dy, "That has the shape of the result. The adjoint needs the shape asked for."),
        "first copy": (
            lambda dy, shape: dy[(0,) * (dy.ndim - len(shape))][tuple(slice(n) for n in shape)],
            "You kept the blame of one copy. What about the others?",
        ),
    },
    cases=(
        (_numbers(4, 3), (3,)),
        (_numbers(4, 3), (4, 1)),
        (_numbers(2, 3, 2), (1, 2)),
        (_numbers(2, 2), (2, 2)),
        (_numbers(3), ()),
    ),
)


def _walk(tape: Tape, *, add: bool = True, order: Callable = reversed, slopes: bool = True) -> list[float]:
    adjoints = [0.0] * (len(tape) - 1) + [1.0]
    for k in order(range(len(tape))):
        for place, slope in tape[k]:
            part = (slope if slopes else 1.0) * adjoints[k]
            adjoints[place] = adjoints[place] + part if add else part
    return adjoints


walk_back = Exercise(
    ask="Write walk_back(tape): the adjoints of all values on a tape of (place, slope) pairs, the last being 1.",
    difficulty="medium",
    minutes=15,
    hints=(
        "Begin with zeros and a one at the end. Which value's adjoint is complete from the start?",
        "Go through the tape from its end. What does value k hand on to an argument that it uses with this slope?",
        "An argument can be used more than once: it collects.",
    ),
    answer=_walk,
    right="Three lines, and it is what every framework does in training. The order is given by the tape itself.",
    mistakes={
        "sets": (
            lambda tape: _walk(tape, add=False),
            "A value that is used twice has lost one of its two blames: you set where it should collect.",
        ),
        "forwards": (
            lambda tape: _walk(tape, order=iter),
            "The arguments of the last value are right, and no others. When your walk comes to a step, is its own "
            "adjoint known already?",
        ),
        "no slopes": (
            lambda tape: _walk(tape, slopes=False),
            "You counted paths. Along each arrow the blame is multiplied by its slope.",
        ),
    },
    cases=(
        ([[], [], [(0, 2.0), (1, 3.0)], [(2, 5.0), (0, 1.0)]],),
        ([[], [(0, 3.0), (0, 3.0)], [(1, 2.0)], [(2, 0.5), (1, 4.0)]],),
    ),
)
