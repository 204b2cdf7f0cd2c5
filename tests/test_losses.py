import math

import checks
import numpy as np
import pytest
from helpers import SHAPES, normal, rng

import chainrule.losses
from chainrule.activations import softmax
from chainrule.check import gradcheck
from chainrule.losses import bce, cross_entropy, huber, kl, mae, mse

REGRESSIONS = {"mse": mse, "mae": mae, "huber": huber, "bce": bce}
CLASSIFIERS = {"cross_entropy": cross_entropy, "kl": kl}


def probabilities(*shape: int, seed: int = 1, dtype: type = np.float64) -> np.ndarray:
    return softmax(normal(*shape, seed=seed, dtype=dtype))[0]


@pytest.mark.parametrize("check", [checks.loss_gradients, checks.loss_values])
def test_check(check):
    check(chainrule.losses)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", REGRESSIONS | CLASSIFIERS)
def test_gradients(name, shape):
    gradcheck((REGRESSIONS | CLASSIFIERS)[name], 2 * normal(*shape), probabilities(*shape), rng=rng(2))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", REGRESSIONS | CLASSIFIERS)
def test_dtypes_are_kept_and_nothing_is_written(name, dtype):
    y, t = normal(4, 3, dtype=dtype), probabilities(4, 3)
    for array in (y, t):
        array.setflags(write=False)
    loss, back = (REGRESSIONS | CLASSIFIERS)[name](y, t)
    assert loss.dtype == back().dtype == back(np.float64(2)).dtype == dtype and loss.shape == () and loss >= 0
    np.testing.assert_allclose(back(2.0), 2 * back(), rtol=1e-6)


def test_numpy_scalars_do_not_promote():
    y, labels, one = normal(4, 3, dtype=np.float32), np.array([0, 1, 2, 0]), np.float64(0.5)
    for loss, back in (huber(y, 2 * y, delta=one), cross_entropy(y, labels, smoothing=one)):
        assert loss.dtype == back().dtype == np.float32


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_cross_entropy_of_distant_logits(dtype):
    for size in (80, 1000):
        z = np.array([[size, -size], [size, -size]], dtype)
        with np.errstate(all="raise", under="ignore"):
            loss, back = cross_entropy(z, np.array([0, 1]))
            assert loss == size  # nothing for the first row, 2 · size for the second
            np.testing.assert_allclose(back(), [[0, 0], [0.5, -0.5]], atol=1e-12)
            loss, back = bce(z[:, 0], np.array([1, 0]))
            assert loss == size / 2
            np.testing.assert_allclose(back(), [0, 0.5], atol=1e-12)


@pytest.mark.parametrize("size", [1, 15, 29, 31, 60])
def test_cross_entropy_of_a_confident_network_has_no_rounding_noise(size):
    labels = rng().integers(0, 10, 2000)
    z = (size * np.eye(10)[labels] + 0.5 * normal(2000, 10)).astype(np.float32)
    exact = cross_entropy(z.astype(np.float64), labels)[0]
    loss = cross_entropy(z, labels)[0]
    assert loss >= 0 and abs(loss - exact) < 1e-6 * exact + 1e-7


def test_shifting_the_logits_of_a_row_changes_nothing():
    z, labels = normal(4, 3), np.array([0, 1, 2, 0])
    for shift in (5, 29, -40, 500):
        np.testing.assert_allclose(cross_entropy(z + shift, labels)[0], cross_entropy(z, labels)[0])
        np.testing.assert_allclose(cross_entropy(z + shift, labels)[1](), cross_entropy(z, labels)[1](), atol=1e-12)


@pytest.mark.parametrize("dtype", [np.int64, np.int8, np.uint8, np.uint64])
def test_integer_classes_equal_their_one_hot_rows(dtype):
    z, labels = normal(2, 4, 3), np.array([[0, 1, 2, 1], [2, 2, 0, 1]], dtype)
    soft = np.eye(3)[labels.astype(int)]
    for smoothing in (0.0, 0.2):
        (hard, back), (loss, back_soft) = (cross_entropy(z, t, smoothing=smoothing) for t in (labels, soft))
        assert hard == loss and np.array_equal(back(), back_soft())


def test_smoothing_mixes_in_the_uniform_target():
    z, t = normal(5, 4), probabilities(5, 4)
    mixed = cross_entropy(z, 0.7 * t + 0.3 / 4)[0]
    np.testing.assert_allclose(cross_entropy(z, t, smoothing=0.3)[0], mixed)


