"""Counting paths, and the path through a mean that is easily forgotten."""

import numpy as np

from chainrule.exercises.backpropagation.gradients import DY, A, there_and_back
from chainrule.exercises.exercise import Exercise

residual_paths = Exercise(
    ask="How many paths lead through ten residual blocks in a row, each y = x + f(x), with f counted as one arrow?",
    difficulty="easy",
    minutes=3,
    hints=(
        "Draw one block: how many ways lead from x to y? Draw a second block behind it, and list the ways through "
        "both.",
        "However a path came through the first block, it is free again at the next. Count for one, two and three "
        "blocks, and look for the rule.",
    ),
    answer=1024,
    right="At each block a path goes through f or around it: 2¹⁰. One of them passes no f at all, so blame reaches the "
    "first block whatever the ten f do with it.",
    mistakes={
        "one a block": (10, "A path must get through every block, and has a choice at each. Choices multiply."),
        "around or one": (
            11,
            "Your paths go through at most one f. A path may also go through three of them, or all ten.",
        ),
        "added": (20, "Two ways at each block; but a path picks one way at every block, so the numbers multiply."),
        "through all": (1, "That is the path through every f. The sum x + f(x) also lets x pass beside f."),
    },
)


def _mean(a):
    return a.mean(-1, keepdims=True)


centre = Exercise(
    ask="Write centre(x): y = x − mean of each row, with a back that returns dx.",
    difficulty="medium",
    minutes=10,
    hints=(
        "Take a row of three and write y₁ out in x₁, x₂ and x₃, without the word mean. What is its slope for each "
        "of the three?",
        "Now stand at x₁ and look up. It is in y₁, y₂ and y₃, with one slope for its own y and another for the "
        "rest. Add up slope times dy.",
        "Collect the terms: dy of its own column, less a sum over the row divided by n. You have met that "
        "operation before.",
    ),
    answer=lambda x: (x - _mean(x), lambda dy: dy - _mean(dy)),
    observe=there_and_back,
    cases=[(A, DY), (np.array([[1.0, 2.0, 6.0]]), np.array([[1.0, 0.0, 4.0]]))],
    right="Each x reaches its own y with slope 1 and, through the mean, every y of its row with −1/n. So dx is dy with "
    "the mean of its row taken off: the same function again.",
    mistakes={
        "mean held constant": (
            lambda x: (x - _mean(x), lambda dy: dy),
            "You treat the mean as a constant. It is computed from x: every entry of x has a path through it to every "
            "entry of y in its row.",
        ),
        "own path only": (
            lambda x: (x - _mean(x), lambda dy: dy * (1 - 1 / x.shape[-1])),
            "That is how x₁ moves y₁. Through the mean it also moves y₂, y₃ and all others in its row.",
        ),
        "sign": (
            lambda x: (x - _mean(x), lambda dy: dy + _mean(dy)),
            "The paths through the mean are right but for their sign: y falls when the mean rises.",
        ),
        "mean of x": (
            lambda x: (x - _mean(x), lambda dy: dy - _mean(x)),
            "What flows back is blame. The paths through the mean carry the mean of dy, not of x.",
        ),
    },
)
