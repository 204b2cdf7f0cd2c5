"""One step of training: the gradient of a loss on a batch, a limit for it, and a move of the optimizer."""

import math
from collections.abc import Callable

import numpy as np

from chainrule.layer import Layer
from chainrule.optimizers import Optimizer
from chainrule.train.batches import Inputs, as_tuple

Gradient = Callable[[Inputs, np.ndarray], float]


def backpropagate(model: Layer, loss: Callable[..., tuple], x: Inputs, target: np.ndarray) -> float:
    """The loss on a batch; its gradient is left in the model, or zero where the loss is not finite."""
    with np.errstate(over="ignore", invalid="ignore"):
        model.zero_grad()
        y, back = model(*as_tuple(x))
        value, back_loss = loss(y, target)
        if np.isfinite(value):
            back(back_loss())
    return float(value)


def train_step(
    gradient: Gradient,
    x: Inputs,
    target: np.ndarray,
    optimizer: Optimizer,
    clip: Callable[[np.ndarray], float],
) -> tuple[float, float]:
    """One step of training on a batch; returns (loss, gradient norm).

    gradient(x, target) returns the loss and leaves its gradient in the model, as `backpropagate` does; clip limits the
    flat gradient in place and returns its norm before. Where the loss is not finite nothing moves.
    """
    value = gradient(x, target)
    if not math.isfinite(value):
        return value, math.nan
    with np.errstate(over="ignore", invalid="ignore"):
        norm = clip(optimizer.model.flat()[1])
        optimizer.step()
    return value, norm
