"""Networks with weights placed by hand: two layers folded into one, and tents that add up to a curve."""

from collections.abc import Callable

import numpy as np

from chainrule.exercises.exercise import Exercise


def _fold(W1, b1, W2, b2):
    return W1 @ W2, b1 @ W2 + b2


def _no_bias(W1, b1, W2, b2):
    return W1 @ W2, b2


def _biases_added(W1, b1, W2, b2):
    return W1 @ W2, b1.sum() + b2


def _transposed(W1, b1, W2, b2):
    return (W1 @ W2).T, b1 @ W2 + b2


A1, C1 = np.array([[1.0, -2.0, 0.5], [0.0, 1.0, 3.0]]), np.array([0.5, -1.0, 2.0])
A2, C2 = np.array([[1.0, 0.0], [2.0, -1.0], [0.5, 4.0]]), np.array([0.1, -0.2])

fold = Exercise(
    ask="Write fold(W1, b1, W2, b2): weights and bias of the one layer that says what the two linear layers say.",
    difficulty="medium",
    minutes=6,
    hints=(
        "Multiply out (x W1 + b1) W2 + b2. Which part has x in it?",
        "What does a constant b1 become when it passes through the second layer?",
    ),
    answer=_fold,
    cases=((A1, C1, A2, C2), (A1[:1], C1 - 1, A2[:, :1], C2[:1])),
    right="W = W₁W₂ and b = b₁W₂ + b₂. Folding is also how a trained layer without a curve is removed before a network "
    "is put to use.",
    mistakes={
        "first bias lost": (_no_bias, "With x = 0 the first layer still says b1. Where does that go?"),
        "biases added": (_biases_added, "b1 has an entry for each hidden unit. It meets W2 before it meets b2."),
        "transposed": (_transposed, "The numbers of W are right, but here a layer is x W: an input in each row."),
    },
)


def _tents(knots, values):
    slopes = np.diff(values) / np.diff(knots)
    return -knots[:-1], np.diff(slopes, prepend=0.0), values[0]


def _slopes_not_changes(knots, values):
    return -knots[:-1], np.diff(values) / np.diff(knots), values[0]


def _no_start(knots, values):
    b, w, _ = _tents(knots, values)
    return b, w, 0.0


def _wrong_sign(knots, values):
    b, w, c = _tents(knots, values)
    return -b, w, c


def _rises_not_slopes(knots, values):
    return -knots[:-1], np.diff(np.diff(values), prepend=0.0), values[0]


def drawn(weights: Callable, knots: np.ndarray, values: np.ndarray, x: np.ndarray) -> np.ndarray:
    """What the network of these weights says at x: c + Σ w_k relu(x + b_k)."""
    b, w, c = weights(knots, values)
    return np.maximum(x[:, None] + np.asarray(b), 0) @ np.asarray(w) + c


tents = Exercise(
    ask="Write tents(knots, values): arrays b and w and a number c, so that c + Σ w_k relu(x + b_k) runs straight from "
    "each point (knots[k], values[k]) to the next.",
    difficulty="hard",
    minutes=40,
    hints=(
        "Start at the left end. Only one ReLU is open there: it has its corner at the first knot. Which weight gives "
        "the slope of the first stretch, and which c the height?",
        "At the second knot another ReLU opens, and the first goes on. What must its weight be, so that the two "
        "together have the slope of the second stretch?",
        "The last knot needs no unit: nothing changes between it and the end.",
    ),
    answer=_tents,
    observe=drawn,
    cases=(
        (np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 0.0]), np.array([0.0, 0.5, 1.0, 1.5, 2.0])),
        (np.array([-1.0, -0.5, 1.0, 3.0]), np.array([2.0, 0.0, 0.0, 4.0]), np.linspace(-1, 3, 9)),
    ),
    right="Each weight is a change of slope. As many units as stretches draw any broken line, and a broken line with "
    "stretches of length h misses a smooth curve by h²/8 times its largest second derivative at most.",
    mistakes={
        "slopes, not changes": (
            _slopes_not_changes,
            "An open ReLU stays open: to its right its slope is added to all that follow. Give each unit the change.",
        ),
        "no start": (_no_start, "The shape is right, at the wrong height. All units are 0 at the first knot."),
        "sign of the corner": (_wrong_sign, "relu(x + b) has its corner at x = −b. Where are yours?"),
        "rises": (
            _rises_not_slopes,
            "That is right where the knots are one apart. A slope is a rise divided by the length of its stretch.",
        ),
    },
)
