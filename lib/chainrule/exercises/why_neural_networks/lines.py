"""What a line can do on two circles, what it takes to go round one, and the features that examples make."""

import math

import numpy as np

from chainrule.exercises.exercise import Exercise

enclose = Exercise(
    ask="What is the smallest number of hidden units with which a network separates the two circles?",
    difficulty="easy",
    minutes=4,
    hints=(
        "Each hidden unit begins with a line. Draw lines around a disc until it cannot get out.",
        "Two lines leave a strip or a wedge, and both are open at an end.",
    ),
    answer=3,
    right="Three lines close a triangle around the inner circle; one and two leave a way out. The solution "
    "trains one to four.",
    mistakes={
        "one": (1, "One unit's answer changes across one straight line only: it cuts the plane once."),
        "two": (2, "Two lines make a strip or a wedge. The outer circle gets in where it is open."),
        "four": (4, "Four do it, as a square around the inner circle. Can you do with fewer sides?"),
    },
)


def _bumps(x, centres, gamma):
    return np.exp(-gamma * ((x[:, None] - centres[None]) ** 2).sum(-1))


def _not_squared(x, centres, gamma):
    return np.exp(-gamma * np.sqrt(((x[:, None] - centres[None]) ** 2).sum(-1)))


def _growing(x, centres, gamma):
    return np.exp(gamma * ((x[:, None] - centres[None]) ** 2).sum(-1))


def _transposed(x, centres, gamma):
    return _bumps(x, centres, gamma).T


def _by_coordinate(x, centres, gamma):
    return np.exp(-gamma * (x[:, None] - centres[None]) ** 2)


bumps = Exercise(
    ask="Write bumps(x, centres, gamma): exp(−γ · squared distance) of every row of x (N, n) to every centre (M, "
    "n), as an array (N, M).",
    difficulty="medium",
    minutes=8,
    hints=(
        "`x[:, None] - centres[None]` has shape (N, M, n): every row less every centre. What is left to do with "
        "the last axis?",
        "Square, sum over the last axis, multiply by −γ, and take `np.exp`.",
    ),
    answer=_bumps,
    right="One feature for each centre. With a kernel method the centres are the training examples, so the array "
    "has as many columns as there are examples.",
    cases=(
        (np.array([[0.0, 0.0], [1.0, 2.0], [0.5, 0.5]]), np.array([[0.0, 1.0], [1.0, 1.0]]), 0.5),
        (np.array([[1.0], [3.0]]), np.array([[0.0], [1.0], [2.0]]), 2.0),
    ),
    mistakes={
        "distance not squared": (_not_squared, "You took the distance. The bump has its square in the exponent."),
        "sign": (_growing, "Your features grow with the distance. A bump is 1 at its centre and fades away from it."),
        "transposed": (_transposed, "Right numbers, other way round: examples are rows, centres are columns."),
        "no sum": (_by_coordinate, "One axis too many: sum the squares over the coordinates before the exponential."),
    },
)


def _best_line(radius):
    return 0.5 + math.acos(radius) / (2 * math.pi)


best_line = Exercise(
    ask="Write best_line(radius): the largest share of two noiseless circles, of radius 1 and `radius` < 1, half "
    "of the points "
    "on each, that any straight line gets right.",
    difficulty="hard",
    minutes=20,
    hints=(
        "Let the line lie at a distance c from the centre and answer 'outer' beyond it. Which share of the outer "
        "circle is beyond it? (Half the angle of that arc has cosine c.)",
        "As long as the line crosses the inner circle, moving it outwards wins more than it loses; beyond the "
        "inner circle it only loses. So which c is best?",
        "At that c all of the inner circle is right, and the outer circle's arc beyond the line. Each circle "
        "counts for half of the points.",
    ),
    answer=_best_line,
    right="The best line touches the inner circle: all of it is right, and the arc of the outer circle beyond, "
    "which is arccos(radius)/π of it. At radius ½ that makes two thirds.",
    cases=((0.5,), (0.1,), (0.9,)),
    mistakes={
        "arc alone": (
            lambda radius: math.acos(radius) / math.pi,
            "That is the share of the outer circle beyond the line. And the inner circle, which is half of the points?",
        ),
        "half the arc": (
            lambda radius: 0.5 + math.acos(radius) / (4 * math.pi),
            "The arc beyond the line reaches arccos(radius) to *both* sides of its middle.",
        ),
        "through the centre": (
            lambda radius: 0.5,
            "That is a line through the centre. Move it outwards: what does it win on one circle, what does it "
            "lose on the other?",
        ),
        "sine": (
            lambda radius: 0.5 + math.asin(radius) / (2 * math.pi),
            "Try radius → 0: the line may pass through the centre, and the outer circle is half right. Yours says "
            "otherwise.",
        ),
        "degrees": (
            lambda radius: 0.5 + math.degrees(math.acos(radius)) / (2 * math.pi),
            "A share cannot exceed 1: the angle is in degrees and the circle in radians.",
        ),
    },
)
