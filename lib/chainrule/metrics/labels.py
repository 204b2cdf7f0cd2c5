"""What every metric asks of labels."""

import numpy as np


def integer_labels(name: str, labels: np.ndarray, n: int) -> np.ndarray:
    """Integer labels (n,), from (n,) or (n, 1). Raises ValueError for other shapes, fractions, and none."""
    array = np.asarray(labels)
    if n == 0 or array.shape not in ((n,), (n, 1)):
        raise ValueError(f"{name} takes {n} labels for {n} predictions (at least one), got shape {array.shape}")
    if not np.all(array == np.floor(array)):
        raise ValueError(f"{name} takes integer classes, got {array.dtype} with fractions")
    return array.reshape(n).astype(np.int64)


def binary_labels(name: str, scores: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Scores (N,) and labels (N,) of 0 and 1, from (N,) or (N, 1). Raises ValueError for others, NaN, or one class."""
    array = np.asarray(scores)
    if array.ndim == 0 or array.size != len(array):
        raise ValueError(f"{name} takes one score for each example, (N,) or (N, 1), got {array.shape}")
    if np.isnan(array).any():
        raise ValueError(f"{name} takes scores that are numbers; score {int(np.isnan(array).argmax())} is nan")
    actual = integer_labels(name, labels, len(array))
    if not np.array_equal(np.unique(actual), [0, 1]):
        raise ValueError(f"{name} takes labels 0 and 1, at least one of each, got {np.unique(actual).tolist()}")
    return array.reshape(-1), actual
