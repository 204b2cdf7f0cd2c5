"""Adam and AdamW: a step of about the learning rate in every coordinate, whatever the gradient's scale."""

import math

import numpy as np

from chainrule.arrays import expect_number
from chainrule.layer import Layer
from chainrule.optimizers.base import Optimizer, Rate


class Adam(Optimizer):
    """θ ← θ − lr m̂ / (√v̂ + ε),  m̂ and v̂ the bias-corrected averages of g and g².

    m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,  m̂ = m / (1 − β₁ᵗ),  v̂ = v / (1 − β₂ᵗ).
    Source  Kingma & Ba (2015), algorithm 1. With weight_decay > 0 this is AdamW.
    """

    slots = ("m", "v")

    def __init__(
        self,
        model: Layer,
        lr: Rate = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ):
        for name, beta in zip(("beta1", "beta2"), betas, strict=True):
            expect_number(name, beta, low=0, high=1, open_high=True)
        expect_number("eps", eps, low=0, open_low=True)
        self.betas, self.eps = betas, eps
        super().__init__(model, lr, weight_decay)

    def update(self, theta: np.ndarray, gradient: np.ndarray, rate: float) -> None:
        adam_step(theta, gradient, self.m, self.v, self._scratch, self.t, rate, self.betas, self.eps)


def adam_step(
    theta: np.ndarray,
    gradient: np.ndarray,
    m: np.ndarray,
    v: np.ndarray,
    scratch: np.ndarray,
    t: int,
    rate: float,
    betas: tuple[float, float],
    eps: float,
) -> None:
    """Adam's step number t, in place on theta, m and v; the gradient is left as it is.

    m and v are kept without their factors 1 − β, which together with the bias corrections come down to two numbers:
    ten passes over the vectors, none of which allocates.
    """
    b1, b2 = betas
    root = math.sqrt((1 - b2**t) / (1 - b2))
    m *= b1
    m += gradient
    v *= b2
    v += np.multiply(gradient, gradient, out=scratch)
    np.sqrt(v, out=scratch)
    scratch += eps * root
    np.divide(m, scratch, out=scratch)
    scratch *= rate * root * (1 - b1) / (1 - b1**t)
    theta -= scratch


class AdamW(Adam):
    """Adam with decoupled weight decay, 0.01 unless given. Loshchilov & Hutter (2019), algorithm 2."""

    def __init__(
        self,
        model: Layer,
        lr: Rate = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ):
        super().__init__(model, lr, betas, eps, weight_decay)
