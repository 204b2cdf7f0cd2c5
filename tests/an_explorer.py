"""A small explorer that the tests of `chainrule.explore` change one part of."""

import numpy as np

from chainrule.explore import explore

PARTS = {
    "compute": lambda rate, depth: np.full(3, rate * depth),
    "draw": lambda fig, result, rate, depth: fig.subplots().plot(result),
    "describe": lambda result, rate, depth: f"The loss is {result[0]:.2g}.",
    "name": "decay",
    "caption": "The rate sets the slope.",
    "rate": [0.1, 0.2, 0.3],
    "depth": [1, 2],
}


def made(**changes):
    parts = {k: v for k, v in (PARTS | changes).items() if v is not None}
    return explore(parts.pop("compute"), parts.pop("draw"), **parts)
