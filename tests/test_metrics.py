import numpy as np
import pytest
from helpers import normal, rng

from chainrule.metrics import accuracy, confusion_matrix, f1, precision, predictions, r2, recall, wilson

ACTUAL = np.array([0, 0, 0, 1, 1, 2])
GUESS = np.array([0, 0, 1, 1, 0, 1])


def test_predictions():
    assert predictions(np.array([[1.0, 3, 2], [0, -1, -2]])).tolist() == [1, 0]
    for logits in (np.array([0.5, -0.5, 0.0]), np.array([[0.5], [-0.5], [0.0]])):
        assert predictions(logits).tolist() == [1, 0, 0]


def test_accuracy():
    assert accuracy(np.eye(3)[GUESS], ACTUAL) == pytest.approx(3 / 6)
    for labels in (
        np.array([1, 0, 1]),
        np.array([[1], [0], [1]]),
        np.array([1.0, 0, 1]),
        np.array([True, False, True]),
    ):
        assert accuracy(np.array([[0.5], [-0.5], [-1]]), labels) == pytest.approx(2 / 3)
    assert isinstance(accuracy(np.ones(1), np.ones(1)), float)


def test_confusion_matrix_has_actual_rows_and_predicted_columns():
    counts = confusion_matrix(GUESS, ACTUAL)
    assert counts.tolist() == [[2, 1, 0], [1, 1, 0], [0, 1, 0]] and counts.dtype == np.int64
    assert confusion_matrix(GUESS, ACTUAL, classes=4).shape == (4, 4)
    order = rng().permutation(6)
    assert np.array_equal(counts, confusion_matrix(GUESS[order], ACTUAL[order]))
    assert np.array_equal(counts.T, confusion_matrix(ACTUAL, GUESS))


def test_precision_recall_f1():
    np.testing.assert_allclose(precision(GUESS, ACTUAL), [2 / 3, 1 / 3, np.nan])
    np.testing.assert_allclose(recall(GUESS, ACTUAL), [2 / 3, 1 / 2, 0])
    np.testing.assert_allclose(f1(GUESS, ACTUAL), [2 / 3, 2 / 5, 0])
    p, r = precision(GUESS, ACTUAL)[:2], recall(GUESS, ACTUAL)[:2]
    np.testing.assert_allclose(f1(GUESS, ACTUAL)[:2], 2 * p * r / (p + r))
    assert all(np.isnan(f(GUESS, ACTUAL, classes=4)[3]) for f in (precision, recall, f1))


def test_r2():
    target = normal(20)
    assert r2(target, target) == 1 and r2(np.full(20, target.mean()), target) == pytest.approx(0)
    assert r2(1e-3 * target, 1e-3 * target) == 1
    assert r2(np.array([1.0, 2, 4]), np.array([1.0, 2, 3])) == pytest.approx(1 - 1 / 2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: accuracy(np.eye(3), np.array([0, 1])), r"accuracy takes 3 labels .* got shape \(2,\)"),
        (lambda: accuracy(np.eye(3), np.eye(3)), r"accuracy takes 3 labels .* got shape \(3, 3\)"),
        (lambda: accuracy(np.eye(3), np.zeros((1, 3))), r"accuracy takes 3 labels .* got shape \(1, 3\)"),
        (lambda: accuracy(np.zeros((0, 3)), np.zeros(0)), r"at least one\), got shape \(0,\)"),
        (
            lambda: accuracy(np.eye(3), np.array([0, 1, 1.5])),
            "accuracy takes integer classes, got float64 with fractions",
        ),
        (lambda: accuracy(np.eye(3), np.array([0, 1, np.nan])), "accuracy takes integer classes"),
        (lambda: accuracy(np.eye(3), np.array([0, 1, 3])), "accuracy takes labels 0 to 2, got 0 to 3"),
        (lambda: accuracy(np.ones((2, 1)), np.array([-1, 1])), "accuracy takes labels 0 to 1, got -1 to 1"),
        (lambda: accuracy(np.ones(2), np.array([0, 2])), "accuracy takes labels 0 to 1, got 0 to 2"),
        (lambda: confusion_matrix(GUESS, ACTUAL, 2), "takes classes 0 to 1, got labels 0 to 2"),
        (lambda: confusion_matrix(GUESS - 1, ACTUAL), "takes classes 0 to 2, got predicted -1 to 0"),
        (lambda: precision(np.eye(6), ACTUAL), r"takes 6 labels for 6 predictions .* got shape \(6, 6\)"),
        (lambda: recall(GUESS[:5], ACTUAL), r"takes 5 labels for 5 predictions .* got shape \(6,\)"),
        (lambda: f1(GUESS + 0.5, ACTUAL), "takes integer classes, got float64 with fractions"),
        (lambda: r2(np.ones((3, 1)), np.ones(3)), r"one shape, got \(3, 1\) and \(3,\)"),
        (lambda: r2(np.ones(3), np.ones(3)), "r2 takes a target that varies"),
    ],
)
def test_wrong_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_wilson_agrees_with_a_table_and_with_its_definition():
    low, high = wilson(81, 263)
    np.testing.assert_allclose([low, high], [0.2553, 0.3662], atol=5e-5)  # Newcombe (1998), table I, method 3
    k, n, z = np.arange(8), 7, 1.645
    for p in wilson(k, n, z):
        np.testing.assert_allclose((k / n - p) ** 2, z**2 * p * (1 - p) / n, atol=1e-14)
    low, high = wilson(k, n, z)
    assert np.all(low < high) and low[0] == 0 and high[-1] == 1
    np.testing.assert_allclose(low, 1 - high[::-1], atol=1e-14)


@pytest.mark.parametrize(("k", "n"), [(3, 2), (-1, 2), (0, 0), ([1, 5], 4)])
def test_wilson_refuses_what_cannot_be_counted(k, n):
    with pytest.raises(ValueError, match="0 ≤ k ≤ n"):
        wilson(k, n)
