"""Does a score rank the positives first? Curves over every threshold, and their areas.

A threshold takes every example with score >= threshold for positive. Examples with equal scores cross it together:
each curve has one point for each distinct score.
"""

from typing import NamedTuple

import numpy as np

from chainrule.metrics.labels import binary_labels


class RocCurve(NamedTuple):
    """For each threshold, from above all scores down to the lowest: the rates of false and of true positives."""

    false_positives: np.ndarray
    true_positives: np.ndarray
    thresholds: np.ndarray


class PrCurve(NamedTuple):
    """For each threshold, from the highest score down to the lowest: precision and recall."""

    precision: np.ndarray
    recall: np.ndarray
    thresholds: np.ndarray


def roc_curve(scores: np.ndarray, labels: np.ndarray) -> RocCurve:
    """Receiver operating characteristic: FP / N⁻ against TP / N⁺, from (0, 0) at the threshold ∞ to (1, 1).

    scores (N,) or (N, 1), any numbers that grow with the belief in class 1 (logits will do); labels of 0 and 1.
    Raises ValueError for NaN, other labels, or only one class.
    """
    thresholds, false, true = _counts("roc_curve", scores, labels)
    return RocCurve(_rates(false), _rates(true), np.concatenate([[np.inf], thresholds]))


def roc_auc(scores: np.ndarray, labels: np.ndarray) -> float:
    """The area under the ROC curve: how often a positive scores above a negative, ties counted half.

    Raises ValueError as roc_curve does. Hanley & McNeil (1982).
    """
    false, true, _ = roc_curve(scores, labels)
    return float(np.sum(np.diff(false) * (true[1:] + true[:-1]) / 2))


def pr_curve(scores: np.ndarray, labels: np.ndarray) -> PrCurve:
    """Precision TP / (TP + FP) against recall TP / N⁺. Takes and raises what roc_curve does."""
    thresholds, false, true = _counts("pr_curve", scores, labels)
    return PrCurve(true / (true + false), true / true[-1], thresholds)


def average_precision(scores: np.ndarray, labels: np.ndarray) -> float:
    """Σ (R_k − R_{k−1}) P_k over the points of the precision–recall curve, R_0 = 0: its area in steps.

    Straight lines between the points would promise more than any threshold gives (Davis & Goadrich, 2006).
    A score that says nothing has the share of positives.
    """
    precision, recall, _ = pr_curve(scores, labels)
    return float(np.sum(np.diff(recall, prepend=0) * precision))


def _rates(counts: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], counts]) / counts[-1]


def _counts(name: str, scores: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each distinct score, descending, and how many negatives and positives reach it."""
    values, actual = binary_labels(name, scores, labels)
    order = np.argsort(-values, kind="stable")
    values, actual = values[order], actual[order]
    last = np.append(np.flatnonzero(values[1:] != values[:-1]), len(values) - 1)  # of each group of equal scores
    true = np.cumsum(actual)[last]
    return values[last], last + 1 - true, true
