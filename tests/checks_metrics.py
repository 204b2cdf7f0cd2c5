"""What must hold of each module of metrics, as functions of the module: see checks.py."""

import math
from types import ModuleType

import numpy as np
import pytest
from helpers import rng
from numpy.testing import assert_allclose
from sklearn import metrics as sk


def ranked(seed: int, levels: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Scores that know something of the labels; with `levels`, only that many distinct ones, so that many tie."""
    draw = rng(seed)
    n = int(draw.integers(2, 60))
    labels = np.append(draw.integers(0, 2, n), [0, 1])
    scores = draw.normal(0, 1, n + 2) + labels
    return (scores if levels is None else np.round(scores * levels / 6)), labels


CASES = [ranked(seed, levels) for seed in range(8) for levels in (None, 6, 2)]
CASES += [(np.zeros(4), np.array([0, 1, 1, 0])), (np.array([1.0, 0]), np.array([1, 0]))]


def roc_equals_scikit_learn(m: ModuleType) -> None:
    for scores, labels in CASES:
        for ours, theirs in zip(m.roc_curve(scores, labels), sk.roc_curve(labels, scores, drop_intermediate=False)):
            assert ours.shape == theirs.shape
            assert_allclose(ours, theirs, rtol=1e-12)
        assert_allclose(m.roc_auc(scores, labels), sk.roc_auc_score(labels, scores), rtol=1e-12)


def pr_equals_scikit_learn(m: ModuleType) -> None:
    for scores, labels in CASES:
        precision, recall, thresholds = sk.precision_recall_curve(labels, scores)  # ascending, with a point at recall 0
        for ours, theirs in zip(m.pr_curve(scores, labels), (precision[-2::-1], recall[-2::-1], thresholds[::-1])):
            assert ours.shape == theirs.shape
            assert_allclose(ours, theirs, rtol=1e-12)
        assert_allclose(m.average_precision(scores, labels), sk.average_precision_score(labels, scores), rtol=1e-12)


def ranking_by_hand(m: ModuleType) -> None:
    scores, labels = np.array([0.9, 0.8, 0.8, 0.1]), np.array([1, 1, 0, 0])
    false, true, thresholds = m.roc_curve(scores, labels)
    assert false.tolist() == [0, 0, 0.5, 1] and true.tolist() == [0, 0.5, 1, 1]
    assert thresholds.tolist() == [math.inf, 0.9, 0.8, 0.1]
    assert m.roc_auc(scores, labels) == pytest.approx(3.5 / 4)  # of four pairs three are in order, one is a tie
    assert m.average_precision(scores, labels) == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)


def reliability_by_hand(m: ModuleType) -> None:
    p, labels = np.array([0.0, 0.1, 0.2, 0.25, 0.7, 0.9, 1.0]), np.array([0, 0, 1, 0, 1, 1, 0])
    predicted, observed, counts = m.reliability(p, labels, bins=5)
    assert counts.tolist() == [3, 1, 0, 1, 2]  # 0.2 belongs below, 1 to the last
    assert_allclose(predicted, [0.1, 0.25, np.nan, 0.7, 0.95])
    assert_allclose(observed, [1 / 3, 0, np.nan, 1, 0.5])
    gap = 3 * abs(0.1 - 1 / 3) + 0.25 + 0.3 + 2 * 0.45
    assert m.expected_calibration_error(p, labels, bins=5) == pytest.approx(gap / 7)


def edges_belong_below(m: ModuleType) -> None:
    for bins in (2, 10, 15):
        for dtype in (np.float32, np.float64):
            edges = (np.arange(bins + 1) / bins).astype(dtype)
            assert m.reliability(edges, np.arange(bins + 1) % 2, bins).counts.tolist() == [2] + [1] * (bins - 1)


def confidence_is_that_of_the_largest(m: ModuleType) -> None:
    p = np.array([[0.5, 0.3, 0.2], [0.1, 0.8, 0.1], [0.2, 0.1, 0.7]])
    predicted, observed, counts = m.reliability(p, np.array([0, 2, 2]), bins=2)
    assert counts.tolist() == [1, 2] and predicted.tolist() == [0.5, 0.75] and observed.tolist() == [1, 0.5]
    assert m.expected_calibration_error(p, np.array([0, 2, 2]), bins=2) == pytest.approx((0.5 + 2 * 0.25) / 3)


def bits_by_hand(m: ModuleType) -> None:
    assert m.bits_per_character(math.log(2)) == 1
    assert m.bits_per_character(3 * math.log(8), tokens_per_character=0.25) == pytest.approx(9 / 4)


def exact_matches_by_hand(m: ModuleType) -> None:
    target = np.array([[5, 6, 2, 0], [5, 2, 0, 0], [5, 6, 7, 2], [5, 6, 7, 8]])
    assert m.exact_match(target, target) == m.exact_match(target, target, end=2) == 1
    for row, wrong in ((0, [5, 6, 2, 9]), (1, [5, 2, 2, 2])):  # right up to the end
        other = target.copy()
        other[row] = wrong
        assert m.exact_match(other, target) == 0.75 and m.exact_match(other, target, end=2) == 1
    for row, wrong in ((0, [5, 2, 6, 0]), (1, [6, 2, 0, 0]), (1, [5, 5, 2, 0]), (2, [5, 6, 7, 8]), (3, [5, 6, 7, 2])):
        other = target.copy()
        other[row] = wrong
        assert m.exact_match(other, target, end=2) == 0.75
    longer = np.concatenate([target, np.full((4, 2), 2)], 1)
    assert m.exact_match(longer, target, end=2) == m.exact_match(target, longer, end=2) == 0.75
    assert m.exact_match(longer[:, :3], target, end=2) == 0.5


def coverage_by_hand(m: ModuleType) -> None:
    centres = np.array([[0.0, 0], [4, 0], [0, 4]])
    samples = np.array([[0, 0.5], [0.3, 0], [4, 1], [4.5, 0], [2, 2], [0, 3.4], [np.nan, 0], [0, -0.2]])
    covered, near, counts = m.mode_coverage(samples, centres, radius=0.55, share=0.125)
    assert counts.tolist() == [3, 1, 0] and near == 0.5 and covered == 2
    assert m.mode_coverage(samples, centres, radius=0.55, share=0.2).covered == 1
    assert m.mode_coverage(samples, centres, radius=1.0).covered == 3


def counts_and_ratios_by_hand(m: ModuleType) -> None:
    actual, guess = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 1, 1, 0, 1])
    assert m.accuracy(np.eye(3)[guess], actual) == 0.5
    assert m.confusion_matrix(guess, actual).tolist() == [[2, 1, 0], [1, 1, 0], [0, 1, 0]]
    assert_allclose(m.precision(guess, actual), [2 / 3, 1 / 3, np.nan])
    assert_allclose(m.recall(guess, actual), [2 / 3, 1 / 2, 0])
    assert_allclose(m.f1(guess, actual), [2 / 3, 2 / 5, 0])
    assert m.predictions(np.array([[0.5], [-0.5], [0.0]])).tolist() == [1, 0, 0]
