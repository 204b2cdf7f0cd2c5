"""Examples in, mini-batches out. The inputs x are one array, or a tuple of arrays for a model of several inputs."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from chainrule.arrays import expect_positive_int

Inputs = np.ndarray | tuple[np.ndarray, ...]
Data = tuple[Inputs, np.ndarray]


def batches(x: Inputs, target: np.ndarray, size: int | None, rng: np.random.Generator) -> Iterator[Data]:
    """One epoch: every example once, in a random order, `size` at a time (None: all at once, in the order given).

    The last batch holds what is left over. Raises ValueError, at the first, where x and target differ in length.
    """
    if size is not None:
        expect_positive_int("batch size", size)
    for array in as_tuple(x):
        if len(array) != len(target):
            raise ValueError(f"batches takes as many targets as examples, got {len(array)} and {len(target)}")
    if size is None or size >= len(target):
        yield x, target
        return
    order = rng.permutation(len(target))
    x, target = taken(x, order), target[order]
    for start in range(0, len(target), size):
        part = slice(start, start + size)
        yield taken(x, part), target[part]


def taken(x: Inputs, index: Any) -> Inputs:
    """x[index], or the same of every array in x."""
    return tuple(array[index] for array in x) if isinstance(x, tuple) else x[index]


def as_tuple(x: Inputs) -> tuple[np.ndarray, ...]:
    """The inputs as a model is called with them: model(*as_tuple(x))."""
    return x if isinstance(x, tuple) else (x,)


def expect_data(name: str, data: Data) -> None:
    """Raise ValueError unless data is a pair (x, target) of equal length, at least 1, all numbers finite."""
    if not isinstance(data, tuple) or len(data) != 2:
        raise ValueError(f"{name} takes a pair (x, target), got {type(data).__name__}")
    xs, target = as_tuple(data[0]), data[1]
    for x in xs:
        if np.ndim(x) == 0 or np.ndim(target) == 0 or len(x) != len(target) or len(x) == 0:
            got = f"{np.shape(x)} and {np.shape(target)}"
            raise ValueError(f"{name} takes x and target of equal length, at least 1, got {got}")
    for part, array in (*(("x", x) for x in xs), ("target", target)):
        if not isinstance(array, np.ndarray):
            raise ValueError(f"{name} takes arrays, got {type(array).__name__} for {part}")
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            first = np.argwhere(~np.isfinite(array))[0].tolist()
            raise ValueError(f"{name} takes finite numbers; {part}{first} is {array[tuple(first)]}")
