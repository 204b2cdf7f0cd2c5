"""What every part of a transformer layer has in common: it adds to a stream that runs past it, and a norm keeps it in
range. Where the norm stands decides how the network trains: before the part (pre-norm) the stream itself is never
rescaled, and gradients pass it unchanged however deep the stack; after the sum (post-norm), as first published, each
layer rescales the stream and training wants a warm-up.
"""

from typing import Any

import numpy as np

from chainrule.dropout import Dropout
from chainrule.layer import Layer


class Sublayer(Layer):
    """Pre-norm  y = x + drop(f(norm(x))),  post-norm  y = norm(x + drop(f(x))).

    x (N, T, d) → y like x. Further inputs and options go to f: `sublayer(x, memory, mask=mask)`.

    Backward  through each part in reverse, dy added where the stream runs past f; → dx, or (dx, dmemory, …).
    Source    Vaswani et al. (2017), section 3.1 (post); Xiong et al. (2020), figure 1 (pre).
    """

    def __init__(self, f: Layer, norm: Layer, norm_first: bool, dropout: float, rng: np.random.Generator):
        self.f, self.norm, self.norm_first = f, norm, norm_first
        if dropout:
            self.dropout = Dropout(dropout, rng)

    def forward(self, *inputs: Any, **options: Any) -> tuple:
        return self._pre(*inputs, **options) if self.norm_first else self._post(*inputs, **options)

    def _pre(self, x: np.ndarray, *memory: np.ndarray, **options: Any) -> tuple:
        h, back_norm = self.norm(x)
        z, back_branch = self._branch(h, *memory, **options)

        def backward(dy: np.ndarray) -> Any:
            dh, dmemory = back_branch(dy)
            return _with(dy + back_norm(dh), dmemory)

        return x + z, backward

    def _post(self, x: np.ndarray, *memory: np.ndarray, **options: Any) -> tuple:
        z, back_branch = self._branch(x, *memory, **options)
        y, back_norm = self.norm(x + z)

        def backward(dy: np.ndarray) -> Any:
            ds = back_norm(dy)
            dx, dmemory = back_branch(ds)
            return _with(ds + dx, dmemory)

        return y, backward

    def _branch(self, h: np.ndarray, *memory: np.ndarray, **options: Any) -> tuple:
        """drop(f(h, …)), and back(dz) → (dh, (dmemory, …))."""
        z, back_f = self.f(h, *memory, **options)
        z, back_drop = self.dropout(z) if hasattr(self, "dropout") else (z, None)

        def backward(dz: np.ndarray) -> tuple:
            gradients = back_f(dz if back_drop is None else back_drop(dz))
            return (gradients[0], gradients[1:]) if isinstance(gradients, tuple) else (gradients, ())

        return z, backward


def _with(dx: np.ndarray, dmemory: tuple) -> Any:
    return (dx, *dmemory) if dmemory else dx
