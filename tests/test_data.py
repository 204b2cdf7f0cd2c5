import checks_pictures
import numpy as np
import pytest
from helpers import rng

import chainrule.data.points
from chainrule.data import (
    blobs,
    circles,
    digits,
    eight_gaussians,
    gate,
    iris,
    moons,
    split,
    swiss_roll,
    two_spirals,
    xor,
)

MADE = {
    "xor": xor,
    "circles": circles,
    "moons": moons,
    "two_spirals": two_spirals,
    "blobs": blobs,
    "eight_gaussians": eight_gaussians,
}


def test_check():
    checks_pictures.clouds_and_rolls_by_hand(chainrule.data.points)


@pytest.mark.parametrize("n", [1, 2, 101])
@pytest.mark.parametrize("name", MADE)
def test_shapes_dtypes_and_determinism(name, n):
    x, labels = MADE[name](n, rng(3))
    assert x.shape == (n, 2) and x.dtype == np.float32 and labels.shape == (n,) and labels.dtype == np.int64
    again, other = MADE[name](n, rng(3)), MADE[name](n, rng(4))
    assert np.array_equal(x, again[0]) and np.array_equal(labels, again[1]) and not np.array_equal(x, other[0])


@pytest.mark.parametrize("name", ["circles", "moons", "two_spirals", "blobs"])
def test_classes_are_balanced(name):
    counts = np.bincount(MADE[name](301, rng())[1])
    assert len(counts) == (3 if name == "blobs" else 2) and counts.max() - counts.min() <= 1


@pytest.mark.parametrize("name", MADE)
def test_noise_is_a_standard_deviation(name):
    gap = MADE[name](4000, rng(), noise=0.2)[0] - MADE[name](4000, rng(), noise=0)[0]
    np.testing.assert_allclose([gap.std(), gap.mean()], [0.2, 0], atol=0.01)


def test_without_noise_points_lie_on_their_curves():
    x, labels = xor(50, rng(), noise=0)
    assert set(np.abs(x).ravel()) == {1} and np.array_equal(labels, (x[:, 0] * x[:, 1] < 0).astype(int))
    x, labels = circles(50, rng(), noise=0, radius=0.3)
    np.testing.assert_allclose(np.hypot(*x.T), np.where(labels, 0.3, 1), rtol=1e-6)
    x, labels = moons(50, rng(), noise=0)
    np.testing.assert_allclose(np.hypot(*(x - np.where(labels[:, None], (1, 0.5), (0, 0))).T), 1, rtol=1e-6)
    assert (x[labels == 0, 1] >= 0).all() and (x[labels == 1, 1] <= 0.5).all()
    x, labels = blobs(50, rng(), classes=5, noise=0)
    np.testing.assert_allclose(np.exp(2j * np.pi * labels / 5), x[:, 0] + 1j * x[:, 1], atol=1e-6)


@pytest.mark.parametrize("turns", [1, 2.5])
def test_spirals_wind_outwards_half_a_turn_apart(turns):
    x, labels = two_spirals(400, rng(), noise=0, turns=turns)
    r = np.hypot(*x.T)
    assert r.max() <= 1 and r.max() > 0.98 and r.min() < 0.02
    angle = 2 * np.pi * turns * r + np.pi * labels
    np.testing.assert_allclose(x, np.stack([r * np.cos(angle), r * np.sin(angle)], 1), atol=1e-5)


@pytest.mark.parametrize(
    ("name", "truth"), [("and", [0, 0, 0, 1]), ("or", [0, 1, 1, 1]), ("nand", [1, 1, 1, 0]), ("nor", [1, 0, 0, 0])]
)
def test_gates(name, truth):
    x, labels = gate(name)
    assert x.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]] and x.dtype == np.float32
    assert labels.tolist() == truth and labels.dtype == np.int64
    x[...] = 9
    assert gate(name)[0].max() == 1 and gate("xor")[1].tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize(("load", "n", "d", "classes"), [(iris, 150, 4, 3), (digits, 1797, 64, 10)])
def test_real_data_has_one_fixed_stratified_split_for_each_seed(load, n, d, classes):
    s, again, other = load(), load(0), load(1)
    assert s.x_train.shape[1] == d and len(s.x_train) + len(s.x_test) == n and s.x_train.dtype == np.float32
    assert s.y_train.dtype == np.int64 and all(np.array_equal(a, b) for a, b in zip(s, again))
    assert not np.array_equal(s.x_test, other.x_test)
    whole, held = (np.bincount(y, minlength=classes) for y in (np.concatenate([s.y_train, s.y_test]), s.y_test))
    assert (np.abs(held - whole / 4) <= 0.5).all() and len(whole) == classes
    if load is digits:
        assert s.x_train.min() == 0 and s.x_train.max() == 1


def test_split_cuts_into_disjoint_parts_that_keep_their_labels():
    x, labels = np.arange(40.0)[:, None], np.repeat([0, 1, 2], [20, 16, 4])
    s = split(x, labels, rng(), test=0.25)
    assert sorted(np.concatenate([s.x_train, s.x_test]).ravel()) == list(range(40))
    assert np.bincount(s.y_test).tolist() == [5, 4, 1]
    for part, y in ((s.x_train, s.y_train), (s.x_test, s.y_test)):
        assert np.array_equal(labels[part.ravel().astype(int)], y) and not np.array_equal(part, np.sort(part, 0))
    extreme = split(x, labels, rng(), test=0.99)
    assert np.bincount(extreme.y_train).tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: gate("nope"), "gate takes one of and, or, nand, nor, xor, got 'nope'"),
        (lambda: moons(0, rng()), "n takes a positive integer, got 0"),
        (lambda: blobs(9, rng(), classes=-2), "classes takes a positive integer, got -2"),
        (lambda: xor(9, rng(), noise=-1), "noise takes a finite number >= 0, got -1"),
        (lambda: circles(9, rng(), radius=float("nan")), "radius takes a finite number >= 0, got nan"),
        (lambda: two_spirals(9, rng(), turns=0), "turns takes a finite number > 0, got 0"),
        (lambda: circles(9, rng(), noise="0"), "noise takes a finite number >= 0, got '0'"),
        (lambda: blobs(True, rng()), "n takes a positive integer, got True"),
        (lambda: swiss_roll(9, None), r"rng takes a np\.random\.Generator .*, got NoneType"),
        (lambda: swiss_roll(9, rng(), turns=-1), "turns takes a finite number > 0, got -1"),
        (lambda: eight_gaussians(9, rng(), noise=-0.1), r"noise takes a finite number >= 0, got -0\.1"),
        (lambda: two_spirals(9, 0), r"rng takes a np\.random\.Generator .*, got int"),
        (lambda: split(np.ones(4), np.zeros(3), rng()), r"a label \(N,\) for each of .* got \(4,\) and \(3,\)"),
        (lambda: split(np.ones(0), np.zeros(0), rng()), r"N >= 1 examples, got \(0,\) and \(0,\)"),
        (lambda: split(np.ones(4), np.zeros(4), rng(), test=1), r"test takes a number in \(0, 1\), got 1"),
        (
            lambda: split(np.ones(3), np.array([0, 0, 5]), rng()),
            "two examples of each class, got one of class 5",
        ),
    ],
)
def test_wrong_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()
