"""What `fit` and `minimise` share: go through the data, take steps, and say how it goes."""

import math
from collections.abc import Callable, Generator
from dataclasses import dataclass

import numpy as np

from chainrule.arrays import expect_generator, expect_number, expect_positive_int
from chainrule.layer import Layer
from chainrule.optimizers import Optimizer
from chainrule.train.batches import Data, batches
from chainrule.train.stopping import EarlyStopping


@dataclass(frozen=True)
class Record:
    """What one step or epoch of training did.

    step and epoch count from 1; loss is the mean over the examples since the last record, each as its step met it; lr
    and gradient_norm (before clipping) are the last step's; validation is the loss on the validation data, None in
    between. diverged says that a loss was not finite, which ends training with the parameters as that step met them.
    """

    step: int
    epoch: int
    loss: float
    lr: float
    gradient_norm: float
    validation: float | None = None
    diverged: bool = False


def records(
    model: Layer,
    train_on: Callable[..., tuple[float, float]],
    data: Data,
    optimizer: Optimizer,
    epochs: int,
    rng: np.random.Generator,
    batch_size: int | None,
    each_step: bool,
    held_out_loss: Callable[[], float] | None = None,
    stopper: EarlyStopping | None = None,
) -> Generator[Record]:
    """Yield a Record per epoch, or per step; train_on(x, target) takes a step and returns (loss, gradient norm)."""
    step, examples = 0, len(data[1])
    try:
        for epoch in range(1, epochs + 1):
            total, since, seen = 0.0, 0, 0
            for x, target in batches(*data, batch_size, rng):
                model.train()
                value, norm = train_on(x, target)
                n = len(target)
                step, seen, since, total = step + 1, seen + n, since + n, total + value * n
                diverged, last = not math.isfinite(value), seen == examples
                held_out = held_out_loss() if last and held_out_loss and not diverged else None
                if last and stopper:
                    stopper.note(held_out)
                if each_step or last or diverged:
                    model.evaluate()
                    yield Record(step, epoch, total / since, optimizer.rate, norm, held_out, diverged)
                    if diverged:
                        return
                    if last and hasattr(optimizer.lr, "observe"):
                        optimizer.lr.observe(total / since if held_out is None else held_out)
                    total, since = 0.0, 0
            if stopper and stopper.exhausted:
                return
    finally:
        if stopper:
            stopper.restore()


def expect_run(epochs: int, batch_size: int | None, per: str, rng: np.random.Generator, **limits: float | None) -> None:
    """Raise ValueError for numbers of epochs, sizes, limits of gradients and generators that make no sense."""
    expect_positive_int("epochs", epochs)
    if batch_size is not None:
        expect_positive_int("batch_size", batch_size)
    for name, limit in limits.items():
        if limit is not None:
            expect_number(name, limit, low=0, open_low=True)
    if per not in ("epoch", "step"):
        raise ValueError(f'per takes "epoch" or "step", got {per!r}')
    expect_generator(rng)
