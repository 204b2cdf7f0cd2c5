import checks_metrics
import numpy as np
import pytest
from helpers import rng

import chainrule.metrics.ranking
from chainrule.metrics import average_precision, pr_curve, roc_auc, roc_curve

SCORES, LABELS = np.array([0.9, 0.2, 0.6]), np.array([1, 0, 0])


@pytest.mark.parametrize(
    "check",
    [
        checks_metrics.roc_equals_scikit_learn,
        checks_metrics.pr_equals_scikit_learn,
        checks_metrics.ranking_by_hand,
    ],
)
def test_check(check):
    check(chainrule.metrics.ranking)


@pytest.mark.parametrize("seed", range(5))
def test_the_area_counts_pairs_in_order(seed):
    scores, labels = checks_metrics.ranked(seed, levels=4)
    gaps = scores[labels == 1][:, None] - scores[labels == 0]
    assert roc_auc(scores, labels) == pytest.approx(np.mean((gaps > 0) + 0.5 * (gaps == 0)))


@pytest.mark.parametrize("seed", range(3))
def test_only_the_order_of_scores_matters(seed):
    scores, labels = checks_metrics.ranked(seed)
    order = rng(seed).permutation(len(labels))
    for area in (roc_auc, average_precision):
        assert area(scores, labels) == area(np.exp(scores), labels) == area(scores[order], labels[order])
    assert roc_auc(-scores, labels) == pytest.approx(1 - roc_auc(scores, labels))
    assert roc_auc(scores, labels) == pytest.approx(1 - roc_auc(scores, 1 - labels))


def test_scores_that_say_nothing_and_scores_that_say_all():
    labels = np.array([0, 1, 1, 0, 0])
    assert roc_auc(np.zeros(5), labels) == 0.5 and average_precision(np.zeros(5), labels) == 2 / 5
    assert roc_auc(labels, labels) == average_precision(labels, labels) == 1


def test_columns_other_types_and_scores_beyond_all_bounds():
    scores = np.array([np.inf, -np.inf, 3.0])
    assert roc_auc(scores[:, None].astype(np.float32), LABELS[:, None].astype(bool)) == 1
    assert roc_auc(np.array([np.inf, np.inf, 0]), LABELS) == 0.75  # a tie
    assert isinstance(roc_auc(scores, LABELS), float) and isinstance(average_precision(scores, LABELS), float)


def test_inputs_are_left_alone():
    scores, labels = SCORES.copy(), LABELS.copy()
    roc_curve(scores, labels), pr_curve(scores, labels)
    assert np.array_equal(scores, SCORES) and np.array_equal(labels, LABELS)


@pytest.mark.parametrize("f", [roc_curve, pr_curve])
@pytest.mark.parametrize(
    ("scores", "labels", "message"),
    [
        (SCORES, LABELS[:2], r"takes 3 labels for 3 predictions .* got shape \(2,\)"),
        (np.ones((3, 2)), LABELS, r"takes one score for each example, \(N,\) or \(N, 1\), got \(3, 2\)"),
        (np.array(1.0), LABELS, r"takes one score for each example, .* got \(\)"),
        (np.ones(0), np.ones(0), r"takes 0 labels .*at least one\), got shape \(0,\)"),
        (np.array([1, np.nan, 2]), LABELS, "takes scores that are numbers; score 1 is nan"),
        (SCORES, np.array([0, 0, 0]), r"takes labels 0 and 1, at least one of each, got \[0\]"),
        (SCORES, np.array([-1, 1, 1]), r"takes labels 0 and 1, at least one of each, got \[-1, 1\]"),
        (SCORES, np.array([0, 0.5, 1]), "takes integer classes, got float64 with fractions"),
    ],
)
def test_wrong_arguments(f, scores, labels, message):
    with pytest.raises(ValueError, match=f"{f.__name__} {message}"):
        f(scores, labels)
