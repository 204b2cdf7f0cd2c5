"""Fill the gaps in a table, by what the training part alone shows."""

import numpy as np

from chainrule.data.scaling import expect_tables

FILLS = ("mean", "median", "forward")


def impute(train: np.ndarray, *others: np.ndarray, by: str = "mean", indicator: bool = False) -> tuple[np.ndarray, ...]:
    """Replace every NaN; returns as many arrays as were given, in their dtype.

    by="mean", "median"   of the column's known values in `train`, for every array
    by="forward"          the last known value above it, where rows are steps in time and the arrays follow one another:
                          the end of `train` reaches into the next. Before a column's first value, its mean in `train`.
    indicator             appends a column of 0 and 1, missing or not, for each column that has gaps in `train`, so a
                          model can learn from the gap itself

    Raises ValueError as standardise does, NaN aside, and where a column of train holds nothing else.
    """
    expect_tables("impute", train, others, gaps=True)
    if by not in FILLS:
        raise ValueError(f"impute fills by one of {', '.join(FILLS)}, got {by!r}")
    missing = np.isnan(train)
    if missing.all(0).any():
        raise ValueError(f"impute takes at least one known value a column; column {missing.all(0).argmax()} has none")
    typical = np.nanmedian(train, 0) if by == "median" else np.nanmean(train, 0)
    filled, before = [], typical
    for array in (train, *others):
        whole = _forward(array, before) if by == "forward" else np.where(np.isnan(array), typical, array)
        before = whole[-1]
        marks = np.isnan(array)[:, missing.any(0)].astype(array.dtype)
        filled.append(np.concatenate([whole, marks], 1) if indicator else whole)
    return tuple(array.astype(given.dtype, copy=False) for array, given in zip(filled, (train, *others)))


def _forward(array: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Each NaN becomes the last number above it in its column; the first row continues `before`."""
    rows = np.concatenate([before[None], array])
    source = np.where(np.isnan(rows), 0, np.arange(len(rows))[:, None])
    return np.take_along_axis(rows, np.maximum.accumulate(source), 0)[1:]
