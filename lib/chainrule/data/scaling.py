"""Put every feature on the same footing, by what the training part alone shows."""

import numpy as np


def standardise(train: np.ndarray, *others: np.ndarray) -> tuple[np.ndarray, ...]:
    """(x − mean) / std per column, with mean and std of `train` applied to every array.

    A constant column becomes zero. Returns as many arrays as were given, in their dtype.
    Raises ValueError where an array is not (N, D) with train's D, is empty, or holds NaN or infinity.
    """
    expect_tables("standardise", train, others)
    mean, std = train.mean(0), train.std(0)
    constant = (train == train[0]).all(0)  # its mean may be off by a rounding, and its std not zero then
    mean[constant], std[constant] = train[0, constant], 1
    return tuple((array - mean) / std for array in (train, *others))


def min_max(train: np.ndarray, *others: np.ndarray) -> tuple[np.ndarray, ...]:
    """(x − min) / (max − min) per column, with min and max of `train` applied to every array.

    The training part then fills [0, 1]; what lies beyond its range elsewhere leaves it. A constant column becomes
    zero. Returns as many arrays as were given, in their dtype. Raises ValueError as standardise does.
    """
    expect_tables("min_max", train, others)
    low, span = train.min(0), np.ptp(train, 0)
    span[span == 0] = 1
    return tuple((array - low) / span for array in (train, *others))


def expect_tables(name: str, train: np.ndarray, others: tuple, gaps: bool = False) -> None:
    """Raise ValueError unless all are floating-point arrays (N, D), one D, N >= 1, of finite numbers (or NaN)."""
    for array in (train, *others):
        if not isinstance(array, np.ndarray) or array.dtype.kind != "f":
            got = getattr(array, "dtype", type(array).__name__)
            raise ValueError(f"{name} takes floating-point arrays, got {got}")
        if array.ndim != 2 or len(array) == 0 or array.shape[1] != train.shape[1]:
            raise ValueError(f"{name} takes arrays (N, {train.shape[-1]}) with N >= 1, got {array.shape}")
        wrong = np.isinf(array) if gaps else ~np.isfinite(array)
        if wrong.any():
            row, column = np.argwhere(wrong)[0]
            raise ValueError(f"{name} takes finite numbers; row {row}, column {column} is {array[row, column]}")
