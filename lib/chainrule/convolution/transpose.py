"""Transposed convolution: what a convolution's backward does to a gradient, as a layer that makes images larger.

Each pixel of x stamps the kernel, scaled by its value, on the output; stamps lie a stride apart and add up where they
overlap. Where the stride does not divide the kernel's size they overlap unevenly, which shows as a checkerboard.
"""

import math
from typing import Any

import numpy as np

from chainrule.arrays import expect_float_dtype
from chainrule.convolution.columns import Columns, correlate, outer, spread
from chainrule.convolution.kernel import Kernel, Size, expect_groups, expect_images, pair, times, zeros_around
from chainrule.initializers import Initializer, he
from chainrule.layer import Layer
from chainrule.normalization.channels import channel_sums


class ConvTranspose2d(Layer):
    """Transposed convolution: x[n, c, i, j] W[c, o, u, v] is added to y[n, o, i s + u d − p, j s + v d − p], all to b.

    x (N, n_in, H, W) → y (N, n_out, H', W') with H' = (H − 1) s + d (k − 1) + 1 − 2 p + output_padding;
    W (n_in, n_out / groups, kh, kw), b (n_out,)

    size, stride, dilation   an integer or a pair (height, width)
    padding          pixels cut off at each edge, an integer or a pair: what the convolution that this one turns round
                     had added
    output_padding   rows and columns added at the end, fewer than the stride: a convolution rounds its output's size
                     down, so several sizes lead to the same one
    groups           the channels are cut into so many groups, and an output sees those of its own group only

    Backward  dx is the convolution of dy with W;  dW[c, o, u, v] = Σ x[n, c, i, j] dy[n, o, i s + u d − p, …],
              db = Σ dy.
    Init      W by `init` as a matrix (n_in · kh · kw / groups, n_out), times √(area of the stride), as an output
              meets one tap in so many; by default He et al. (2015), eq. 10; b zero.
    Source    Zeiler et al. (2010), section 2; Dumoulin & Visin (2016), chapter 4.
    Raises    ValueError where x is not (N, n_in, H, W) of the layer's dtype, or padding leaves no output.
    """

    def __init__(
        self,
        n_in: int,
        n_out: int,
        size: Size,
        rng: np.random.Generator,
        stride: Size = 1,
        padding: Size = 0,
        output_padding: Size = 0,
        dilation: Size = 1,
        groups: int = 1,
        bias: bool = True,
        init: Initializer = he,
        dtype: Any = np.float32,
    ):
        name = "ConvTranspose2d"
        expect_groups(name, n_in, n_out, groups)
        size, stride = pair(f"{name} size", size), pair(f"{name} stride", stride)
        dilation, self.output_padding = (
            pair(f"{name} dilation", dilation),
            pair(f"{name} output_padding", output_padding, 0),
        )
        if any(more >= s for more, s in zip(self.output_padding, stride)):
            raise ValueError(f"{name} takes an output_padding below its stride {stride}, got {self.output_padding}")
        around = zeros_around(f"{name} padding", pair(f"{name} padding", padding, 0), size, dilation)
        self.kernel, self.groups = Kernel(size, stride, dilation, around), int(groups)
        W = init((n_in // groups * math.prod(size), n_out), rng, dtype=dtype) * math.sqrt(math.prod(stride))
        W = W.reshape(n_in // groups, *size, groups, n_out // groups).transpose(3, 0, 4, 1, 2)
        self.parameters(W=W.reshape(n_in, n_out // groups, *size))
        if bias:
            self.parameters(b=np.zeros(n_out, expect_float_dtype(dtype)))

    def forward(self, x: np.ndarray) -> tuple:
        W, kernel, bias = self.W, self.kernel, "b" in self.names
        expect_images(self, x, len(W), W.dtype)
        image = self._grown((x.shape[2], x.shape[3]))

        def backward(dy: np.ndarray) -> np.ndarray:
            columns = Columns(dy, kernel, self.groups, bias=False)
            if not self._frozen:
                self.dW += outer(columns, x, W)[0]
                if bias:
                    self.db += channel_sums(dy)
            return correlate(columns, W, None)

        return spread(x, W, self.b if bias else None, kernel, image, self.groups), backward

    def _grown(self, grid: tuple[int, int]) -> tuple[int, int]:
        """The output's height and width. Raises ValueError where nothing is left."""
        k = self.kernel
        height, width = (
            (n - 1) * k.stride[a] + k.span(a) - sum(k.padding[a]) + self.output_padding[a] for a, n in enumerate(grid)
        )
        if min(height, width, *grid) < 1:
            raise ValueError(f"{self.label()} leaves no output of images {times(grid)}: {times((height, width))}")
        return height, width

    def label(self) -> str:
        n_in, n_out = self.W.shape[:2]
        groups = f", {self.groups} groups" if self.groups > 1 else ""
        return f"ConvTranspose2d({n_in} → {self.groups * n_out}, {self.kernel.label()}{groups})"
