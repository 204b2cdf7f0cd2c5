"""Attribution by the gradient: where x is, and on the way to x from a baseline."""

import numpy as np

from chainrule.arrays import expect_positive_int
from chainrule.interpret.score import (
    Classes,
    Model,
    chosen_classes,
    chunks,
    expect_numbers,
    like,
    score_gradients,
    undisturbed,
)


def input_gradients(model: Model, x: np.ndarray, classes: Classes = None) -> np.ndarray:
    """∂ score / ∂ x, of x's shape: how the score moves with each input. Simonyan, Vedaldi & Zisserman (2014).

    classes is one class, one for each row, or None for the predicted ones. Raises ValueError for others.
    """
    expect_numbers("input_gradients", x)
    with undisturbed(model):
        return score_gradients(model, x, classes)


def integrated_gradients(
    model: Model,
    x: np.ndarray,
    classes: Classes = None,
    baseline: float | np.ndarray = 0.0,
    steps: int = 50,
) -> np.ndarray:
    """(x − x₀) ∫₀¹ ∂ score / ∂ x at x₀ + t (x − x₀) dt, of x's shape, x₀ the baseline: a number or an array like x.

    Complete: over all inputs the attributions sum to score(x) − score(x₀). The integral is a sum over the middles of
    `steps` equal parts: exact for a quadratic score, with an error ∝ 1 / steps² for a smooth one. Where the sum of the
    attributions is far from that difference, take more steps.

    Sundararajan, Taly & Yan (2017), eq. 1. Raises ValueError where the baseline does not fit x.
    """
    expect_numbers("integrated_gradients", x)
    expect_positive_int("steps", steps)
    start = like("baseline", baseline, x)
    way = x - start
    middles = ((np.arange(steps) + 0.5) / steps).astype(x.dtype)
    total = np.zeros_like(x)
    with undisturbed(model):
        chosen = chosen_classes(model(x)[0], classes)
        for ts in chunks(middles, len(x)):
            path = start + ts.reshape(-1, *[1] * x.ndim) * way
            gradients = score_gradients(model, path.reshape(-1, *x.shape[1:]), np.tile(chosen, len(ts)))
            total += gradients.reshape(path.shape).sum(0)
    return way * total / steps
