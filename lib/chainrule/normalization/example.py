"""Normalisation within one example: over its features (LayerNorm, RMSNorm) or over groups of its channels (GroupNorm).

There are no statistics of a batch, so training and evaluation are one function, and a batch of one is like any other.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.arrays import (
    column_sums,
    expect_float_dtype,
    expect_number,
    expect_positive_int,
    expect_rows,
    row_sums,
    rows,
)
from chainrule.layer import Layer
from chainrule.normalization.channels import batch_major, channel_sums, expect_channels, laid_out_like, per_channel

Standardised = tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]


def standardised(x: np.ndarray, eps: float) -> Standardised:
    """x̂ = (x − μ) / σ with μ and σ = √(v + eps) of the last axis;  dx = (dx̂ − mean(dx̂) − x̂ mean(dx̂ x̂)) / σ.

    The two means are what comes back through μ and through σ. The way back writes into dx̂ and returns it.
    """
    width = x.shape[-1]
    xhat = x - row_sums(x) / width
    inverse = 1 / np.sqrt(np.vecdot(xhat, xhat)[..., None] / width + eps)
    xhat *= inverse

    def backward(dxhat: np.ndarray) -> np.ndarray:
        removed = xhat * (np.vecdot(dxhat, xhat)[..., None] / width)
        removed += row_sums(dxhat) / width
        dxhat -= removed
        dxhat *= inverse
        return dxhat

    return xhat, backward


class LayerNorm(Layer):
    """y = γ x̂ + β with x̂ = (x − μ) / √(v + eps), μ and v the mean and variance of each row.

    x (..., n) → y (..., n);  gamma, beta (n,)

    Backward  dγ = Σ dy x̂,  dβ = Σ dy,  dx = (dx̂ − mean(dx̂) − x̂ mean(dx̂ x̂)) / σ  with dx̂ = γ dy.
    Init      γ one, β zero.
    Source    Ba, Kiros & Hinton (2016), eq. 3 and 4.
    Raises    ValueError where the last axis of x is not n.
    """

    def __init__(self, n: int, eps: float = 1e-5, dtype: Any = np.float32):
        self.eps = _expect("LayerNorm", n, eps)
        dtype = expect_float_dtype(dtype)
        self.parameters(gamma=np.ones(n, dtype), beta=np.zeros(n, dtype))

    def forward(self, x: np.ndarray) -> tuple:
        gamma = self.gamma
        expect_rows(self, x, len(gamma), gamma.dtype)
        xhat, back = standardised(x, self.eps)
        y = xhat * gamma
        y += self.beta

        def backward(dy: np.ndarray) -> np.ndarray:
            if not self._frozen:
                self.dgamma += column_sums(rows(dy * xhat))
                self.dbeta += column_sums(rows(dy))
            return back(dy * gamma)

        return y, backward

    def label(self) -> str:
        return f"LayerNorm({len(self.gamma)})"


class RMSNorm(Layer):
    """y = γ x / r with r = √(mean(x²) + eps) of each row: layer normalisation that leaves the mean where it is.

    x (..., n) → y (..., n);  gamma (n,)

    Backward  with x̂ = x / r:  dγ = Σ dy x̂,  dx = (dx̂ − x̂ mean(dx̂ x̂)) / r  with dx̂ = γ dy.
    Init      γ one.
    Source    Zhang & Sennrich (2019), eq. 4.
    Raises    ValueError where the last axis of x is not n.
    """

    def __init__(self, n: int, eps: float = 1e-5, dtype: Any = np.float32):
        self.eps = _expect("RMSNorm", n, eps)
        self.parameters(gamma=np.ones(n, expect_float_dtype(dtype)))

    def forward(self, x: np.ndarray) -> tuple:
        gamma = self.gamma
        expect_rows(self, x, len(gamma), gamma.dtype)
        inverse = 1 / np.sqrt(np.vecdot(x, x)[..., None] / len(gamma) + self.eps)
        xhat = x * inverse

        def backward(dy: np.ndarray) -> np.ndarray:
            if not self._frozen:
                self.dgamma += column_sums(rows(dy * xhat))
            dxhat = dy * gamma
            dxhat -= xhat * (np.vecdot(dxhat, xhat)[..., None] / len(gamma))
            dxhat *= inverse
            return dxhat

        return xhat * gamma, backward

    def label(self) -> str:
        return f"RMSNorm({len(self.gamma)})"


class GroupNorm(Layer):
    """Standardise each group of n / groups neighbouring channels of each example, then  y = γ x̂ + β  by channel.

    x (N, n) or (N, n, ...), channels on axis 1 → y like x;  gamma, beta (n,). One group: layer normalisation over the
    whole example. n groups: instance normalisation (Ulyanov, Vedaldi & Lempitsky, 2016).

    Backward  dγ = Σ dy x̂,  dβ = Σ dy,  dx = (dx̂ − mean(dx̂) − x̂ mean(dx̂ x̂)) / σ  with dx̂ = γ dy, means by group.
    Init      γ one, β zero.
    Source    Wu & He (2018), eq. 1, 2 and 7.
    Raises    ValueError where axis 1 of x is not n, or groups does not divide n.
    """

    def __init__(self, groups: int, n: int, eps: float = 1e-5, dtype: Any = np.float32):
        self.eps = _expect("GroupNorm", n, eps)
        expect_positive_int("GroupNorm groups", groups)
        if n % groups:
            raise ValueError(f"GroupNorm takes groups that divide n, got {groups} groups of {n} channels")
        dtype = expect_float_dtype(dtype)
        self.groups = int(groups)
        self.parameters(gamma=np.ones(n, dtype), beta=np.zeros(n, dtype))

    def forward(self, x: np.ndarray) -> tuple:
        gamma = self.gamma
        expect_channels(self, x, len(gamma), gamma.dtype)
        grouped = (len(x), self.groups, math.prod(x.shape[1:]) // self.groups)
        if grouped[2] == 1:
            raise ValueError(f"{self.label()} takes groups of two or more numbers, got one in each of {x.shape}")
        xhat, back = standardised(batch_major(x).reshape(grouped), self.eps)
        xhat = xhat.reshape(x.shape)
        y = xhat * per_channel(gamma, x.ndim)
        y += per_channel(self.beta, x.ndim)

        def backward(dy: np.ndarray) -> np.ndarray:
            dy = laid_out_like(dy, xhat)
            if not self._frozen:
                self.dgamma += channel_sums(dy * xhat)
                self.dbeta += channel_sums(dy)
            return back((dy * per_channel(gamma, x.ndim)).reshape(grouped)).reshape(x.shape)

        return y, backward

    def label(self) -> str:
        return f"GroupNorm({self.groups} groups of {len(self.gamma) // self.groups})"


def _expect(layer: str, n: int, eps: float) -> float:
    expect_positive_int(f"{layer} n", n)
    expect_number(f"{layer} eps", eps, low=0, open_low=True)
    return float(eps)
