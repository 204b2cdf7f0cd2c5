"""What an environment shows and what it can be told, under the names that Gymnasium gives them."""

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Discrete:
    """The integers 0 … n − 1."""

    n: int

    def contains(self, value: Any) -> bool:
        """Whether value is one of them."""
        return isinstance(value, (int, np.integer)) and 0 <= int(value) < self.n


@dataclass(frozen=True)
class Box:
    """Arrays of the given shape and dtype, each entry between those of low and high, (…) both."""

    low: np.ndarray
    high: np.ndarray

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one array."""
        return self.low.shape

    @property
    def dtype(self) -> np.dtype:
        """The dtype of its entries."""
        return self.low.dtype


def seeded(rng: np.random.Generator | None, seed: int | None, name: str) -> np.random.Generator:
    """The generator that a reset goes on with: a new one where a seed is given, as in Gymnasium, else the old one.

    Raises ValueError where there is none yet: a first reset without a seed could not be repeated.
    """
    if seed is not None:
        return np.random.default_rng(seed)
    if rng is None:
        raise ValueError(f"{name}: the first reset takes a seed, reset(seed=0)")
    return rng
