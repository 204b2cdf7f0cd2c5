"""What must hold of the data that can be seen, points and images, as functions of the module: see checks.py."""

import math
from types import ModuleType

import numpy as np
from helpers import normal, rng
from numpy.testing import assert_allclose, assert_array_equal

from chainrule.data import digits


def images_move_as_wholes(m: ModuleType) -> None:
    images = normal(400, 2, 5, 6)
    moved, seen = m.shift(images, 1, rng()), set()
    for was, now in zip(images, moved):
        fits = []
        for down in (-1, 0, 1):
            for right in (-1, 0, 1):
                by_hand = np.zeros_like(was)
                for i in range(5):
                    for j in range(6):
                        if 0 <= i - down < 5 and 0 <= j - right < 6:
                            by_hand[:, i, j] = was[:, i - down, j - right]
                if np.array_equal(now, by_hand):
                    fits.append((down, right))
        assert len(fits) == 1
        seen.add(fits[0])
    assert len(seen) == 9
    assert_array_equal(m.shift(images, 0, rng()), images)


def digits_move_within_their_canvas(m: ModuleType) -> None:
    plain, moved = digits(3), m.shifted_digits(3)
    places = set()
    for name in ("train", "test"):
        rows, images = (getattr(s, f"x_{name}") for s in (plain, moved))
        assert_array_equal(getattr(plain, f"y_{name}"), getattr(moved, f"y_{name}"))
        assert images.shape == (len(rows), 1, 12, 12) and images.dtype == np.float32
        for row, image in zip(rows, images[:, 0]):
            corners = [
                (i, j) for i in range(5) for j in range(5) if np.array_equal(image[i : i + 8, j : j + 8].ravel(), row)
            ]
            assert corners and math.isclose(image.sum(), row.sum(), rel_tol=1e-5)
            places.update(corners if len(corners) == 1 else [])
    assert len(places) == 25


def shapes_by_hand(m: ModuleType) -> None:
    images, labels = m.shapes(800, rng(), size=20, noise=0)
    assert images.shape == (800, 1, 20, 20) and images.dtype == np.float32 and labels.dtype == np.int64
    assert (np.bincount(labels) == 200).all() and images.min() == 0 and 0.55 < images.max() <= 1
    radius = np.sqrt(images.sum((1, 2, 3)) / images.max((1, 2, 3)) / math.pi)  # from the area, the same for all kinds
    for kind in range(4):
        of = radius[labels == kind]
        assert 2.2 < of.min() < 3.0 and 4.6 < of.max() < 5.4 and abs(of.mean() - 3.75) < 0.2
    images, labels = m.shapes(80, rng(), kinds=("stripes", "cross", "square", "circle"), size=64, noise=0)
    filled, blank = np.empty(80), np.empty(80)
    for i, image in enumerate(images[:, 0] / images.max((2, 3), keepdims=True)[:, 0]):
        (top, left), (bottom, right) = (f(np.argwhere(image > 0.5), 0) for f in (np.min, np.max))
        box = image[top : bottom + 1, left : right + 1]
        filled[i], blank[i] = box.mean(), max((box.max(0) < 0.5).mean(), (box.max(1) < 0.5).mean())
    for kind, (share, gaps) in enumerate([(3 / 5, 2 / 5), (20 / 36, 0), (1, 0), (math.pi / 4, 0)]):
        of = labels == kind  # of the square around it: the share that is bright, and that of whole dark rows or columns
        assert_allclose([filled[of].mean(), blank[of].mean()], [share, gaps], atol=0.04)


def patterns_by_hand(m: ModuleType) -> None:
    images, labels = m.patterns(600, rng(), size=16)
    assert images.shape == (600, 1, 16, 16) and images.dtype == np.float32 and images.min() >= 0 and images.max() <= 1
    stripes, boards, ramps = (images[labels == k, 0] for k in range(3))
    assert set(boards.ravel()) == {0, 1}
    assert ((boards[:, :1] + boards[:, :, :1] + boards[:, :1, :1] - boards) % 2 == 0).all()  # rows equal or opposite
    for axis in (1, 2):
        assert np.abs(np.diff(ramps, n=2, axis=axis)).max() < 1e-5
    assert_allclose([ramps.min((1, 2)), ramps.max((1, 2))], [[0] * 200, [1] * 200], atol=1e-6)
    power = np.abs(np.fft.fft2(stripes - stripes.mean((1, 2), keepdims=True))) ** 2
    assert np.median(power.max((1, 2)) / power.sum((1, 2))) > 0.2  # half of the power at most: the other is its mirror
    assert stripes.std() > 0.3 and 0 < (stripes.mean((1, 2)) - 0.5).std() < 0.1
    noisy = m.patterns(600, rng(), size=16, noise=0.2)[0]
    assert_allclose((noisy - images).std(), 0.2, rtol=0.02)


def clouds_and_rolls_by_hand(m: ModuleType) -> None:
    x, labels = m.eight_gaussians(8000, rng(), noise=0.05)
    angle = 2 * math.pi * labels / 8
    gaps = x - 2 * np.stack([np.cos(angle), np.sin(angle)], 1)
    assert_allclose(gaps.std(0), 0.05, rtol=0.03)
    assert np.bincount(labels).min() > 880
    assert_allclose(m.ring_centres()[:3], [[2, 0], [math.sqrt(2)] * 2, [0, 2]], atol=1e-6)
    assert_allclose(m.ring_centres(3, radius=1.0)[1], [-0.5, math.sqrt(3) / 2], atol=1e-6)
    x, place = m.swiss_roll(2000, rng(), noise=0, turns=2.0)
    r, turn = np.hypot(*x.T), 1 + 4 * place
    assert_allclose(r, turn / 5, rtol=1e-5)
    assert_allclose(np.angle(np.exp(1j * (np.arctan2(x[:, 1], x[:, 0]) - math.pi * turn))), 0, atol=1e-4)
    assert r.max() > 0.99 and r.min() < 0.21 and place.dtype == np.float32
