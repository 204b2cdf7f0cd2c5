"""Which settings to try: all combinations, or random ones.

A point is a dict of settings by name. Where only a few settings matter, random points try more different values of
those few than a grid of the same size. Bergstra & Bengio (2012).
"""

import math
from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

import numpy as np

from chainrule.arrays import expect_generator, expect_number, expect_positive_int

Settings = dict[str, Any]
Draw = Callable[[np.random.Generator], Any]


def grid(**values: Iterable) -> list[Settings]:
    """Every combination: `grid(lr=[0.1, 1], width=[8, 16])` has four points, the last name varying fastest.

    Raises ValueError where a name has no values, or a text in place of a list.
    """
    choices = [_choices("grid", name, options) for name, options in values.items()]
    return [dict(zip(values, point)) for point in product(*choices)]


def draws(n: int, rng: np.random.Generator, **sources: Draw | Iterable) -> list[Settings]:
    """n random points; a name's values come from a function of rng, or each alike from a list of choices.

    `draws(20, rng, lr=log_uniform(1e-4, 1e-1), dropout=uniform(0, 0.5), width=[16, 32, 64])`
    """
    expect_positive_int("n", n)
    expect_generator(rng)
    choices = {name: s if callable(s) else _choices("draws", name, s) for name, s in sources.items()}
    return [{name: c(rng) if callable(c) else c[rng.integers(len(c))] for name, c in choices.items()} for _ in range(n)]


def uniform(low: float, high: float) -> Draw:
    """A number anywhere in [low, high), for `draws`."""
    expect_number("uniform low", low)
    expect_number("uniform high", high, low=low, open_low=True)
    return lambda rng: float(rng.uniform(low, high))


def log_uniform(low: float, high: float) -> Draw:
    """A number in [low, high) whose logarithm is uniform, as many in each decade: for rates and penalties."""
    expect_number("log_uniform low", low, low=0, open_low=True)
    expect_number("log_uniform high", high, low=low, open_low=True)
    return lambda rng: math.exp(rng.uniform(math.log(low), math.log(high)))


def _choices(where: str, name: str, values: Iterable) -> list:
    if isinstance(values, np.ndarray):
        values = values.tolist()  # Python's numbers: a NumPy scalar would promote float32
    if isinstance(values, str) or not isinstance(values, Iterable) or not (choices := list(values)):
        raise ValueError(f"{where} takes at least one value for each name, in a list; {name} is {values!r}")
    return choices
