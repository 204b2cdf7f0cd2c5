"""Muon: momentum whose matrix is replaced by the nearest orthogonal one, so that every direction moves alike."""

import math
from collections.abc import Iterator

import numpy as np

from chainrule.arrays import expect_number
from chainrule.layer import Layer
from chainrule.optimizers.adam import adam_step
from chainrule.optimizers.base import Optimizer, Rate

QUINTIC = (3.4445, -4.7750, 2.0315)  # Jordan's coefficients: fast from near 0, and no closer to 1 than ±0.3


class Muon(Optimizer):
    """Matrices:  M ← μ M + G,  W ← W − lr √max(1, n_out / n_in) · O(G + μ M),  O(·) orthogonalised. The rest: AdamW.

    O takes U Vᵀ out of U S Vᵀ approximately, by five rounds of a quintic Newton–Schulz iteration.
    `vector_lr` is AdamW's rate, for biases, gains, kernels, and tables (embeddings, positions), whose rows are vectors
    that have nothing to do with each other.
    Source  Jordan et al. (2024), Muon: an optimizer for hidden layers.
    """

    slots = ("m", "v")

    def __init__(
        self,
        model: Layer,
        lr: Rate = 2e-2,
        momentum: float = 0.95,
        vector_lr: float = 3e-4,
        weight_decay: float = 0.0,
    ):
        expect_number("momentum", momentum, low=0, high=1)
        expect_number("vector_lr", vector_lr, low=0)
        self.momentum, self.vector_lr = momentum, vector_lr
        super().__init__(model, lr, weight_decay)

    def update(self, theta: np.ndarray, gradient: np.ndarray, rate: float) -> None:
        for part, shape, is_matrix in self._parts():
            if is_matrix:
                self._matrix_step(theta[part], gradient[part], self.m[part], shape, rate)
            else:
                m, v, scratch = self.m[part], self.v[part], self._scratch[part]
                adam_step(theta[part], gradient[part], m, v, scratch, self.t, self.vector_lr, (0.9, 0.999), 1e-8)

    def decay(self, theta: np.ndarray, rate: float) -> None:
        """Scale matrices by 1 − lr λ and the rest by 1 − vector_lr λ."""
        for part, _, is_matrix in self._parts():
            theta[part] *= 1 - (rate if is_matrix else self.vector_lr) * self.weight_decay

    def _parts(self) -> Iterator[tuple[slice, tuple[int, ...], bool]]:
        """(place in the vector, shape, whether it is a matrix) of each parameter."""
        start = 0
        for _, layer in self.model.walk():
            for name in layer.names:
                array = getattr(layer, name)
                yield slice(start, start + array.size), array.shape, array.ndim == 2 and name not in layer.tables
                start += array.size

    def _matrix_step(self, w: np.ndarray, g: np.ndarray, m: np.ndarray, shape: tuple, rate: float) -> None:
        m *= self.momentum
        m += g
        direction = orthogonalised((g + self.momentum * m).reshape(shape))
        w -= (rate * math.sqrt(max(1, shape[1] / shape[0])) * direction).ravel()


def orthogonalised(matrix: np.ndarray, rounds: int = 5) -> np.ndarray:
    """Singular values near 1 (0.7 to 1.2), singular vectors kept:  X ← a X + (b X Xᵀ + c (X Xᵀ)²) X, from X / ‖X‖."""
    a, b, c = QUINTIC
    wide = matrix.shape[0] <= matrix.shape[1]
    x = matrix if wide else matrix.T  # the smaller of the two products
    x = x / (math.sqrt(float(np.vdot(x, x))) + 1e-7)
    for _ in range(rounds):
        gram = x @ x.T
        x = a * x + (b * gram + c * (gram @ gram)) @ x
    return x if wide else x.T
