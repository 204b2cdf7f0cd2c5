"""Put every feature on the same footing, by what the training part alone shows."""

import numpy as np


def standardise(train: np.ndarray, *others: np.ndarray) -> tuple[np.ndarray, ...]:
    """(x − mean) / std per column, with mean and std of `train` applied to every array.

    A constant column becomes zero. Returns as many arrays as were given, in their dtype.
    Raises ValueError where an array is not (N, D) with train's D, is empty, or holds NaN or infinity.
    """
    for array in (train, *others):
        if not isinstance(array, np.ndarray) or array.dtype.kind != "f":
            got = getattr(array, "dtype", type(array).__name__)
            raise ValueError(f"standardise takes floating-point arrays, got {got}")
        if array.ndim != 2 or len(array) == 0 or array.shape[1] != train.shape[1]:
            raise ValueError(f"standardise takes arrays (N, {train.shape[-1]}) with N >= 1, got {array.shape}")
        if not np.isfinite(array).all():
            row, column = np.argwhere(~np.isfinite(array))[0]
            raise ValueError(f"standardise takes finite numbers; row {row}, column {column} is {array[row, column]}")
    mean, std = train.mean(0), train.std(0)
    constant = (train == train[0]).all(0)  # its mean may be off by a rounding, and its std not zero then
    mean[constant], std[constant] = train[0, constant], 1
    return tuple((array - mean) / std for array in (train, *others))
