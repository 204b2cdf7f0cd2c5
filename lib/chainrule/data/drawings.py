"""Images drawn by rule, so that what tells the classes apart is known."""

import math
from collections.abc import Sequence

import numpy as np

from chainrule.arrays import expect_generator, expect_number, expect_positive_int

Images = tuple[np.ndarray, np.ndarray]

SHAPES = ("circle", "square", "cross", "stripes")
PATTERNS = ("stripes", "checkerboard", "gradient")
FINE = 4  # points to a pixel each way; a pixel is their mean, so edges are smooth


def shapes(
    n: int, rng: np.random.Generator, kinds: Sequence[str] = SHAPES, size: int = 16, noise: float = 0.1
) -> Images:
    """One bright shape on black, anywhere, of any size and brightness: images (n, 1, size, size), labels (n,).

    A label is the place in `kinds`, some of circle, square, cross and stripes (three bars, upright or lying). All
    kinds have the same area π r², r from size / 8 to size / 4, and stay inside the image, so neither brightness nor
    the border gives the kind away. noise is the standard deviation of each pixel; brightness is 0.6 to 1.
    """
    _expect(n, size, noise, rng)
    if size < 8:
        raise ValueError(f"shapes takes a size of at least 8 pixels, got {size}")
    if len(kinds) == 0 or not set(kinds) <= set(SHAPES):
        raise ValueError(f"shapes takes kinds among {', '.join(SHAPES)}, got {tuple(kinds)}")
    labels = np.arange(n) % len(kinds)
    r = rng.uniform(size / 8, size / 4, n)
    centre = rng.uniform(1.2 * r, size - 1.2 * r, (2, n))
    brightness, lying = rng.uniform(0.6, 1, n), rng.integers(0, 2, n).astype(bool)
    images = np.empty((n, 1, size, size), np.float32)
    for label, kind in enumerate(kinds):
        of = labels == label
        y, x = ((_fine_grid(size) - c[of, None]) / r[of, None] for c in centre)
        inside = _inside(kind, y[:, :, None], x[:, None, :], lying[of, None, None])
        images[of, 0] = brightness[of, None, None] * _pixels(inside, size)
    return _with_noise(images, noise, rng), labels.astype(np.int64)


def _inside(kind: str, y: np.ndarray, x: np.ndarray, lying: np.ndarray) -> np.ndarray:
    """Which points, in units of r around the centre, belong to a shape of area π."""
    if kind == "circle":
        return y * y + x * x < 1
    if kind == "square":
        return np.maximum(np.abs(y), np.abs(x)) < math.sqrt(math.pi) / 2
    if kind == "cross":  # two bars 2a long and 2a/3 wide: 20/9 a² = π
        a = math.sqrt(9 * math.pi / 20)
        return np.maximum(np.abs(y), np.abs(x)) < np.where(np.minimum(np.abs(y), np.abs(x)) < a / 3, a, 0)
    a = math.sqrt(math.pi / 2.4)  # a square of side 2a cut into five strips, of which three are drawn: 2.4 a² = π
    strip = np.floor((np.where(lying, y, x) + a) / (0.4 * a))
    return (np.maximum(np.abs(y), np.abs(x)) < a) & (strip % 2 == 0)


def patterns(n: int, rng: np.random.Generator, size: int = 8, noise: float = 0.0) -> Images:
    """Textures in [0, 1]: images (n, 1, size, size), labels (n,): 0 stripes, 1 a checkerboard, 2 a gradient.

    stripes       a sine wave of any direction and phase, with 1 to size / 4 waves across the image
    checkerboard  squares of side size / 8 to size / 2, at any place
    gradient      a ramp from 0 to 1 in any direction

    noise is the standard deviation of each pixel; without it the images are clean.
    """
    _expect(n, size, noise, rng)
    if size < 4:
        raise ValueError(f"patterns takes a size of at least 4 pixels, got {size}")
    labels = np.arange(n) % len(PATTERNS)
    angle, phase, other = rng.uniform(0, 2 * math.pi, (3, n, 1, 1))
    scale = rng.uniform(0, 1, (n, 1, 1))
    at = (np.arange(size) + 0.5) / size - 0.5
    y, x = at[:, None], at[None, :]
    along = x * np.cos(angle) + y * np.sin(angle)
    corner = (np.abs(np.cos(angle)) + np.abs(np.sin(angle))) * at[-1]  # the largest `along` in the image
    waves, side = 1 + scale * (size / 4 - 1), (1 + 3 * scale) / 8
    stripes = 0.5 + 0.5 * np.sin(2 * math.pi * waves * along + phase)
    checkerboard = (np.floor(x / side + phase / math.pi) + np.floor(y / side + other / math.pi)) % 2
    gradient = 0.5 + 0.5 * along / corner
    images = np.choose(labels[:, None, None], (stripes, checkerboard, gradient))
    return _with_noise(np.clip(images[:, None], 0, 1), noise, rng), labels.astype(np.int64)


def _fine_grid(size: int) -> np.ndarray:
    return (np.arange(FINE * size, dtype=np.float32)[None] + 0.5) / FINE


def _pixels(inside: np.ndarray, size: int) -> np.ndarray:
    return inside.reshape(-1, size, FINE, size, FINE).mean((2, 4), dtype=np.float32)


def _with_noise(images: np.ndarray, noise: float, rng: np.random.Generator) -> np.ndarray:
    return (images + rng.normal(0, noise, images.shape)).astype(np.float32)


def _expect(n: int, size: int, noise: float, rng: np.random.Generator) -> None:
    expect_generator(rng)
    expect_positive_int("n", n)
    expect_positive_int("size", size)
    expect_number("noise", noise, low=0)
