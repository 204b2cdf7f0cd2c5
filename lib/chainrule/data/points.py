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


def ring_centres(modes: int = 8, radius: float = 2.0) -> np.ndarray:
    """The centres (modes, 2) of `eight_gaussians`, counter-clockwise from (radius, 0)."""
    angle = 2 * math.pi * np.arange(modes) / modes
    return (radius * np.stack([np.cos(angle), np.sin(angle)], 1)).astype(np.float32)


def eight_gaussians(n: int, rng: np.random.Generator, noise: float = 0.05) -> Points:
    """A mixture of eight narrow Gaussians, equally likely, around `ring_centres()` on a circle of radius 2.

    The label is the Gaussian that a point was drawn from; noise is the standard deviation in each coordinate.
    Neighbouring centres are 1.53 apart, so at the usual 0.02 to 0.1 no two clouds touch. After Metz et al. (2017).
    """
    _expect(n, noise, rng)
    labels = rng.integers(0, 8, n)
    return _finish(ring_centres()[labels], noise, rng), labels.astype(np.int64)


def swiss_roll(n: int, rng: np.random.Generator, noise: float = 0.02, turns: float = 1.5) -> Points:
    """A rolled-up line r = angle / angle_max, from angle π to π + 2π turns, so it reaches from inside to radius 1.

    Returns x (N, 2) and, in place of labels, the place of each point along the roll, (N,) float32 in [0, 1], to colour
    it by. The places are uniform in the angle. After Marsland (2009), cut to the plane.
    """
    _expect(n, noise, rng)
    expect_number("turns", turns, low=0, open_low=True)
    place = rng.uniform(0, 1, n)
    angle = math.pi * (1 + 2 * turns * place)
    r = angle / (math.pi * (1 + 2 * turns))
    return _finish(np.stack([r * np.cos(angle), r * np.sin(angle)], 1), noise, rng), place.astype(np.float32)


def _alternating(n: int) -> np.ndarray:
    """0, 1, 0, 1, …: as many of one class as of the other, in every prefix."""
    return (np.arange(n) % 2).astype(np.int64)


def _finish(points: np.ndarray, noise: float, rng: np.random.Generator) -> np.ndarray:
    return (points + rng.normal(0, noise, points.shape)).astype(np.float32)


def _expect(n: int, noise: float, rng: np.random.Generator) -> None:
    expect_generator(rng)
    expect_positive_int("n", n)
    expect_number("noise", noise, low=0)
