"""Examples in, mini-batches out."""

from collections.abc import Iterator

import numpy as np

from chainrule.arrays import expect_positive_int

Data = tuple[np.ndarray, np.ndarray]


def batches(x: np.ndarray, target: np.ndarray, size: int | None, rng: np.random.Generator) -> Iterator[Data]:
    """One epoch: every example once, in a random order, `size` at a time (None: all at once, in the order given).

    The last batch holds what is left over. Raises ValueError, at the first, where x and target differ in length.
    """
    if size is not None:
        expect_positive_int("batch size", size)
    if len(x) != len(target):
        raise ValueError(f"batches takes as many targets as examples, got {len(x)} and {len(target)}")
    if size is None or size >= len(x):
        yield x, target
        return
    order = rng.permutation(len(x))
    x, target = x[order], target[order]
    for start in range(0, len(x), size):
        yield x[start : start + size], target[start : start + size]


def expect_data(name: str, data: Data) -> None:
    """Raise ValueError unless data is a pair of arrays of equal length, at least 1, all numbers finite."""
    if not isinstance(data, tuple) or len(data) != 2:
        raise ValueError(f"{name} takes a pair (x, target), got {type(data).__name__}")
    x, target = data
    if np.ndim(x) == 0 or np.ndim(target) == 0 or len(x) != len(target) or len(x) == 0:
        got = f"{np.shape(x)} and {np.shape(target)}"
        raise ValueError(f"{name} takes x and target of equal length, at least 1, got {got}")
    for part, array in (("x", x), ("target", target)):
        if not isinstance(array, np.ndarray):
            raise ValueError(f"{name} takes arrays, got {type(array).__name__} for {part}")
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            first = np.argwhere(~np.isfinite(array))[0].tolist()
            raise ValueError(f"{name} takes finite numbers; {part}{first} is {array[tuple(first)]}")
