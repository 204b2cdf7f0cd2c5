"""The multilayer perceptron: dense layers with a curve between them."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from chainrule.activations import tanh
from chainrule.combine import Sequential
from chainrule.dense import Dense
from chainrule.initializers import Initializer, glorot


def mlp(
    sizes: Sequence[int],
    rng: np.random.Generator,
    activation: Callable[[np.ndarray], tuple] = tanh,
    init: Initializer = glorot,
    dtype: Any = np.float32,
) -> Sequential:
    """`mlp([2, 32, 32, 1], rng)`: Dense(2 → 32), tanh, Dense(32 → 32), tanh, Dense(32 → 1); its outputs are logits.

    Raises ValueError for fewer than two sizes, or one that is not a positive integer.
    """
    if len(sizes) < 2:
        raise ValueError(f"mlp takes at least an input and an output size, got {list(sizes)}")
    layers: list = []
    for n_in, n_out in pairwise(sizes):
        layers += [Dense(n_in, n_out, rng, init=init, dtype=dtype), activation]
    return Sequential(*layers[:-1])
