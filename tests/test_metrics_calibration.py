import checks_metrics
import numpy as np
import pytest
from helpers import rng
from sklearn.calibration import calibration_curve

import chainrule.metrics.calibration
from chainrule.metrics import expected_calibration_error, reliability

CHECKS = ("reliability_by_hand", "edges_belong_below", "confidence_is_that_of_the_largest")


@pytest.mark.parametrize("check", CHECKS)
def test_check(check):
    getattr(checks_metrics, check)(chainrule.metrics.calibration)


@pytest.mark.parametrize("bins", [1, 7, 20])
def test_bins_equal_scikit_learn(bins):
    p = rng(1).uniform(0, 1, 300)
    labels = (rng(2).uniform(0, 1, 300) < p**2).astype(int)
    observed, predicted = calibration_curve(labels, p, n_bins=bins)
    ours = reliability(p, labels, bins)
    np.testing.assert_allclose(ours.observed[ours.counts > 0], observed)
    np.testing.assert_allclose(ours.predicted[ours.counts > 0], predicted)
    assert ours.counts.sum() == 300 and len(ours.counts) == bins


def test_true_probabilities_are_calibrated_and_sure_ones_are_not():
    p = rng(3).uniform(0, 1, 200_000)
    labels = rng(4).uniform(0, 1, len(p)) < p
    assert expected_calibration_error(p, labels) < 0.01
    assert expected_calibration_error((p > 0.5).astype(float), labels) == pytest.approx(0.25, abs=0.01)
    assert expected_calibration_error(labels.astype(int), labels) == 0


def test_columns_are_one_probability_each_and_the_types_plain():
    p, labels = rng(5).uniform(0, 1, 50).astype(np.float32), rng(6).integers(0, 2, 50)
    assert expected_calibration_error(p, labels) == expected_calibration_error(p[:, None], labels[:, None])
    assert isinstance(expected_calibration_error(p, labels), float)


@pytest.mark.parametrize(
    ("p", "labels", "message"),
    [
        (np.ones((2, 2, 2)), np.ones(2), r"probabilities \(N,\) or \(N, C\), got \(2, 2, 2\)"),
        (np.ones(0), np.ones(0), r"\(N,\) or \(N, C\), got \(0,\)"),
        (np.array([0.5, 1.5]), np.ones(2), r"in \[0, 1\], got 0\.5 to 1\.5"),
        (np.array([0.5, np.nan]), np.ones(2), r"in \[0, 1\], got nan to nan"),
        (np.array([0.5, 1]), np.array([0, 2]), "labels 0 to 1, got 0 to 2"),
        (np.array([[0.5, 0.5], [0.4, 0.5]]), np.zeros(2), "rows that sum to 1; row 1 does not"),
        (np.array([[0.5, 0.5], [0.4, 0.6]]), np.array([0, -1]), "labels 0 to 1, got -1 to 0"),
        (np.array([0.5, 1]), np.zeros(3), r"2 labels for 2 predictions .* got shape \(3,\)"),
    ],
)
def test_wrong_arguments(p, labels, message):
    for f in (reliability, expected_calibration_error):
        with pytest.raises(ValueError, match=f"reliability takes .*{message}"):
            f(p, labels)


@pytest.mark.parametrize("bins", [0, 2.5])
def test_wrong_bins(bins):
    with pytest.raises(ValueError, match="bins takes a positive integer"):
        reliability(np.ones(2), np.ones(2), bins)
