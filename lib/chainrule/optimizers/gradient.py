"""Steps along the gradient itself: plain, with momentum, and scaled coordinate by coordinate."""

import numpy as np

from chainrule.arrays import expect_number
from chainrule.layer import Layer
from chainrule.optimizers.base import Optimizer, Rate


class SGD(Optimizer):
    """θ ← θ − lr v  with  v ← μ v + g;  Nesterov's variant steps along g + μ v. Without momentum v = g.

    Sources  Polyak (1964); Nesterov (1983) in the form of Sutskever et al. (2013), eq. 3–4, as PyTorch writes it.
    """

    def __init__(
        self, model: Layer, lr: Rate, momentum: float = 0.0, nesterov: bool = False, weight_decay: float = 0.0
    ):
        expect_number("momentum", momentum, low=0, high=1)
        if nesterov and not momentum:
            raise ValueError("nesterov takes a momentum > 0, got 0")
        self.momentum, self.nesterov = momentum, nesterov
        self.slots = ("v",) if momentum else ()
        super().__init__(model, lr, weight_decay)

    def update(self, theta: np.ndarray, gradient: np.ndarray, rate: float) -> None:
        move = gradient
        if self.momentum:
            self.v *= self.momentum
            self.v += gradient
            move = gradient + self.momentum * self.v if self.nesterov else self.v
        theta -= np.multiply(move, rate, out=self._scratch)


class AdaGrad(Optimizer):
    """θ ← θ − lr g / (√s + ε)  with  s ← s + g². Duchi, Hazan & Singer (2011), diagonal form."""

    slots = ("s",)

    def __init__(self, model: Layer, lr: Rate = 1e-2, eps: float = 1e-10, weight_decay: float = 0.0):
        expect_number("eps", eps, low=0, open_low=True)
        self.eps = eps
        super().__init__(model, lr, weight_decay)

    def update(self, theta: np.ndarray, gradient: np.ndarray, rate: float) -> None:
        self.s += np.multiply(gradient, gradient, out=self._scratch)
        theta -= rate * gradient / (np.sqrt(self.s, out=self._scratch) + self.eps)


class RMSprop(Optimizer):
    """θ ← θ − lr g / (√s + ε)  with  s ← ρ s + (1 − ρ) g². Tieleman & Hinton (2012), lecture 6.5."""

    slots = ("s",)

    def __init__(self, model: Layer, lr: Rate = 1e-2, rho: float = 0.99, eps: float = 1e-8, weight_decay: float = 0.0):
        expect_number("rho", rho, low=0, high=1)
        expect_number("eps", eps, low=0, open_low=True)
        self.rho, self.eps = rho, eps
        super().__init__(model, lr, weight_decay)

    def update(self, theta: np.ndarray, gradient: np.ndarray, rate: float) -> None:
        self.s *= self.rho
        self.s += np.multiply(gradient, (1 - self.rho) * gradient, out=self._scratch)
        theta -= rate * gradient / (np.sqrt(self.s, out=self._scratch) + self.eps)
