"""Upsampling: a larger image from a smaller one without weights, by repeating pixels or by drawing lines between them.

Both are linear and work along one axis and then the other, so each is y = A x Bᵀ with a tall matrix for each axis.
"""

import numpy as np

from chainrule.convolution.kernel import Size, expect_images, pair, times
from chainrule.layer import Layer

MODES = ("nearest", "bilinear")


class Upsample(Layer):
    """Every image larger by whole factors  y[n, c] = A x[n, c] Bᵀ.

    x (N, C, H, W) → y (N, C, f H, f W) (or two factors); row i of A says how output row i is mixed from rows of x.
    "nearest" repeats each pixel. "bilinear" draws lines between the pixels' centres: output i lies at
    (i + ½) / f − ½, and beyond the outermost centre the image goes on as it ended (align_corners=False elsewhere).

    Backward  dx[n, c] = Aᵀ dy[n, c] B: what each pixel gave, it gets back.
    Raises    ValueError where x is not (N, C, H, W) of floating-point numbers.
    """

    def __init__(self, factor: Size, mode: str = "nearest"):
        self.factor = pair("Upsample factor", factor)
        if mode not in MODES:
            raise ValueError(f"Upsample mode takes one of {', '.join(MODES)}, got {mode!r}")
        self.mode = mode

    def forward(self, x: np.ndarray) -> tuple:
        expect_images(self, x, None)
        A, B = (_mixing(n, f, self.mode, x.dtype) for n, f in zip(x.shape[2:], self.factor))
        return _both(A, x, B), lambda dy: _both(A.T, dy, B.T)

    def label(self) -> str:
        return f"Upsample({times(self.factor)}, {self.mode})"


def _both(A: np.ndarray, x: np.ndarray, B: np.ndarray) -> np.ndarray:
    """A x Bᵀ for every image, in channel-major memory, where both products have long rows."""
    x = x.transpose(1, 2, 3, 0)
    channels, height, width, count = x.shape
    tall = (A @ x.reshape(channels, height, width * count)).reshape(channels, len(A), width, count)
    return (B @ tall).transpose(3, 0, 1, 2)


def _mixing(n: int, factor: int, mode: str, dtype: np.dtype) -> np.ndarray:
    """The matrix (factor · n, n) of one axis: its rows sum to one."""
    at = (np.arange(factor * n) + 0.5) / factor - 0.5
    if mode == "nearest":
        return np.eye(n, dtype=dtype)[np.rint(at).astype(int)]
    at = np.clip(at, 0, n - 1)
    return np.maximum(0, 1 - np.abs(at[:, None] - np.arange(n))).astype(dtype)
