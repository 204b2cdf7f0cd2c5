"""Rosenblatt's rule and Novikoff's bound."""

import numpy as np

from chainrule.exercises.exercise import Exercise

twice = Exercise(
    ask='Every example is listed twice. Does the bound on the number of mistakes become "larger", "smaller" or stay '
    'the "same"?',
    difficulty="easy",
    minutes=2,
    hints=(
        "Two numbers go into the bound. Find the place where the page defines them: over what is each of them taken?",
        "One is the largest of a list of lengths, the other the smallest of a list of margins. What does writing "
        "an entry twice do to the largest of a list?",
    ),
    answer="same",
    right="R is a largest length and γ a smallest margin: repeating examples changes neither. The proof counts "
    "mistakes, "
    "not examples seen.",
    mistakes={
        "more data, more mistakes": ("larger", "Write down R and γ for the doubled list. Which of them has changed?"),
        "more practice": (
            "smaller",
            "More visits may end training in fewer epochs, but does (R/γ)² know how often an example occurs?",
        ),
    },
)


def _update(w, b, x, t):
    s = 2 * t - 1
    return (w + s * x, b + s) if s * (w @ x + b) <= 0 else (w, b)


def _without_sign(w, b, x, t):
    return (w + t * x, b + t) if (2 * t - 1) * (w @ x + b) <= 0 else (w, b)


def _without_bias(w, b, x, t):
    return (w + (2 * t - 1) * x, b) if (2 * t - 1) * (w @ x + b) <= 0 else (w, b)


def _always(w, b, x, t):
    return w + (2 * t - 1) * x, b + 2 * t - 1


def _strict(w, b, x, t):
    return (w + (2 * t - 1) * x, b + 2 * t - 1) if (2 * t - 1) * (w @ x + b) < 0 else (w, b)


def _backwards(w, b, x, t):
    return (w - (2 * t - 1) * x, b - (2 * t - 1)) if (2 * t - 1) * (w @ x + b) <= 0 else (w, b)


update = Exercise(
    ask="Write update(w, b, x, t): Rosenblatt's rule with learning rate 1 for one example and its target t, 0 or 1; "
    "return the new (w, b).",
    difficulty="medium",
    minutes=8,
    hints=(
        "There are two questions, one after the other: is this example a mistake, and if so, what is added? The "
        "first is a comparison of one number with zero.",
        "Write x̃ = (x, 1) and w̃ = (w, b) as the page does, take its step for w̃, and then read off what happens "
        "to each of the two parts.",
    ),
    answer=_update,
    right="One comparison decides whether anything happens, and the sign s = 2t − 1 which way. On the line counts as a "
    "mistake, so that zero weights can learn at all.",
    cases=(
        (np.array([1.0, -1.0]), 0.5, np.array([2.0, 1.0]), 0),
        (np.array([1.0, -1.0]), 0.5, np.array([0.0, 3.0]), 1),
        (np.array([1.0, -1.0]), 0.5, np.array([2.0, 1.0]), 1),
        (np.array([0.0, 0.0]), 0.0, np.array([1.0, 2.0]), 1),
    ),
    mistakes={
        "target for sign": (
            _without_sign,
            "With t = 0 nothing moves, although the answer was wrong. Turn the target into a sign, −1 or 1, first.",
        ),
        "bias forgotten": (
            _without_bias,
            "The weights are right, and the bias has not moved. It is the weight of an input that is always one.",
        ),
        "always": (_always, "You move on every example. Look at the third case: its answer was right already."),
        "strict": (
            _strict,
            "From w = 0 and b = 0 nothing ever moves: every point lies on the line. Is that a right answer?",
        ),
        "backwards": (
            _backwards,
            "After your step the score on this example is further on the wrong side. Which sign should s x have?",
        ),
    },
)


def _bound(x, t, w, b):
    xt, wt = np.c_[x, np.ones(len(x))], np.append(w, b)
    gamma = ((2 * t - 1) * (xt @ wt)).min() / np.linalg.norm(wt)
    return float((np.linalg.norm(xt, axis=1).max() / gamma) ** 2)


def _radius_without_bias(x, t, w, b):
    return _bound(x, t, w, b) * float((x**2).sum(1).max() / ((x**2).sum(1).max() + 1))


def _not_normalised(x, t, w, b):
    return _bound(x, t, w, b) / float(w @ w + b * b)


def _not_squared(x, t, w, b):
    return _bound(x, t, w, b) ** 0.5


def _distance(x, t, w, b):
    gamma = ((2 * t - 1) * (x @ w + b)).min() / np.linalg.norm(w)
    return float((x**2).sum(1).max() / gamma**2)


bound = Exercise(
    ask="Write bound(x, t, w, b): Novikoff's bound for examples x (N, 2), targets t of 0 and 1, and a line (w, b) "
    "that separates them, of any length.",
    difficulty="medium",
    minutes=10,
    hints=(
        "Keep to the order of the proof: first set the ones beside the points and `b` behind `w`, and only then "
        "ask for R and γ. `np.c_` and `np.append` do the setting.",
        "R is the largest length of a row. γ is the smallest s w̃* · x̃, and the proof scales w̃* before it "
        "measures: by what do you have to divide the scores?",
    ),
    answer=_bound,
    right="The bias column is in the radius and in the margin, and the margin belongs to a direction of length one.",
    cases=(
        (np.array([[1.0, 2.0], [-1.0, 0.0], [3.0, 1.0]]), np.array([1, 0, 1]), np.array([1.0, 1.0]), -0.5),
        (np.array([[0.0, 0.0], [0.0, 2.0]]), np.array([0, 1]), np.array([0.0, 3.0]), -3.0),
    ),
    mistakes={
        "radius without the one": (
            _radius_without_bias,
            "The margin is right. R is the largest length of (x, 1), with its one.",
        ),
        "direction of any length": (
            _not_normalised,
            "Double w and b and your bound shrinks to a quarter, though the line is the same. What length has w̃* in "
            "the proof?",
        ),
        "not squared": (_not_squared, "That is R/γ. The curves kγ and √k R cross at its square."),
        "distance in the plane": (
            _distance,
            "You measured lengths and distances in the plane, without the bias column. The chapter shows a case where "
            "that bound is false.",
        ),
    },
)
