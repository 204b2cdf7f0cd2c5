"""Rules for the size of the first weights, derived and written."""

import math
from collections.abc import Callable

import numpy as np

from chainrule.exercises.exercise import Exercise

leaky_gain = Exercise(
    ask="Which gain keeps the mean square of a signal that passes through a leaky ReLU of slope alpha?",
    difficulty="medium",
    minutes=8,
    hints=(
        "Take a symmetric signal, so that a and −a are equally likely. What do the two give together, squared?",
        "On one side the curve keeps a², on the other it keeps alpha² a². What share of E[a²] is left?",
    ),
    answer=lambda alpha: math.sqrt(2 / (1 + alpha**2)),
    right="Half of the signals keep a², half keep alpha² a²: (1 + alpha²)/2 is left, and gain² makes up for it. At "
    "alpha = 0 that is He's rule, at alpha = 1 the curve is a line and needs no gain.",
    mistakes={
        "plain ReLU": (lambda alpha: math.sqrt(2), "That is right for alpha = 0. What passes on the negative side?"),
        "slope not squared": (
            lambda alpha: math.sqrt(2 / (1 + alpha)),
            "A slope of alpha multiplies a negative signal by alpha. What does it do to its square?",
        ),
        "gain squared": (
            lambda alpha: 2 / (1 + alpha**2),
            "That is gain². The weights themselves are multiplied by its root.",
        ),
        "upside down": (
            lambda alpha: math.sqrt((1 + alpha**2) / 2),
            "That is what the curve leaves of the root mean square. The gain has to make up for it.",
        ),
    },
    cases=((0.0,), (0.1,), (0.5,), (1.0,)),
)


def _drawn(variance: Callable[[int, int], float]) -> Callable:
    def init(n_in: int, n_out: int, rng: np.random.Generator) -> np.ndarray:
        return math.sqrt(variance(n_in, n_out)) * rng.standard_normal((n_in, n_out))

    return init


def _shape_and_spread(init: Callable, n_in: int, n_out: int) -> tuple:
    w = init(n_in, n_out, np.random.default_rng(0))
    return w.shape, round(float(n_in * np.var(w)), 1)


my_he = Exercise(
    ask="Write he(n_in, n_out, rng): first weights (n_in, n_out) for a layer in front of a ReLU.",
    difficulty="medium",
    minutes=6,
    hints=(
        "rng.standard_normal((n_in, n_out)) has variance 1. By what do you multiply it to get the variance you want?",
        "A sum of n_in terms must come out with twice the mean square of its inputs, because ReLU takes half away.",
    ),
    answer=_drawn(lambda n_in, n_out: 2 / n_in),
    right="Variance 2 / n_in: as many terms as there are inputs, and twice for the half that ReLU takes.",
    mistakes={
        "no gain": (
            _drawn(lambda n_in, n_out: 1 / n_in),
            "That is LeCun's rule: right without a curve. What does ReLU leave of the mean square?",
        ),
        "fan-out": (
            _drawn(lambda n_in, n_out: 2 / n_out),
            "How many terms does one unit's sum have: as many as inputs, or as many as units beside it?",
        ),
        "variance for standard deviation": (
            _drawn(lambda n_in, n_out: (2 / n_in) ** 2),
            "You multiplied by the variance. Numbers with variance 1 have to be multiplied by its root.",
        ),
        "both fans": (
            _drawn(lambda n_in, n_out: 2 / (n_in + n_out)),
            "That is Glorot's compromise, made for curves that keep the signal. ReLU halves it.",
        ),
    },
    cases=((300, 200), (150, 500)),
    observe=_shape_and_spread,
)


def _rescaled(weights: list, x: np.ndarray, hand_on: Callable[[np.ndarray], np.ndarray]) -> list:
    scaled = []
    for w in weights:
        a = x @ w
        factor = 1 / np.sqrt((a**2).mean())
        scaled.append(w * factor)
        x = hand_on(a * factor)
    return scaled


def _without_passing_on(weights: list, x: np.ndarray) -> list:
    scaled, h = [], x
    for w in weights:
        a = h @ w
        scaled.append(w / np.sqrt((a**2).mean()))
        h = np.maximum(a, 0)
    return scaled


def _by_deviation(weights: list, x: np.ndarray) -> list:
    scaled = []
    for w in weights:
        a = x @ w
        scaled.append(w / a.std())
        x = np.maximum(a / a.std(), 0)
    return scaled


def _case(*sizes: int) -> tuple:
    rng = np.random.default_rng(sum(sizes))
    weights = [0.1 * k * rng.standard_normal(shape) for k, shape in enumerate(zip(sizes, sizes[1:], strict=False), 2)]
    return weights, rng.standard_normal((20, sizes[0]))


rescale = Exercise(
    ask="Write rescale(weights, x): each matrix times the factor that makes its x W, on these examples, have mean "
    "square 1, with ReLU between the layers.",
    difficulty="hard",
    minutes=40,
    hints=(
        "Go through the layers in order: what a layer is given depends on the factors of those before it.",
        "Measure the mean square of h W over all its entries. Which factor on W makes it 1?",
        "Hand on ReLU of the scaled h W, then take the next matrix.",
    ),
    answer=lambda weights, x: _rescaled(weights, x, lambda a: np.maximum(a, 0)),
    right="No formula for the gain was needed, and none for the fan: the data set the scale. The idea is Mishkin and "
    "Matas's (2016); batch normalization goes on doing it throughout training.",
    mistakes={
        "factor not handed on": (
            _without_passing_on,
            "The first matrix is right. Was the second measured on what the scaled first will give it?",
        ),
        "no ReLU": (
            lambda weights, x: _rescaled(weights, x, lambda a: a),
            "The layers are joined without their curve. What does the second layer see in the real network?",
        ),
        "standard deviation": (
            _by_deviation,
            "You divided by the standard deviation, which takes the mean away first. After a ReLU means are not zero.",
        ),
    },
    cases=(_case(4, 6, 5), _case(3, 8, 7, 2)),
)
