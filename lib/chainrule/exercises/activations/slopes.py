"""What slopes do: the reach of a sigmoid, tanh as one, dead units, and a curve with a parameter."""

import numpy as np

from chainrule.exercises.exercise import Exercise

thousandth = Exercise(
    ask="After how many sigmoid curves is a gradient surely at most a thousandth of itself, whatever the inputs are?",
    difficulty="easy",
    minutes=2,
    hints=(
        "By which factor does one sigmoid multiply a gradient at the very most?",
        "You want the smallest whole k for which k such factors, multiplied, are at most 1/1000.",
    ),
    answer=5,
    right="Each curve multiplies by ¼ at most, and 4⁵ = 1024. This is the best case: every unit at the steepest point "
    "of its curve. (Weights may multiply the gradient, too; the question is about the curves.)",
    mistakes={
        "four": (4, "4⁴ is 256. One more curve is needed."),
        "slope a half": (10, "You took ½ for the largest slope. σ′ = y (1 − y); where is that largest?"),
        "once": (250, "The factors multiply, they do not add up."),
        "the exact power": (np.log(1000) / np.log(4), "That is where 4 to the k is 1000. Curves are whole."),
    },
)

tanh_from_sigmoid = Exercise(
    ask="Three numbers (a, b, c) with a > 0 for which tanh x = a σ(b x) + c at every x.",
    difficulty="easy",
    minutes=3,
    hints=(
        "Far to the left σ is 0 and tanh is −1; far to the right σ is 1 and tanh is 1. That fixes two of the numbers.",
        "For the third compare slopes at zero: tanh has 1 there, σ has ¼.",
    ),
    answer=(2, 2, -1),
    right="tanh x = 2 σ(2x) − 1: the same curve, stretched. Its outputs are centred at zero, and its slope at zero is "
    "a · b · ¼ = 1, four times that of σ.",
    mistakes={
        "not steep enough": ((2, 1, -1), "The ends are right. At zero, this has slope 2 · ¼ = ½; tanh has 1."),
        "four times as steep": ((2, 4, -1), "The ends are right. At zero, this has slope 2 · 4 · ¼ = 2; tanh has 1."),
        "half as steep": ((2, 0.5, -1), "The ends are right. Does σ(x/2) climb faster than σ(x), or more slowly?"),
        "the shift": ((2, 2, 1), "At far left this is 1. It should be −1."),
        "not stretched": ((1, 2, -0.5), "This runs from −½ to ½; tanh runs from −1 to 1."),
        "the inverse": ((0.5, 0.5, 0.5), "Those numbers turn it round: σ(x) = ½ tanh(x/2) + ½."),
    },
)

revive = Exercise(
    ask="Of the dead units in the first layer, how many come back: 'all', 'some' or 'none'?",
    difficulty="easy",
    minutes=4,
    hints=(
        "Which parameters decide what a unit of the first layer says? Write down their gradient.",
        "Each term of that gradient has the unit's slope at one example as a factor. What are these slopes?",
    ),
    answer="none",
    right="Its weights and its bias have gradient zero, its inputs are the data, and those do not change. A smaller "
    "rate prevents such an accident and does not undo it. In a higher layer a dead unit may come back, because the "
    "layers below it still move.",
    mistakes={
        "all": (
            "all",
            "A smaller rate makes small steps along the gradient. How long is the gradient of a dead unit's weights?",
        ),
        "some": (
            "some",
            "That is the answer for the second layer, whose inputs still change. What would move a unit whose inputs "
            "are the data?",
        ),
    },
)


def _sigma(v):
    return 0.5 * (1 + np.tanh(0.5 * v))


def _swish(x, beta):
    s = _sigma(beta * x)
    return s + beta * x * s * (1 - s), x * x * s * (1 - s)


def _inner_forgotten(x, beta):
    s = _sigma(beta * x)
    return s + x * s * (1 - s), x * x * s * (1 - s)


def _product_rule_forgotten(x, beta):
    s = _sigma(beta * x)
    return beta * x * s * (1 - s), x * x * s * (1 - s)


def _one_x(x, beta):
    s = _sigma(beta * x)
    return s + beta * x * s * (1 - s), x * s * (1 - s)


def _swapped(x, beta):
    return _swish(x, beta)[::-1]


swish = Exercise(
    ask="Write swish_slopes(x, beta): the derivatives of y = x σ(βx) with respect to x and with respect to β.",
    difficulty="medium",
    minutes=12,
    hints=(
        "x stands in two places: in front, and inside σ. The product rule gives a term for each.",
        "What comes out of σ′(βx) when you differentiate by x, and what when you differentiate by β?",
    ),
    answer=_swish,
    cases=((np.array([-2.0, 0.0, 0.5, 3.0]), 1.0), (np.array([-1.0, 0.3, 2.0]), 2.5)),
    right="∂y/∂x = σ + βxσ(1 − σ) and ∂y/∂β = x²σ(1 − σ). β = 1 is SiLU; large β approaches ReLU, β = 0 is x/2. Since "
    "∂y/∂β exists, a network may learn how sharply its own curve bends.",
    mistakes={
        "inner derivative": (_inner_forgotten, "For β = 1 that is right. What does βx contribute when β is not 1?"),
        "product rule": (
            _product_rule_forgotten,
            "y has x in two places. You have the term of the inner one; what of the outer?",
        ),
        "one x": (_one_x, "∂y/∂β: one factor x stands in front of σ. Which one does the inside contribute?"),
        "swapped": (_swapped, "Those are the two derivatives in the other order: first by x, then by β."),
    },
)
