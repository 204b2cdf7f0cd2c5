"""The network inside a diffusion model: it looks at a noisy x, is told how noisy, and says what the noise was."""

from typing import Any

import numpy as np

from chainrule.activations import silu
from chainrule.arrays import expect_generator, expect_number, expect_positive_int
from chainrule.attention.positions import sinusoidal
from chainrule.combine import Residual, Sequential
from chainrule.dense import Dense
from chainrule.embedding import Embedding
from chainrule.initializers import he, lecun
from chainrule.layer import Layer
from chainrule.models.mlp import mlp


class Denoiser(Layer):
    """ε_θ(x, t) = net(x W + b + clock(waves of t) + embedding of the label): residual blocks on the sum of all of it.

    x (N, d), t (N,) integers 0 … steps, labels (N,) integers or None → (N, d). The waves are the fixed positions of
    `sinusoidal`, the clock a perceptron; each block adds Dense(SiLU(Dense(SiLU(h)))). With `classes`, label number
    `classes` stands for "no label", and labels=None means that for every row: one network for both, as guidance needs.

    Backward  (dx, None), or (dx, None, None) with labels.
    Source    Ho, Jain & Abbeel (2020), appendix B, with dense layers in place of convolutions.
    Raises    ValueError where x is not (N, d), or labels are given to a denoiser without classes.
    """

    def __init__(
        self,
        d: int,
        steps: int,
        rng: np.random.Generator,
        hidden: int = 128,
        blocks: int = 2,
        waves: int = 32,
        classes: int = 0,
        dtype: Any = np.float32,
    ):
        for name, value in (("d", d), ("steps", steps), ("hidden", hidden), ("blocks", blocks), ("waves", waves)):
            expect_positive_int(f"Denoiser {name}", value)
        self.d, self.classes, self._waves = d, classes, sinusoidal(steps + 1, waves, dtype=dtype)
        self.read = Dense(d, hidden, rng, init=lecun, dtype=dtype)
        self.clock = mlp([waves, hidden, hidden], rng, silu, he, dtype)
        self.embedding = Embedding(classes + 1, hidden, rng, dtype=dtype) if classes else None
        inner = [mlp([hidden, hidden, hidden], rng, silu, he, dtype) for _ in range(blocks)]
        self.net = Sequential(
            *(Residual(Sequential(silu, *f)) for f in inner), silu, Dense(hidden, d, rng, dtype=dtype)
        )

    def forward(self, x: np.ndarray, t: np.ndarray, labels: np.ndarray | None = None) -> tuple:
        self._expect(x, t, labels)
        h, back_x = self.read(x)
        moment, back_t = self.clock(self._waves[t])
        h += moment
        if self.embedding is not None:
            told, back_label = self.embedding(np.full(len(x), self.classes) if labels is None else labels)
            h += told
        y, back = self.net(h)

        def backward(dy: np.ndarray) -> tuple:
            dh = back(dy)
            back_t(dh)
            if self.embedding is not None:
                back_label(dh)
            return (back_x(dh), None, None)[: 2 if labels is None else 3]

        return y, backward

    def _expect(self, x: np.ndarray, t: np.ndarray, labels: np.ndarray | None) -> None:
        if x.ndim != 2 or x.shape[1] != self.d or np.shape(t) != x.shape[:1]:
            raise ValueError(f"{self.label()} takes x (N, {self.d}) and t (N,), got {x.shape} and {np.shape(t)}")
        if t.dtype.kind not in "iu" or (t.size and not 0 <= t.min() <= t.max() < len(self._waves)):
            raise ValueError(f"{self.label()} takes integers t from 0 to {len(self._waves) - 1}, got {t!r}")
        if labels is not None and self.embedding is None:
            raise ValueError(f"{self.label()} takes no labels: it has no classes")

    def label(self) -> str:
        return f"Denoiser({self.d}{f', {self.classes} classes' if self.classes else ''})"


def without_some_labels(labels: np.ndarray, classes: int, fraction: float, rng: np.random.Generator) -> np.ndarray:
    """A copy in which each label becomes `classes`, which stands for none, with probability `fraction`.

    Source  Ho & Salimans (2022), algorithm 1.
    """
    expect_number("fraction", fraction, low=0, high=1)
    expect_generator(rng)
    return np.where(rng.random(labels.shape) < fraction, classes, labels)
