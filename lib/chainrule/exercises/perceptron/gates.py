"""What a single unit can compute: NAND by hand, and XOR with a third input."""

from collections.abc import Callable

import numpy as np

from chainrule.data import gate
from chainrule.exercises.exercise import Exercise
from chainrule.models.perceptron import Perceptron

CORNERS, XOR = gate("xor")


def _answers(weights: tuple) -> np.ndarray:
    w1, w2, b = (float(v) for v in weights)
    return (CORNERS @ [w1, w2] + b > 0).astype(int)


nand = Exercise(
    ask="Choose (w1, w2, b) so that the unit computes NAND: 1, 1, 1, 0 at the corners 00, 01, 10, 11.",
    difficulty="easy",
    minutes=3,
    hints=(
        "Draw the four corners of the square and mark the one whose answer differs from the others. Your line has "
        "to cut it off.",
        "`w` points to the side that is answered with 1: away from that corner, then. Choose such a `w`, and "
        "write the score at each corner; that leaves four inequalities for `b`.",
    ),
    answer=(-1, -1, 1.5),
    observe=_answers,
    right="Your line has 11 alone on its negative side. Any two negative weights do, with a bias above the size of "
    "each "
    "and at most the sum of both sizes.",
    mistakes={
        "AND": ((1, 1, -1.5), "Those weights compute AND. NAND answers the opposite at every corner."),
        "bias not flipped": (
            (-1, -1, -1.5),
            "All four answers are 0: at 00 the score is b alone. Which sign must it have?",
        ),
        "NOR": (
            (-1, -1, 0.5),
            "That is NOR: 01 and 10 came out as 0. One input that is 1 must not be enough to cross the line.",
        ),
        "OR": ((1, 1, -0.5), "That is OR. NAND answers 1 at 00, where only the bias speaks."),
    },
)


def _with_feature(feature: Callable[[float, float], float]) -> str | list[float]:
    values = np.array([float(feature(float(x1), float(x2))) for x1, x2 in CORNERS])
    p = Perceptron(3)
    x = np.c_[CORNERS, values]
    list(p.learn(x, XOR, epochs=1000))
    return "separable" if (p(x)[0] == XOR).all() else values.tolist()


xor_feature = Exercise(
    ask="Write feature(x1, x2), a third input computed from the two, with which a perceptron learns XOR.",
    difficulty="hard",
    minutes=10,
    hints=(
        "The page shows why XOR fails: f(00) + f(11) = f(01) + f(10), whatever the weights. What does a third "
        "input, with a weight of its own, add to each side?",
        "Call its values g(00), g(01), g(10), g(11). It helps as soon as the two sums of g differ. No g that adds "
        "something made of `x1` to something made of `x2` manages that.",
        "Look for a g that singles out one corner: zero at three of them and not at the fourth.",
    ),
    answer=lambda x1, x2: x1 * x2,
    observe=_with_feature,
    right="The feature breaks the equation f(00) + f(11) = f(01) + f(10), and that is all it takes. In a later "
    "chapter a "
    "network finds such features by itself.",
    mistakes={
        "sum": (
            lambda x1, x2: x1 + x2,
            "A sum of the inputs is something the two weights can make already: the identity of the four scores still "
            "holds.",
        ),
        "difference": (
            lambda x1, x2: x1 - x2,
            "A difference is still linear: at 00 and 11 it adds up to what it adds up to at 01 and 10. Try something "
            "that bends.",
        ),
        "constant": (lambda x1, x2: 1.0, "A feature that is the same at every corner is a second bias."),
        "one input": (
            lambda x1, x2: x1**2,
            "On zeros and ones x² is x. The feature has to look at both inputs at once.",
        ),
    },
)
