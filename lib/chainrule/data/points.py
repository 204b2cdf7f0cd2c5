"""Points in the plane: problems small enough to be seen whole."""

import math

import numpy as np

from chainrule.arrays import expect_generator, expect_number, expect_positive_int

Points = tuple[np.ndarray, np.ndarray]

GATES = {"and": (0, 0, 0, 1), "or": (0, 1, 1, 1), "nand": (1, 1, 1, 0), "nor": (1, 0, 0, 0), "xor": (0, 1, 1, 0)}


def gate(name: str) -> Points:
    """The four inputs (0, 0), (0, 1), (1, 0), (1, 1) and what the gate answers: and, or, nand, nor or xor."""
    if name not in GATES:
        raise ValueError(f"gate takes one of {', '.join(GATES)}, got {name!r}")
    return np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32), np.array(GATES[name], np.int64)


def xor(n: int, rng: np.random.Generator, noise: float = 0.1) -> Points:
    """n points around the corners of the square [−1, 1]²; label 1 where the signs of the corner differ.

    noise is the standard deviation around each corner.
    """
    _expect(n, noise, rng)
    corner = rng.integers(0, 2, (n, 2))
    return _finish(2 * corner - 1, noise, rng), (corner[:, 0] ^ corner[:, 1]).astype(np.int64)


def circles(n: int, rng: np.random.Generator, noise: float = 0.1, radius: float = 0.5) -> Points:
    """A circle of radius 1 (label 0) around one of radius `radius` (label 1)."""
    _expect(n, noise, rng)
    expect_number("radius", radius, low=0)
    labels, angle = _alternating(n), rng.uniform(0, 2 * math.pi, n)
    r = np.where(labels == 1, radius, 1.0)
    return _finish(np.stack([r * np.cos(angle), r * np.sin(angle)], 1), noise, rng), labels


def moons(n: int, rng: np.random.Generator, noise: float = 0.1) -> Points:
    """Two half circles of radius 1, each reaching into the other: centres (0, 0) and (1, ½)."""
    _expect(n, noise, rng)
    labels, angle = _alternating(n), rng.uniform(0, math.pi, n)
    upper = np.stack([np.cos(angle), np.sin(angle)], 1)
    return _finish(np.where(labels[:, None] == 0, upper, [1, 0.5] - upper), noise, rng), labels


def two_spirals(n: int, rng: np.random.Generator, noise: float = 0.04, turns: float = 2.0) -> Points:
    """Two arms r = angle / (2π turns) in the unit disc, half a turn apart. After Lang & Witbrock (1988).

    The angle is uniform, so the points crowd towards the centre; noise is the standard deviation in each coordinate.
    """
    _expect(n, noise, rng)
    expect_number("turns", turns, low=0, open_low=True)
    labels, angle = _alternating(n), rng.uniform(0, 2 * math.pi * turns, n)
    r, phase = angle / (2 * math.pi * turns), angle + math.pi * labels
    return _finish(np.stack([r * np.cos(phase), r * np.sin(phase)], 1), noise, rng), labels


def blobs(n: int, rng: np.random.Generator, classes: int = 3, noise: float = 0.3) -> Points:
    """Gaussian clouds around `classes` centres, evenly spread on the unit circle."""
    _expect(n, noise, rng)
    expect_positive_int("classes", classes)
    labels = np.arange(n) % classes
    angle = 2 * math.pi * labels / classes
    return _finish(np.stack([np.cos(angle), np.sin(angle)], 1), noise, rng), labels.astype(np.int64)


def _alternating(n: int) -> np.ndarray:
    """0, 1, 0, 1, …: as many of one class as of the other, in every prefix."""
    return (np.arange(n) % 2).astype(np.int64)


def _finish(points: np.ndarray, noise: float, rng: np.random.Generator) -> np.ndarray:
    return (points + rng.normal(0, noise, points.shape)).astype(np.float32)


def _expect(n: int, noise: float, rng: np.random.Generator) -> None:
    expect_generator(rng)
    expect_positive_int("n", n)
    expect_number("noise", noise, low=0)
