"""Copies of one digit, kept on one side of a split."""

from typing import Any

import numpy as np

from chainrule.exercises.exercise import Exercise


def _split(origin, held):
    origin = np.asarray(origin)
    train = np.flatnonzero(~np.isin(origin, held))
    return train, np.sort([np.flatnonzero(origin == digit)[0] for digit in held])


def _all_copies(origin, held):
    inside = np.isin(origin, held)
    return np.flatnonzero(~inside), np.flatnonzero(inside)


def _by_copy(origin, held):
    inside = np.isin(np.arange(len(origin)), held)
    return np.flatnonzero(~inside), np.flatnonzero(inside)


def _rest_trains(origin, held):
    test = _split(origin, held)[1]
    return np.setdiff1d(np.arange(len(origin)), test), test


def _exchanged(origin, held):
    return _split(origin, held)[::-1]


def _as_lists(f: Any, origin: np.ndarray, held: list) -> list:
    return [np.asarray(part).tolist() for part in f(origin, held)]


split_copies = Exercise(
    ask="Write split_copies(origin, held): indices (train, test); no digit on both sides, one copy of each held back.",
    difficulty="medium",
    minutes=15,
    hints=(
        "Which copies may be trained on? Those whose *digit* is not held back: ask `origin`, not the index.",
        "`np.isin(origin, held)` says for each copy whether its digit is held back.",
        "For the test part, find for each held digit the first index at which `origin` names it.",
    ),
    answer=_split,
    observe=_as_lists,
    cases=[
        (np.array([0, 0, 1, 1, 2, 2, 3, 3]), [1, 3]),
        (np.array([4, 0, 2, 4, 2, 0, 1, 4]), [4, 2]),
        (np.array([2, 1, 0]), [0]),
    ],
    right="The digits are split, and the copies follow. Copies of a held digit that are not tested are not trained on "
    "either: they are left out.",
    mistakes={
        "all copies tested": (
            _all_copies,
            "No digit is on both sides, which is what matters. But the test part holds several copies of a digit: "
            "they are not independent, and the task asks for the first of each.",
        ),
        "copies split": (_by_copy, "You took `held` for indices of copies. It names digits."),
        "other copies trained on": (
            _rest_trains,
            "The other copies of a held digit are in your training part: that is the leak itself.",
        ),
        "exchanged": (_exchanged, "Your pair is in the other order: first train, then test."),
    },
)
