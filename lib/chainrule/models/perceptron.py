"""Rosenblatt's perceptron: a line that is moved by its mistakes."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from chainrule.arrays import expect_number, expect_positive_int, expect_rows
from chainrule.layer import Layer


@dataclass(frozen=True)
class Mistake:
    """The k-th mistake: in which epoch, on which example, and the weights and bias after it was mended."""

    k: int
    epoch: int
    example: int
    w: np.ndarray
    b: float


class Perceptron(Layer):
    """A threshold unit  y = 1 if x·w + b > 0, else 0.

    x (N, d) → y (N,) of integers;  w (d,), b (1,), both zero at the start. Its `back` is None: the step has no useful
    derivative, and the rule below needs none.

    Learn     on a mistake at (x, t), with s = 2t − 1 in {−1, 1}:  w ← w + η s x,  b ← b + η s.
    Source    Rosenblatt (1958); the rule in this form, Novikoff (1962).
    Raises    ValueError where the last axis of x is not d.
    """

    def __init__(self, d: int):
        expect_positive_int("Perceptron d", d)
        self.parameters(w=np.zeros(d), b=np.zeros(1))

    def forward(self, x: np.ndarray) -> tuple:
        return (self.score(x) > 0).astype(np.int64), None

    def score(self, x: np.ndarray) -> np.ndarray:
        """x·w + b, (N,): positive on one side of the line, and ‖w‖ times the distance from it."""
        expect_rows(self, x, len(self.w), x.dtype if isinstance(x, np.ndarray) else self.w.dtype)
        return x @ self.w + self.b

    def learn(self, x: np.ndarray, target: np.ndarray, lr: float = 1.0, epochs: int = 100) -> Iterator[Mistake]:
        """Visit the examples in order, mend each mistake and yield it; ends after an epoch without any.

        x (N, d), target (N,) of 0 and 1. Raises ValueError at once for other targets or shapes.
        """
        expect_number("lr", lr, low=0, open_low=True)
        expect_positive_int("epochs", epochs)
        self.score(x)
        if x.ndim != 2 or not np.isfinite(x).all():
            raise ValueError(f"learn takes examples (N, {len(self.w)}) of finite numbers, got {x.shape} with {x.sum()}")
        if np.shape(target) != x.shape[:1] or len(x) == 0 or not np.isin(target, (0, 1)).all():
            raise ValueError(f"learn takes a target of 0 or 1 for each of {len(x)} examples, got {np.asarray(target)}")
        return self._mistakes(x.astype(np.float64), 2 * np.asarray(target) - 1, lr, epochs)

    def _mistakes(self, x: np.ndarray, sign: np.ndarray, lr: float, epochs: int) -> Iterator[Mistake]:
        k = 0
        for epoch in range(1, epochs + 1):
            before = k
            for i, (row, s) in enumerate(zip(x, sign, strict=True)):
                if s * (row @ self.w + self.b[0]) <= 0:  # on the line counts as a mistake, else w = 0 would never learn
                    self.w += lr * s * row
                    self.b += lr * s
                    k += 1
                    yield Mistake(k, epoch, i, self.w.copy(), float(self.b[0]))
            if k == before:
                return

    def label(self) -> str:
        return f"Perceptron({len(self.w)})"