def test_cross_entropy_kl_and_entropy():
    z, t = normal(5, 4), probabilities(5, 4)
    entropy = -np.sum(t * np.log(t)) / 5
    np.testing.assert_allclose(kl(z, t)[0], cross_entropy(z, t)[0] - entropy)
    np.testing.assert_allclose(kl(z, softmax(z)[0])[0], 0, atol=1e-12)
    np.testing.assert_allclose(kl(z, softmax(z)[0])[1](), 0, atol=1e-12)
    assert kl(np.zeros((1, 2)), np.array([[1.0, 0.0]]))[0] == pytest.approx(math.log(2))  # 0 log 0 = 0


def test_bce_is_cross_entropy_of_two_classes():
    logits, labels = 4 * normal(7), np.array([0, 1, 1, 0, 1, 0, 0])
    two = np.stack([np.zeros(7), logits], 1)
    np.testing.assert_allclose(bce(logits, labels)[0], cross_entropy(two, labels)[0])
    np.testing.assert_allclose(bce(logits, labels)[1](), cross_entropy(two, labels)[1]()[:, 1])
    np.testing.assert_allclose(bce(logits, labels == 1)[0], bce(logits, labels)[0])


def test_huber_lies_between_its_two_halves():
    y, t = 3 * normal(50), np.zeros(50)
    np.testing.assert_allclose(huber(y, t, delta=100)[0], mse(y, t)[0] / 2)
    np.testing.assert_allclose(huber(y, t, delta=1e-6)[0] / 1e-6, mae(y, t)[0], rtol=1e-5)


@pytest.mark.parametrize("name", REGRESSIONS | CLASSIFIERS)
def test_wrong_predictions_and_shapes(name):
    f = (REGRESSIONS | CLASSIFIERS)[name]
    for y, t, message in (
        ([[1.0, 2.0]], np.ones((1, 2)), "array of floating-point predictions, got list"),
        (np.ones((1, 2), int), np.ones((1, 2)), "array of floating-point predictions, got int64"),
        (np.ones((0, 2)), np.ones((0, 2)), r"at least one example, got an empty batch \(0, 2\)"),
        (np.ones((5, 1)), np.ones(5) / 2, r"\(5, 1\).*\(5,\)"),
        (np.ones((5, 2)), np.ones((4, 2)) / 2, r"\(5, 2\).*\(4, 2\)"),
    ):
        with pytest.raises(ValueError, match=f"{name} takes .*{message}"):
            f(y, t)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda z: cross_entropy(z, np.array([0, 3])), "cross_entropy takes classes 0 to 2, got 0 to 3"),
        (lambda z: cross_entropy(z, np.array([-1, 2])), "cross_entropy takes classes 0 to 2, got -1 to 2"),
        (lambda z: cross_entropy(z, np.array([0.0, 1.0])), r"integer classes \(2,\) or .*, got float64 \(2,\)"),
        (lambda z: cross_entropy(z, np.ones((2, 3))), "target rows that are probabilities; row 0 is not"),
        (lambda z: cross_entropy(z, np.array([[1, 0, 0], [2, -1, 0.0]])), "rows that are probabilities"),
        (lambda z: cross_entropy(z, np.full((2, 3), np.nan)), "rows that are probabilities"),
        (
            lambda z: cross_entropy(z, np.array([0, 1]), smoothing=1.5),
            r"smoothing takes a number in \[0, 1\], got 1\.5",
        ),
        (lambda z: cross_entropy(z, np.array([0, 1]), weights=np.ones(3)), r"weights \(2,\), none neg.*got \(3,\)"),
        (lambda z: cross_entropy(z, np.array([0, 1]), weights=np.zeros(2)), "not all zero, got .* and sum 0"),
        (lambda z: cross_entropy(z, np.array([0, 1]), weights=np.array([1, -1])), "none negative.* minimum -1"),
        (lambda z: kl(z, np.ones((2, 3))), "kl takes target rows that are probabilities"),
        (lambda z: kl(z, np.array([0, 1])), r"kl takes predictions and targets of one shape, got \(2, 3\) and \(2,\)"),
        (lambda z: huber(z, z, delta=0), "huber delta takes a finite number > 0, got 0"),
        (lambda z: bce(z, np.full((2, 3), 1.1)), r"bce takes targets in \[0, 1\], got values from 1\.1 to 1\.1"),
        (lambda z: bce(z, np.full((2, 3), -1)), r"bce takes targets in \[0, 1\], got values from -1 to -1"),
        (lambda z: bce(z, np.full((2, 3), np.nan)), r"bce takes targets in \[0, 1\], got values from nan"),
    ],
)
def test_wrong_targets(call, message):
    with pytest.raises(ValueError, match=message):
        call(normal(2, 3))
