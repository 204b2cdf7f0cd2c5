"""Digits that do not sit still: the same image, moved by a few pixels.

On scikit-learn's digits, which are all centred, a support vector machine is as good as a convolution. Moved about on
a larger canvas they ask for an answer that does not depend on the place.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from chainrule.arrays import expect_generator
from chainrule.data.real import Split, digits

MARGIN = 2  # pixels on each side of a digit, and how far it may be moved


def shift(images: np.ndarray, pixels: int, rng: np.random.Generator) -> np.ndarray:
    """Each image moved by its own whole number of pixels, −pixels … pixels each way, alike in all its channels.

    images (N, C, H, W) → a new array of the same shape and dtype. What leaves is lost; zeros come in from the other
    side. With pixels=1 it is the usual augmentation of small images, to be drawn anew for every epoch.
    """
    expect_generator(rng)
    if not isinstance(images, np.ndarray) or images.ndim != 4:
        raise ValueError(f"shift takes images (N, C, H, W), got {np.shape(images)}")
    if isinstance(pixels, bool) or not isinstance(pixels, (int, np.integer)) or pixels < 0:
        raise ValueError(f"shift takes a whole number of pixels >= 0, got {pixels!r}")
    n, _, height, width = images.shape
    padded = np.pad(images, ((0, 0), (0, 0), (pixels, pixels), (pixels, pixels)))
    windows = sliding_window_view(padded, (height, width), axis=(2, 3))
    top, left = rng.integers(0, 2 * pixels + 1, (2, n))
    return windows[np.arange(n), :, top, left]


def shifted_digits(seed: int = 0) -> Split:
    """The 1,797 digits as images (N, 1, 12, 12), each moved by up to ±2 pixels each way; 75 % to train on.

    The split is that of `digits(seed)`, and no pixel of a digit is lost. Each seed is one fixed data set; for rows,
    `x.reshape(len(x), -1)`.
    """
    plain, rng = digits(seed), np.random.default_rng((seed, MARGIN))
    return plain._replace(x_train=_moved(plain.x_train, rng), x_test=_moved(plain.x_test, rng))


def _moved(rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    canvas = ((0, 0), (0, 0), (MARGIN, MARGIN), (MARGIN, MARGIN))
    return shift(np.pad(rows.reshape(-1, 1, 8, 8), canvas), MARGIN, rng)
