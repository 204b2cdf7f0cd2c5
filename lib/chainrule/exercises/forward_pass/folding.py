"""Folding: what rounding makes of it, which fold is cheapest, and the largest of four numbers by composition."""

import math
from collections.abc import Callable

import numpy as np

from chainrule.exercises.exercise import Exercise

sixty_folds = Exercise(
    ask="What does float64 answer to 1/10 after sixty folds: 'right', 'a little off', 'zero' or 'infinite'?",
    difficulty="medium",
    minutes=5,
    hints=(
        "A float64 is a whole number of at most 53 binary digits, divided by a power of two. What does T do to such "
        "a number?",
        "2x moves the binary point by one place; 2 − 2x does too, and no digit is rounded on the way. How many "
        "digits are left after 53 folds?",
    ),
    answer="zero",
    right="Each fold moves the binary point by one place and drops what is in front of it, with no rounding; behind "
    "the 56th place, 1/10 as a float64 has only zeros. A whole number folds to 0 and stays there.",
    mistakes={
        "right": (
            "right",
            "1/10 is no binary fraction, so what is stored is a little off. What do sixty doublings make of that?",
        ),
        "a little off": (
            "a little off",
            "A slope of 2 doubles every error, sixty times. And what digits are left to be folded?",
        ),
        "infinite": ("infinite", "T maps the interval from 0 to 1 onto itself: no number can leave it."),
    },
)

cheapest_fold = Exercise(
    ask="Which whole number w of units a layer makes a given number of pieces with the fewest units in total?",
    difficulty="hard",
    minutes=15,
    hints=(
        "k layers of w units make wᵏ pieces and hold k w units. Solve wᵏ = P for k, and write the units by w alone.",
        "You have ln P · w / ln w. Where is its derivative zero? That is no whole number: compare its neighbours.",
    ),
    answer=3,
    right="The units are ln P · w / ln w. Its derivative vanishes where ln w = 1, at w = e, and of the two neighbours "
    "3 is the cheaper: 3 / ln 3 is 2.73, and 2 / ln 2 and 4 / ln 4 are both 2.89.",
    mistakes={
        "two": (2, "That is close: compare 2 / ln 2 with 3 / ln 3."),
        "four": (4, "Four units fold as two layers of two do: 4 / ln 4 = 2 / ln 2. Is there anything between?"),
        "e": (math.e, "That is where the derivative vanishes. A layer holds a whole number of units: which neighbour?"),
        "one": (1, "One unit a layer leaves one piece, however many layers there are."),
    },
)


def _network_of(make: Callable, x: np.ndarray) -> tuple:
    """(number of layers, what the network says to the rows of x), with ReLU between its layers."""
    layers = make()
    for W, b in layers[:-1]:
        x = np.maximum(x @ np.asarray(W) + np.asarray(b), 0)
    W, b = layers[-1]
    return len(layers), x @ np.asarray(W) + np.asarray(b)


PAIR_IN = np.array([[1.0, 0, 0], [-1, 1, -1]])
PAIR_OUT = np.array([[1.0], [1], [-1]])


def _two_pairs():
    return np.kron(np.eye(2), PAIR_IN), np.kron(np.eye(2), PAIR_OUT)


def _largest():
    first, out = _two_pairs()
    return [(first, np.zeros(6)), (out @ PAIR_IN, np.zeros(3)), (PAIR_OUT, np.zeros(1))]


def _relu_between():
    first, out = _two_pairs()
    return [(first, np.zeros(6)), (out, np.zeros(2)), (PAIR_IN, np.zeros(3)), (PAIR_OUT, np.zeros(1))]


def _added():
    first, out = _two_pairs()
    return [(first, np.zeros(6)), (out.sum(1, keepdims=True), np.zeros(1))]


def _all_plus():
    plus = np.abs(PAIR_OUT)
    return [
        (np.kron(np.eye(2), PAIR_IN), np.zeros(6)),
        (np.kron(np.eye(2), plus) @ PAIR_IN, np.zeros(3)),
        (plus, np.zeros(1)),
    ]


FOURS = np.array([[1.0, 2, 3, 4], [4, 3, 2, 1], [-1, -2, -3, -4], [-5, 0.5, -7, 0.25], [0, 9, -9, 8]])
largest_of_four = Exercise(
    ask="Write largest(): three layers [(W, b), …] with ReLU between them that answer the largest of four inputs.",
    difficulty="hard",
    minutes=45,
    hints=(
        "The largest of four is the larger of two larger ones. Let the first layer hold two copies of the pair network "
        "side by side, one for inputs 1 and 2, one for 3 and 4, with zeros elsewhere: sizes 4-6.",
        "The outputs of the two copies are linear in the six hidden units: a matrix M of shape (6, 2). The next pair "
        "network begins with a matrix W of shape (2, 3). No ReLU stands between the two.",
        "Two linear maps without a curve between them are one: M @ W, of shape (6, 3). `np.kron(np.eye(2), A)` puts "
        "two copies of A on the diagonal.",
    ),
    answer=_largest,
    observe=_network_of,
    cases=[(FOURS,)],
    right="Networks compose: the last layer of one and the first of the next melt into one matrix, here 6 × 3. The "
    "largest of 2ᵏ numbers takes k hidden layers in this way.",
    mistakes={
        "ReLU between the two maxima": (
            _relu_between,
            "There is a ReLU on the two larger ones, so a negative maximum becomes 0. Melt the two matrices into one.",
        ),
        "the two maxima added": (
            _added,
            "That adds the two larger ones. They have to be compared, by a third pair network.",
        ),
        "only plus signs at the output": (
            _all_plus,
            "h₂ and h₃ make x₂ together: ReLU(x₂) − ReLU(−x₂). Look at the sign of the third unit.",
        ),
    },
)
