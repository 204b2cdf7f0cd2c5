"""The same numbers in another shape: an image as one row, or as a sequence of patches."""

import numpy as np

from chainrule.arrays import expect_positive_int


def flatten(x: np.ndarray) -> tuple:
    """Each example as one row: x (N, …) → y (N, d), in the order of x's axes;  dx is dy in the shape of x.

    Raises ValueError where x has no axis of examples.
    """
    if x.ndim == 0:
        raise ValueError("flatten takes (N, …), got ()")

    def backward(dy: np.ndarray) -> np.ndarray:
        dx = np.empty_like(x)  # in x's own memory order, which the layer before can take without a copy
        dx[...] = dy.reshape(x.shape)
        return dx

    return x.copy("C").reshape(len(x), x[:1].size), backward


def patches(x: np.ndarray, size: int) -> tuple:
    """Images cut into squares, each as one row: x (N, C, H, W) → y (N, P, C · size · size), P = (H / size)(W / size).

    Patches are in reading order, and a patch's numbers in the order (channel, row, column) of a convolution's W, so
    patches and a Dense layer are a convolution whose stride is its size.  dx puts each patch of dy back in its place.
    Dosovitskiy et al. (2021), section 3.1. Raises ValueError where size does not divide both H and W.
    """
    expect_positive_int("patches size", size)
    if x.ndim != 4 or x.shape[2] % size or x.shape[3] % size:
        raise ValueError(f"patches of {size}×{size} takes (N, C, H, W) with sides that are multiples, got {x.shape}")
    count, channels, height, width = x.shape
    down, across, numbers = height // size, width // size, channels * size * size

    def backward(dy: np.ndarray) -> np.ndarray:
        grid = dy.reshape(count, down, across, channels, size, size)
        return grid.transpose(0, 3, 1, 4, 2, 5).copy().reshape(x.shape)

    grid = x.reshape(count, channels, down, size, across, size)
    return grid.transpose(0, 2, 4, 1, 3, 5).copy("C").reshape(count, down * across, numbers), backward
