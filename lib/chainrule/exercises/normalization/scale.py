"""What a layer that forgets scale does to steps and gradients."""

import numpy as np

from chainrule.exercises.exercise import Exercise

turn = Exercise(
    ask="The weights before a batch norm are multiplied by 10, the rate is not. By which factor does the turn change?",
    difficulty="easy",
    minutes=3,
    hints=(
        "The angle of a small step is its length divided by the length of the weights. Which of the two change?",
        "The gradient's length changes as well: look at the box on long weights.",
    ),
    answer=0.01,
    right="The gradient is a tenth as long and the weights are ten times as long: the effective rate is η over the "
    "square of the length.",
    mistakes={
        "the gradient alone": (
            0.1,
            "That is what happens to the gradient, or to the angle by the weights' length. Both happen.",
        ),
        "nothing": (1, "The loss is the same. Is the step, and is what it is compared with?"),
        "longer steps": (10, "Longer weights get shorter gradients, not longer ones."),
        "the other way": (100, "That is by how much you would have to raise the rate to undo it."),
    },
)


def _rms_back(dy, x):
    r = np.sqrt((x**2).mean())
    hat = x / r
    return (dy - hat * (dy * hat).mean()) / r


def _row(seed, n):
    rng = np.random.default_rng(seed)
    return rng.standard_normal(n), 1 + 2 * rng.standard_normal(n)


rms_back = Exercise(
    ask="Write rms_back(dy, x): the gradient of one row through y = x / r, with r the root mean square of x.",
    difficulty="medium",
    minutes=15,
    hints=(
        "Two kinds of paths: direct, and through r, which every entry of y contains.",
        "Find the slope of r with respect to one entry of x by differentiating r² = Σ x² / n on both sides.",
        "Collect 1 / r in front. What is left is dy less something along x / r; your result must be perpendicular to "
        "x.",
    ),
    answer=_rms_back,
    right="One direction is cut out: that of x itself. Stretching the row changes nothing.",
    cases=(_row(0, 3), _row(1, 8), _row(2, 2)),
    mistakes={
        "r held constant": (
            lambda dy, x: dy / np.sqrt((x**2).mean()),
            "That is the direct path. Every entry of x also moves r, and r moves every output.",
        ),
        "layer norm's": (
            lambda dy, x: (dy - dy.mean() - x * (dy * x).mean() / (x**2).mean()) / np.sqrt((x**2).mean()),
            "You have subtracted the mean of dy. On the way forward no mean was subtracted.",
        ),
        "a sum for a mean": (
            lambda dy, x: (dy - x * (dy * x).sum() / (x**2).mean()) / np.sqrt((x**2).mean()),
            "Check that your result is perpendicular to x. It holds a factor n too much somewhere.",
        ),
        "x for its standardised form": (
            lambda dy, x: (dy - x * (dy * x).mean()) / np.sqrt((x**2).mean()),
            "Try x and 2 x: the second gradient should be half of the first. What has to be divided by r?",
        ),
        "a wrong sign": (
            lambda dy, x: (dy + x * (dy * x).mean() / (x**2).mean()) / np.sqrt((x**2).mean()),
            "A larger r makes the outputs smaller. Which sign has the path through r?",
        ),
    },
)
