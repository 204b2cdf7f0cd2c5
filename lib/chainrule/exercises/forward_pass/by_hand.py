"""One pass by hand, what a pass costs, and a pass in five lines."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from chainrule.exercises.exercise import Exercise

by_hand = Exercise(
    ask="What do the three hidden units and the output say to x = (−1, 3)? Give (h1, h2, h3, z).",
    difficulty="easy",
    minutes=3,
    hints=(
        "First write down the three sums that go into the hidden units: x₁ − x₂, x₂ − 1 and 1 − x₂.",
        "ReLU turns each negative sum into zero. The output adds the first two, takes away the third, and adds its "
        "own bias.",
    ),
    answer=(0, 2, 0, 3),
    right="The sums are −4, 2 and −2, so one unit speaks. The output's bias turns its 2 into 3, the larger input.",
    mistakes={
        "without ReLU": (
            (-4, 2, -2, 1),
            "Those are the sums, before ReLU. Which of them does ReLU let through?",
        ),
        "bias of the output forgotten": (
            (0, 2, 0, 2),
            "The hidden units are right. What does the output add at its end?",
        ),
        "biases of the hidden units forgotten": (
            (0, 3, 0, 4),
            "Units 2 and 3 have biases, −1 and 1. Add them before ReLU.",
        ),
        "inputs exchanged": ((4, 0, 2, 3), "You sent in (3, −1). The first input is −1."),
    },
)


def _bill(sizes, N):
    weights = sum(n * m for n, m in pairwise(sizes))
    return weights + sum(sizes[1:]), N * weights


def _bill_without_biases(sizes, N):
    weights = sum(n * m for n, m in pairwise(sizes))
    return weights, N * weights


def _bill_with_input_biases(sizes, N):
    weights = sum(n * m for n, m in pairwise(sizes))
    return weights + sum(sizes), N * weights


def _bill_times_batch(sizes, N):
    weights = sum(n * m for n, m in pairwise(sizes))
    return N * (weights + sum(sizes[1:])), N * weights


def _bill_one_row(sizes, N):
    return _bill(sizes, 1)


bill = Exercise(
    ask="Write bill(sizes, N): the parameters of a network, and the multiplications of a forward pass of N rows.",
    difficulty="easy",
    minutes=5,
    hints=(
        "Take one layer from n to m units. How many weights does it hold, and how many biases?",
        "Each row of the batch meets each weight once, in one multiplication. A bias is added, not multiplied. "
        "`pairwise(sizes)` gives the layers.",
    ),
    answer=_bill,
    cases=[([2, 3, 1], 1), ([4, 8, 3], 114), ([64, 256, 256, 10], 32)],
    right="Parameters do not depend on the batch; multiplications are N times the number of weights.",
    mistakes={
        "biases forgotten": (_bill_without_biases, "Those are the weights. Each unit that is no input has a bias too."),
        "biases of the inputs": (
            _bill_with_input_biases,
            "You gave the inputs biases. An input is a number that arrives; it has no unit.",
        ),
        "parameters times the batch": (
            _bill_times_batch,
            "All rows use the same parameters: their number does not depend on N.",
        ),
        "one row": (_bill_one_row, "Those are the multiplications for one row. Every row costs as much."),
    },
)


def _layers(sizes: list[int]) -> list[tuple]:
    rng = np.random.default_rng(0)
    return [
        (rng.integers(-2, 3, (n, m)).astype(float), rng.integers(-2, 3, m).astype(float)) for n, m in pairwise(sizes)
    ]


def _pass(hidden: Callable, last: Callable) -> Callable:
    def forward(x, layers):
        for W, b in layers[:-1]:
            x = hidden(x @ W + b)
        W, b = layers[-1]
        return last(x @ W + b)

    return forward


def _relu(a):
    return np.maximum(a, 0)


def _same(a):
    return a


def _without_biases(x, layers):
    return _pass(_relu, _same)(x, [(W, 0 * b) for W, b in layers])


def _relu_before_bias(x, layers):
    for W, b in layers[:-1]:
        x = _relu(x @ W) + b
    W, b = layers[-1]
    return x @ W + b


X = np.array([[2.0, -1.0], [-1.0, 3.0], [0.5, 0.5]])
forward = Exercise(
    ask="Write forward(x, layers): the outputs of a network with ReLU between its layers (W, b), without the library.",
    difficulty="medium",
    minutes=10,
    hints=(
        "One layer is `x @ W + b`. Let the result take the place of `x`, and go on with the next pair.",
        "Between two layers stands a ReLU, `np.maximum(..., 0)`. After how many of the layers is that?",
    ),
    answer=_pass(_relu, _same),
    cases=[(X, _layers([2, 3, 1])), (X, _layers([2, 4, 4, 2])), (X, _layers([2, 2]))],
    right="That is all a forward pass is. The library adds the way back and clear errors.",
    mistakes={
        "ReLU after the last layer": (
            _pass(_relu, _relu),
            "Your outputs are never negative: there is a ReLU after the last layer too. Logits need both signs.",
        ),
        "no ReLU": (_pass(_same, _same), "Without a curve between the layers the whole stack is one linear layer."),
        "biases forgotten": (_without_biases, "The products are right; each layer also adds its `b` to every row."),
        "ReLU before the bias": (
            _relu_before_bias,
            "The bias belongs inside: a unit compares its sum *with* its bias.",
        ),
    },
)
