"""Numbers that carry derivatives: what they say, and how they are divided and multiplied."""

import math
from collections.abc import Sequence

import numpy as np

from chainrule.exercises.exercise import Exercise

Pair = tuple[float, float]


def _quotient(a: Pair, b: Pair) -> Pair:
    return a[0] / b[0], (a[1] * b[0] - a[0] * b[1]) / b[0] ** 2


quotient = Exercise(
    ask="Write quotient(a, b) for dual numbers given as pairs (value, rate).",
    difficulty="easy",
    minutes=6,
    hints=(
        "Call the result c + dc ε. Multiplied by b + db ε it must give a + da ε. Multiply out and drop ε².",
        "Compare what has no ε with what has one: two equations for c and dc.",
    ),
    answer=_quotient,
    right="From c b = a and dc b + c db = da comes dc = (da − c db) / b: the quotient rule, by comparing coefficients.",
    mistakes={
        "rate by rate": (
            lambda a, b: (a[0] / b[0], a[1] / b[1]),
            "Values and rates mix, as in a product. Multiply your result by b + db ε: do you get a + da ε back?",
        ),
        "denominator constant": (
            lambda a, b: (a[0] / b[0], a[1] / b[0]),
            "That is right as long as b does not change. What does db do to the result?",
        ),
        "sign": (
            lambda a, b: (a[0] / b[0], (a[1] * b[0] + a[0] * b[1]) / b[0] ** 2),
            "When the divisor grows, does the quotient grow?",
        ),
        "not squared": (
            lambda a, b: (a[0] / b[0], (a[1] * b[0] - a[0] * b[1]) / b[0]),
            "Nearly: with db = 0 it should be da / b. Yours is da.",
        ),
    },
    cases=(((3.0, 1.0), (2.0, 5.0)), ((1.0, 0.0), (4.0, 1.0)), ((-2.0, 0.5), (0.5, -3.0))),
)

passes = Exercise(
    ask="A program with 6 inputs and 400 outputs: how few passes along its tape give all partial derivatives?",
    difficulty="easy",
    minutes=2,
    hints=(
        "How many rows does the Jacobian have, and how many columns?",
        "A pass gives one column or one row, according to its direction. You may choose the direction.",
    ),
    answer=6,
    right="Forwards, a pass for each parameter: each brings the slopes of all 400 points.",
    mistakes={
        "backwards": (400, "That is the way back, a row in each pass. The other direction gives columns."),
        "one": (1, "One pass gives one row or one column. Is either of them the whole Jacobian?"),
        "entry by entry": (2400, "A pass gives a whole row or column at once, not one entry."),
        "both ways": (406, "One direction is enough. Which is cheaper here?"),
        "central differences": (12, "That is what nudging each input up and down would take. A rate needs one run."),
    },
)

special_case = Exercise(
    ask="The square with a special case at x = 1, once as x + 0 x and once as 1 + 0 x: which slopes does a dual number "
    "find there?",
    difficulty="easy",
    minutes=3,
    hints=(
        "Which branch does the program take at x = 1? A dual number sees no other.",
        "Read the branch as a program of its own, and take the slope of that.",
    ),
    answer=(1, 0),
    right="The slope of x and the slope of a constant. The value is right at every point, and the slope is that of "
    "the branch that ran, at one point in all the world.",
    mistakes={
        "of the function": (
            (2, 2),
            "2 is the slope of the square. Which of the program's two expressions was computed at x = 1?",
        ),
        "values": ((1, 1), "Those are the values. How fast does the second change with x?"),
        "second half": ((2, 0), "The second is right. Does the first branch compute a square at x = 1?"),
        "both constant": ((0, 0), "The second is right. The first special case returns x itself."),
    },
)


def _by_derivatives(a: Sequence[float], b: Sequence[float]) -> np.ndarray:
    return np.array([sum(math.comb(k, i) * a[i] * b[k - i] for i in range(k + 1)) for k in range(len(a))])


series_product = Exercise(
    ask="Write series_product(a, b): the coefficients of the product of two series of K terms, with ε to the K zero.",
    difficulty="hard",
    minutes=40,
    hints=(
        "Multiply two series of three terms by hand, and collect what stands before 1, ε and ε².",
        "Before εᵏ stand all products a_i b_j with i + j = k. Which of them are zero because of their power?",
    ),
    answer=lambda a, b: np.convolve(a, b)[: len(a)],
    right="With K = 2 it is the product of dual numbers. The k-th derivative is the k-th coefficient times k!.",
    mistakes={
        "entry by entry": (
            lambda a, b: np.multiply(a, b),
            "You multiplied each coefficient with its own kind. Where does a₀ b₁ ε go?",
        ),
        "not cut off": (
            lambda a, b: np.convolve(a, b),
            "The product of two polynomials has more terms. Which of them are zero here?",
        ),
        "derivatives": (
            _by_derivatives,
            "That is Leibniz's rule, for arrays that hold derivatives. These hold coefficients, without the k!.",
        ),
        "wrong end": (
            lambda a, b: np.convolve(a, b)[-len(a) :],
            "You kept the terms with the highest powers: those are the ones that vanish.",
        ),
    },
    cases=(
        (np.array([2.0, 1.0]), np.array([3.0, 5.0])),
        (np.array([1.0, 2.0, 4.0, -1.0]), np.array([3.0, -1.0, 0.5, 2.0])),
    ),
)
