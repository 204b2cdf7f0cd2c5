"""Real measurements that come with scikit-learn, always cut into the same training and test parts."""

from functools import cache
from typing import NamedTuple

import numpy as np

from chainrule.arrays import expect_generator, expect_number


class Split(NamedTuple):
    """Examples to train on and examples kept back: x (N, D) or images (N, C, H, W) float32, labels (N,) int64."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


def split(x: np.ndarray, labels: np.ndarray, rng: np.random.Generator, test: float = 0.25) -> Split:
    """A random cut that keeps `test` of the examples of each class back (rounded, at least one each way).

    Raises ValueError where the lengths differ, a class has one example, or test is not in (0, 1).
    """
    expect_generator(rng)
    expect_number("test", test, low=0, high=1, open_low=True, open_high=True)
    x, labels = np.asarray(x), np.asarray(labels)
    if np.shape(labels) != x.shape[:1] or len(x) == 0:
        raise ValueError(f"split takes a label (N,) for each of N >= 1 examples, got {x.shape} and {labels.shape}")
    back = []
    for label in np.unique(labels):
        members = rng.permutation(np.flatnonzero(labels == label))
        if len(members) < 2:
            raise ValueError(f"split takes at least two examples of each class, got one of class {label}")
        back.append(members[: min(max(1, round(test * len(members))), len(members) - 1)])
    held = np.zeros(len(x), bool)
    held[np.concatenate(back)] = True
    rest = rng.permutation(np.flatnonzero(~held))
    kept = rng.permutation(np.flatnonzero(held))
    return Split(x[rest], labels[rest], x[kept], labels[kept])


def iris(seed: int = 0) -> Split:
    """150 irises, 4 lengths in cm, 3 species; 75 % to train on. Fisher (1936). Each seed is one fixed split."""
    from sklearn.datasets import load_iris

    x, labels = load_iris(return_X_y=True)
    return split(x.astype(np.float32), labels.astype(np.int64), np.random.default_rng(seed))


def digits(seed: int = 0) -> Split:
    """1,797 handwritten digits, 8 × 8 grey values scaled to [0, 1], as rows of 64; 75 % to train on.

    Each seed is one fixed split. Alpaydin & Kaynak (1998), the test part of the UCI set.
    """
    x, labels = _all_digits()
    return split(x, labels, np.random.default_rng(seed))


@cache
def _all_digits() -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import load_digits  # here, because its import takes a second

    x, labels = load_digits(return_X_y=True)
    return (x / 16).astype(np.float32), labels.astype(np.int64)
