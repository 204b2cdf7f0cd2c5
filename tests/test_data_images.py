import checks_pictures
import numpy as np
import pytest
from helpers import normal, rng

import chainrule.data.drawings
import chainrule.data.images
from chainrule.data import PATTERNS, SHAPES, patterns, shapes, shift, shifted_digits

DRAWN = {"shapes": shapes, "patterns": patterns}
IMAGES = np.zeros((2, 1, 3, 3))


@pytest.mark.parametrize("check", ["images_move_as_wholes", "digits_move_within_their_canvas"])
def test_check_of_moved_images(check):
    getattr(checks_pictures, check)(chainrule.data.images)


@pytest.mark.parametrize("check", ["shapes_by_hand", "patterns_by_hand"])
def test_check_of_drawings(check):
    getattr(checks_pictures, check)(chainrule.data.drawings)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
def test_shift_keeps_the_dtype_and_its_input_and_follows_its_generator(dtype):
    images = (9 * normal(20, 3, 4, 5)).astype(dtype)
    images.setflags(write=False)
    moved = shift(images, 2, rng(1))
    assert moved.dtype == dtype and moved.shape == images.shape and moved.flags.writeable
    assert np.array_equal(moved, shift(images, 2, rng(1))) and not np.array_equal(moved, shift(images, 2, rng(2)))
    assert not np.shares_memory(shift(images, 0, rng()), images)
    assert shift(images[:0], 1, rng()).shape == (0, 3, 4, 5)


def test_shift_further_than_the_image_leaves_nothing_behind():
    assert not shift(np.ones((400, 1, 2, 2)), 9, rng()).all((1, 2, 3)).all()


def test_shifted_digits_are_the_same_every_time_and_others_for_another_seed():
    a, b, other = shifted_digits(), shifted_digits(0), shifted_digits(1)
    assert all(np.array_equal(x, y) for x, y in zip(a, b)) and not np.array_equal(a.x_test, other.x_test)
    assert len(a.x_train) == len(a.y_train) == 1347 and len(a.x_test) == len(a.y_test) == 450


@pytest.mark.parametrize("n", [1, 7])
@pytest.mark.parametrize("size", [8, 13])
@pytest.mark.parametrize("name", DRAWN)
def test_drawings_follow_their_generator(name, n, size):
    draw = DRAWN[name]
    images, labels = draw(n, rng(3), size=size, noise=0.1)
    assert images.shape == (n, 1, size, size) and images.dtype == np.float32
    assert labels.shape == (n,) and labels.dtype == np.int64
    again, other = draw(n, rng(3), size=size, noise=0.1), draw(n, rng(4), size=size, noise=0.1)
    assert np.array_equal(images, again[0]) and not np.array_equal(images, other[0])


def test_noise_is_a_standard_deviation():
    gap = shapes(300, rng(), noise=0.2)[0] - shapes(300, rng(), noise=0)[0]
    np.testing.assert_allclose([gap.std(), gap.mean()], [0.2, 0], atol=0.003)


def test_brightness_does_not_tell_the_kinds_apart():
    images, labels = shapes(4000, rng(), noise=0)
    bright, kinds = images.mean((1, 2, 3)), len(SHAPES)
    order = bright.argsort()
    for part in np.array_split(order, 4):  # in each quarter by brightness, every kind has about a quarter
        assert np.abs(np.bincount(labels[part], minlength=kinds) / len(part) - 1 / kinds).max() < 0.06


def test_labels_are_places_among_the_kinds_asked_for():
    squares = shapes(6, rng(), kinds=("square",), noise=0)
    assert not squares[1].any()
    assert set(shapes(9, rng(), kinds=("cross", "circle"))[1]) == {0, 1} and len(PATTERNS) == 3


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: shift(np.zeros((3, 3)), 1, rng()), r"shift takes images \(N, C, H, W\), got \(3, 3\)"),
        (lambda: shift([[1.0]], 1, rng()), r"shift takes images \(N, C, H, W\), got \(1, 1\)"),
        (lambda: shift(IMAGES, -1, rng()), "a whole number of pixels >= 0, got -1"),
        (lambda: shift(IMAGES, 1.5, rng()), r"a whole number of pixels >= 0, got 1\.5"),
        (lambda: shift(IMAGES, True, rng()), "a whole number of pixels >= 0, got True"),
        (lambda: shift(IMAGES, 1, 0), r"rng takes a np\.random\.Generator .*, got int"),
        (lambda: shapes(0, rng()), "n takes a positive integer, got 0"),
        (lambda: shapes(3, rng(), size=7), "shapes takes a size of at least 8 pixels, got 7"),
        (lambda: shapes(3, rng(), kinds=("disc",)), r"kinds among circle, square, cross, stripes, got \('disc',\)"),
        (lambda: shapes(3, rng(), kinds=()), r"kinds among .*, got \(\)"),
        (lambda: shapes(3, rng(), noise=-1), "noise takes a finite number >= 0, got -1"),
        (lambda: patterns(3, rng(), size=3), "patterns takes a size of at least 4 pixels, got 3"),
        (lambda: patterns(3, rng(), size=8.0), r"size takes a positive integer, got 8\.0"),
        (lambda: patterns(3, 7), r"rng takes a np\.random\.Generator .*, got int"),
    ],
)
def test_wrong_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()
