"""When a model says 80 %, is it right in 80 of 100 cases?"""

from typing import NamedTuple

import numpy as np

from chainrule.arrays import expect_positive_int
from chainrule.metrics.labels import integer_labels


class Reliability(NamedTuple):
    """For each bin of predicted probability: mean prediction, frequency observed (nan if empty), how many examples."""

    predicted: np.ndarray
    observed: np.ndarray
    counts: np.ndarray


def reliability(probabilities: np.ndarray, labels: np.ndarray, bins: int = 10) -> Reliability:
    """Predictions in `bins` equal intervals of [0, 1], each interval without its lower end but the first.

    probabilities (N,) or (N, 1)   of class 1; observed is the frequency of class 1
    probabilities (N, C)           of each class; predicted is the largest, observed how often that class is right

    Niculescu-Mizil & Caruana (2005); for the largest of several, Guo et al. (2017), section 2.
    Raises ValueError for numbers outside [0, 1], rows that do not sum to 1, or labels that are no classes.
    """
    expect_positive_int("bins", bins)
    p = np.asarray(probabilities)
    p, happened = _predictions(p if p.dtype.kind == "f" else p.astype(np.float64), labels)
    place = np.searchsorted((np.arange(1, bins) / bins).astype(p.dtype), p)
    counts = np.bincount(place, minlength=bins)

    def means(values: np.ndarray) -> np.ndarray:
        sums = np.bincount(place, weights=values, minlength=bins)
        return np.divide(sums, counts, out=np.full(bins, np.nan), where=counts > 0)

    return Reliability(means(p), means(happened), counts)


def expected_calibration_error(probabilities: np.ndarray, labels: np.ndarray, bins: int = 10) -> float:
    """Σ (n_b / N) |observed_b − predicted_b| over the bins of `reliability`. Naeini et al. (2015); Guo et al., eq. 3.

    It depends on the bins: with few examples in each, chance alone makes it positive.
    """
    predicted, observed, counts = reliability(probabilities, labels, bins)
    full = counts > 0
    return float(np.sum(counts[full] * np.abs(observed[full] - predicted[full])) / counts.sum())


def _predictions(p: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(N,) probabilities, and (N,) whether what they are of happened."""
    if p.ndim not in (1, 2) or p.size == 0:
        raise ValueError(f"reliability takes probabilities (N,) or (N, C), got {p.shape}")
    if not (p.min() >= 0 and p.max() <= 1):
        raise ValueError(f"reliability takes probabilities in [0, 1], got {p.min():g} to {p.max():g}")
    single = p.ndim == 1 or p.shape[1] == 1
    classes = 2 if single else p.shape[1]
    actual = integer_labels("reliability", labels, len(p))
    if actual.min() < 0 or actual.max() >= classes:
        raise ValueError(f"reliability takes labels 0 to {classes - 1}, got {actual.min()} to {actual.max()}")
    if single:
        return p.reshape(-1), actual
    if not np.allclose(p.sum(1), 1, atol=1e-4):
        raise ValueError(f"reliability takes rows that sum to 1; row {np.abs(p.sum(1) - 1).argmax()} does not")
    return p.max(1), p.argmax(1) == actual
