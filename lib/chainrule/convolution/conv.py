"""Convolution: one small kernel looks at every place of an image, so what is learnt in one place holds in all.

Against a dense layer on the same image it keeps two promises: an output sees only its neighbourhood, and all places
share their weights. Then a shifted image gives shifted outputs. As everywhere in deep learning, the kernel is not
flipped: it is a cross-correlation.
"""

import math
from typing import Any

import numpy as np

from chainrule.arrays import expect_float_dtype, expect_positive_int
from chainrule.convolution.columns import Columns, correlate, outer, spread
from chainrule.convolution.kernel import (
    Kernel,
    Padding,
    Size,
    expect_fit,
    expect_groups,
    expect_images,
    pair,
    zeros_around,
)
from chainrule.initializers import Initializer, he
from chainrule.layer import Layer


class Conv2d(Layer):
    """Convolution of images  y[n, o, i, j] = b[o] + Σ_{c, u, v} W[o, c, u, v] x[n, c, i s + u d − p, j s + v d − p].

    x (N, n_in, H, W) → y (N, n_out, H', W');  W (n_out, n_in / groups, kh, kw), b (n_out,)

    size, stride, dilation   an integer or a pair (height, width); s and d in the formula
    padding   zeros around the image, p: an integer or a pair, "valid" for none, or "same", with which an axis of n
              pixels gives ⌈n / s⌉ (half of d (k − 1) on each side, the odd one after)
    groups    the channels are cut into so many groups, and an output sees those of its own group only

    Backward  dW[o, c, u, v] = Σ dy[n, o, i, j] x[n, c, i s + u d − p, …],  db = Σ dy;  dx adds W[o, c, u, v]
              dy[n, o, i, j] to the pixel that they met: the transposed convolution of dy.
    Init      W by `init` as a matrix (n_in · kh · kw / groups, n_out), by default He et al. (2015), eq. 10; b zero.
    Source    LeCun et al. (1998), section II; groups Krizhevsky et al. (2012); dilation Yu & Koltun (2016).
    Raises    ValueError where x is not (N, n_in, H, W) of the layer's dtype, or too small for one output.
    """

    _axes = 2

    def __init__(
        self,
        n_in: int,
        n_out: int,
        size: Size,
        rng: np.random.Generator,
        stride: Size = 1,
        padding: Padding = "same",
        dilation: Size = 1,
        groups: int = 1,
        bias: bool = True,
        init: Initializer = he,
        dtype: Any = np.float32,
    ):
        name = type(self).__name__
        expect_groups(name, n_in, n_out, groups)
        size, dilation = pair(f"{name} size", size), pair(f"{name} dilation", dilation)
        around = zeros_around(f"{name} padding", padding, size, dilation)
        self.kernel = Kernel(size, pair(f"{name} stride", stride), dilation, around)
        self.groups, taps = int(groups), n_in // groups * math.prod(size)
        W = init((taps, n_out), rng, dtype=dtype).T
        self.parameters(W=W.reshape(n_out, n_in // groups, *size[-self._axes :]))
        if bias:
            self.parameters(b=np.zeros(n_out, expect_float_dtype(dtype)))

    def forward(self, x: np.ndarray) -> tuple:
        kernel, bias = self.kernel, "b" in self.names
        expect_images(self, x, self.groups * self.W.shape[1], self.W.dtype)
        image = x.shape[2], x.shape[3]
        expect_fit(self, kernel, image, self._axes)
        W, columns = self.W.reshape(*self.W.shape[:2], *kernel.size), Columns(x, kernel, self.groups, bias)

        def backward(dy: np.ndarray) -> np.ndarray:
            if not self._frozen:
                dW, db = outer(columns, dy, W)
                self.dW += dW.reshape(self.W.shape)
                if bias:
                    self.db += db
            return spread(dy, W, None, kernel, image, self.groups)

        return correlate(columns, W, self.b if bias else None), backward

    def label(self) -> str:
        n_out, n_in = self.W.shape[:2]
        groups = f", {self.groups} groups" if self.groups > 1 else ""
        return f"{type(self).__name__}({self.groups * n_in} → {n_out}, {self.kernel.label(self._axes)}{groups})"


class Conv1d(Conv2d):
    """Convolution of sequences  y[n, o, i] = b[o] + Σ_{c, u} W[o, c, u] x[n, c, i s + u d − p]:  Conv2d at height one.

    x (N, n_in, L) → y (N, n_out, L');  W (n_out, n_in / groups, k), b (n_out,). Options, Backward and Init as there.
    Raises    ValueError where x is not (N, n_in, L) of the layer's dtype, or too short for one output.
    """

    _axes = 1

    def __init__(
        self,
        n_in: int,
        n_out: int,
        size: int,
        rng: np.random.Generator,
        stride: int = 1,
        padding: int | str = "same",
        dilation: int = 1,
        groups: int = 1,
        bias: bool = True,
        init: Initializer = he,
        dtype: Any = np.float32,
    ):
        for what, value in (("size", size), ("stride", stride), ("dilation", dilation)):
            expect_positive_int(f"Conv1d {what}", value)
        flat: Padding = padding if isinstance(padding, str) else (0, padding)
        super().__init__(
            n_in, n_out, (1, size), rng, (1, stride), flat, (1, dilation), groups, bias=bias, init=init, dtype=dtype
        )

    def forward(self, x: np.ndarray) -> tuple:
        expect_images(self, x, self.groups * self.W.shape[1], self.W.dtype, axes="L")
        y, back = super().forward(x[:, :, None])
        return y[:, :, 0], lambda dy: back(dy[:, :, None])[:, :, 0]
