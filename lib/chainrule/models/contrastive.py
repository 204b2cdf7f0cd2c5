"""Learning by comparison: what belongs together is pulled together, and everything else in the batch pushed away.

Row i of a and row i of b are two views of one thing. Each row of a then has to find its partner among all rows of b: a
classification with as many classes as the batch has rows, whose logits are cosines divided by a temperature.
"""

import math
from collections.abc import Callable

import numpy as np

from chainrule.arrays import expect_number, row_sums
from chainrule.combine import Part
from chainrule.layer import Layer
from chainrule.losses import cross_entropy

PairLoss = tuple[np.floating, Callable[..., tuple[np.ndarray, np.ndarray]]]


def normalised(x: np.ndarray, eps: float = 1e-8) -> tuple:
    """y = x / max(‖x‖, eps), row by row: (..., d) → (..., d) of length 1;  dx = (dy − y ⟨y, dy⟩) / ‖x‖."""
    length = np.maximum(np.sqrt(row_sums(x * x)), x.dtype.type(eps))
    y = x / length
    return y, lambda dy: (dy - y * row_sums(y * dy)) / length


def cosines(a: np.ndarray, b: np.ndarray) -> tuple:
    """S_ij = ⟨a_i, b_j⟩ / ‖a_i‖ ‖b_j‖: a (N, d), b (M, d) → (N, M).

    Backward  through both normalisations:  dâ = dS b̂,  db̂ = dSᵀ â.
    Raises    ValueError where the rows differ in width or dtype.
    """
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1] or a.dtype != b.dtype:
        raise ValueError(f"cosines takes (N, d) and (M, d), got {a.dtype} {a.shape} and {b.dtype} {b.shape}")
    unit_a, back_a = normalised(a)
    unit_b, back_b = normalised(b)
    return unit_a @ unit_b.T, lambda dS: (back_a(dS @ unit_b), back_b(dS.T @ unit_a))


def info_nce(a: np.ndarray, b: np.ndarray, temperature: float = 0.1) -> PairLoss:
    """L = mean_i −log (e^{S_ii / τ} / Σ_j e^{S_ij / τ}), S the cosines: each row of a looks for its row of b.

    a, b (N, d);  `da, db = back()`. At chance L = log N; log N − L bounds the information that a and b share.
    Source   van den Oord, Li & Vinyals (2018), eq. 4, with cosines.
    Raises   ValueError where a and b differ in shape, or temperature is not > 0.
    """
    return _contrast(a, b, temperature, "info_nce", both_ways=False)


def symmetric_info_nce(a: np.ndarray, b: np.ndarray, temperature: float = 0.1) -> PairLoss:
    """½ (info_nce(a, b) + info_nce(b, a)), from one matrix of cosines. Source: Radford et al. (2021), figure 3."""
    return _contrast(a, b, temperature, "symmetric_info_nce", both_ways=True)


class TwoTowers(Layer):
    """Two encoders into one space and the sharpness at which they are compared: logits e^s cos(f(x), g(y)).

    x (N, …), y (N, …) → logits (N, N);  s (1,) is trained, from −log temperature on. f and g may be the same layer.

    Backward  `dx, dy = back(dlogits)`;  ds = Σ logits dlogits.
    Source    Radford et al. (2021), section 2.5, figure 3.
    """

    def __init__(self, f: Part, g: Part, temperature: float = 0.07):
        expect_number("TwoTowers temperature", temperature, low=0, open_low=True)
        self.f, self.g = f, g
        dtype = next((p.dtype for part in (f, g) if isinstance(part, Layer) for p in part.params.values()), np.float32)
        self.parameters(s=np.full(1, -math.log(temperature), dtype))

    def forward(self, x: np.ndarray, y: np.ndarray) -> tuple:
        a, back_f = self.f(x)
        b, back_g = self.g(y)
        S, back_S = cosines(a, b)
        scale = np.exp(self.s)
        logits = scale * S

        def backward(dlogits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            if not self._frozen:
                self.ds += np.vdot(logits, dlogits)
            da, db = back_S(scale * dlogits)
            return back_f(da), back_g(db)

        return logits, backward

    def loss(self, x: np.ndarray, y: np.ndarray) -> tuple[np.floating, Callable[..., None]]:
        """Symmetric InfoNCE of the pairs (x_i, y_i); `back()` leaves the gradients."""
        logits, back = self(x, y)
        loss, back_loss = _diagonal(logits, both_ways=True)

        def backward(dloss: float = 1.0) -> None:
            back(back_loss(dloss))

        return loss, backward


def _contrast(a: np.ndarray, b: np.ndarray, temperature: float, name: str, both_ways: bool) -> PairLoss:
    expect_number(f"{name} temperature", temperature, low=0, open_low=True)
    if a.shape != b.shape:
        raise ValueError(f"{name} takes pairs of rows, (N, d) each, got {a.shape} and {b.shape}")
    S, back_S = cosines(a, b)
    sharpness = 1 / float(temperature)
    loss, back_loss = _diagonal(sharpness * S, both_ways)
    return loss, lambda dloss=1.0: back_S(sharpness * back_loss(dloss))


def _diagonal(logits: np.ndarray, both_ways: bool) -> tuple:
    """Cross-entropy of each row with the class on the diagonal; both_ways: and of each column, the mean of the two."""
    partner = np.arange(len(logits))
    loss, back = cross_entropy(logits, partner)
    if not both_ways:
        return loss, back
    loss_T, back_T = cross_entropy(np.ascontiguousarray(logits.T), partner)
    return (loss + loss_T) / 2, lambda dloss=1.0: back(dloss / 2) + back_T(dloss / 2).T
