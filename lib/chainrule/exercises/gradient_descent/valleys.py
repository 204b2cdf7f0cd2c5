"""Rates and curvatures of quadratic valleys."""

import numpy as np

from chainrule.exercises.exercise import Exercise

which_regime = Exercise(
    ask='Curvature 5, learning rate 0.3: does the path come in "from one side", "zigzagging", or "diverges"?',
    difficulty="easy",
    minutes=2,
    hints=(
        "One number decides: the factor by which a step multiplies the distance to the minimum. Compute it.",
        "Two questions about that factor: is it larger than one in size, and which sign does it have?",
    ),
    answer="zigzagging",
    right="The factor is 1 − 0.3 · 5 = −0.5: each step lands on the other side, half as far from the minimum.",
    mistakes={
        "sign overlooked": (
            "from one side",
            "It arrives. But what does the sign of 1 − ηλ say about the side on which a step lands?",
        ),
        "limit at one": (
            "diverges",
            "ηλ is 1.5, and you may have taken 1 for the limit. How large is the factor 1 − ηλ in size?",
        ),
    },
)

summed = Exercise(
    ask="The loss is the sum of the squared errors of 442 people instead of their mean, whose limit was 0.25. What is "
    "the limit now?",
    difficulty="easy",
    minutes=3,
    hints=(
        "How are the two losses related, as functions of θ? What does that make of every second derivative?",
        "The limit is two over the largest curvature. Follow what happens to that curvature.",
    ),
    answer=0.25 / 442,
    right="The sum is N times the mean, so every curvature is N times as large, and the limit N times smaller. A "
    "rate for a sum must be found anew whenever the data grow, which is why this book takes means.",
    mistakes={
        "unchanged": (
            0.25,
            "The minimum stays where it is, but does the slope? At the same point her gradient is longer than yours.",
        ),
        "the wrong way": (
            0.25 * 442,
            "Her slopes are steeper than yours. Steeper valleys take smaller steps.",
        ),
        "a root": (
            0.25 / 442**0.5,
            "A root belongs to standard deviations. Curvatures here are multiplied by N itself.",
        ),
        "squared": (
            0.25 / 442**2,
            "One factor of N, for the loss itself. Its second derivative takes that same factor and no other.",
        ),
    },
)


def _rounding(low, high, k):
    return (high - k * low) / (k - 1)


rounding = Exercise(
    ask="Write rounding(low, high, k): the α for which adding ½ α ‖θ‖² brings the condition number from high / low "
    "down to k.",
    difficulty="medium",
    minutes=15,
    hints=(
        "Differentiate ½ α ‖θ‖² twice. Which matrix is added to the Hessian, and what does that matrix do to the "
        "eigenvectors and the eigenvalues?",
        "Write the new condition number as a fraction with α above and below, set it equal to `k`, and multiply out.",
    ),
    answer=_rounding,
    right="The Hessian gains α I: its axes stay and every curvature grows by α. (high + α) / (low + α) = k is linear "
    "in α. The price: the minimum moves towards zero, which a later chapter turns into a virtue.",
    cases=((1.0, 100.0, 10.0), (0.02, 8.0, 50.0), (2.0, 6.0, 2.0)),
    mistakes={
        "added to the flat one only": (
            lambda low, high, k: high / k - low,
            "You raised the smallest curvature and left the largest alone. ½ α ‖θ‖² curves every direction.",
        ),
        "sign of alpha": (
            lambda low, high, k: (high - k * low) / (k + 1),
            "When α crosses the equals sign its sign changes: high + α = k low + k α.",
        ),
        "without the half": (
            lambda low, high, k: (high - k * low) / (k - 1) / 2,
            "That would be right for α ‖θ‖². With the ½ in front, the second derivative is α and not 2 α.",
        ),
    },
)


def _exact_rate(H, g):
    return float((g @ g) / (g @ H @ g))


exact_rate = Exercise(
    ask="Write exact_rate(H, g): the rate that makes a quadratic with Hessian H and present gradient g as small as "
    "possible after one step.",
    difficulty="hard",
    minutes=25,
    hints=(
        "The step goes along a line, so the loss after it is a function of η alone, and a parabola. Expand it: the "
        "change of a quadratic along a vector d is g · d + ½ dᵀ H d.",
        "Put −η g for d. You have one term with η and one with η²; set the derivative by η to zero.",
    ),
    answer=_exact_rate,
    right="Squared length over curvature along the gradient, one over the curvature that this very step will meet. "
    "The zigzag stays: where the loss along the line is least, the new gradient is perpendicular to the line.",
    cases=(
        (np.diag([1.0, 10.0]), np.array([-2.0, 10.0])),
        (np.array([[3.0, 1.0], [1.0, 2.0]]), np.array([0.5, -1.0])),
        (np.diag([2.0, 4.0, 8.0]), np.array([1.0, 0.0, 1.0])),
    ),
    mistakes={
        "half forgotten": (
            lambda H, g: float(2 * (g @ g) / (g @ H @ g)),
            "At that rate the loss is back where it was: you are as high on the other side. Did you keep the ½ of the "
            "quadratic term?",
        ),
        "one over the steepest": (
            lambda H, g: float(1 / np.linalg.eigvalsh(H)[-1]),
            "Safe, but the same for every gradient. Which curvature does a step along this g meet?",
        ),
        "best constant rate": (
            lambda H, g: float(2 / (np.linalg.eigvalsh(H)[0] + np.linalg.eigvalsh(H)[-1])),
            "That is the best rate to keep for ever. Here you may choose anew at each step, knowing g.",
        ),
        "upside down": (
            lambda H, g: float((g @ H @ g) / (g @ g)),
            "That is the curvature along g. A steeper valley takes a smaller step.",
        ),
        "length not squared": (
            lambda H, g: float(np.linalg.norm(g) / (g @ H @ g)),
            "Double g and your rate halves, though the valley is the same. Check the powers of g above and below.",
        ),
    },
)
