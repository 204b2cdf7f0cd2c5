"""Back-propagation through time, truncated: the state is carried on, the gradient is not.

A long sequence is read in chunks. Each starts from the state in which the one before it ended, so the network
remembers without limit; the gradient stops at the chunk's first step, so time and memory per update stay small.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from chainrule.arrays import expect_positive_int


def truncated(
    model: Any, loss: Callable[..., tuple], x: np.ndarray, target: np.ndarray, steps: int, *states: np.ndarray | None
) -> Iterator[tuple[float, tuple[np.ndarray, ...]]]:
    """Yield (loss, states) for each chunk of `steps` steps, its gradient added to the model's.

    model     has run(x, *states) → ((y, *states), back): an LSTM, a character model, a model of your own
    loss      loss(y, target) of one chunk
    x         (N, T, …) and target (N, T, …): steps along the second axis; the last chunk holds what is left over
    states    those before the first step; none for zeros

    The caller decides what a gradient is for: step the optimizer after each chunk and set the gradient to zero, or
    let the chunks add up. Raises ValueError where x and target differ in N or T.

    Source    Williams & Peng (1990), with chunks that do not overlap.
    """
    expect_positive_int("truncated steps", steps)
    if np.ndim(x) < 2 or np.shape(x)[:2] != np.shape(target)[:2]:
        raise ValueError(f"truncated takes x and target (N, T, …), got {np.shape(x)} and {np.shape(target)}")
    return _chunks(model, loss, x, target, steps, states)


def _chunks(
    model: Any, loss: Callable[..., tuple], x: np.ndarray, target: np.ndarray, steps: int, states: tuple
) -> Iterator[tuple[float, tuple[np.ndarray, ...]]]:
    for start in range(0, x.shape[1], steps):
        chunk = slice(start, start + steps)
        (y, *finals), back = model.run(x[:, chunk], *states)
        value, back_loss = loss(y, target[:, chunk])
        back(back_loss())
        states = tuple(finals)
        yield float(value), states
