"""Training for models that bring their own loss: `loss, back = model.loss(…)`, after which `back()` leaves gradients.

`fit` takes a model and a loss apart; where the loss needs noise, negatives or corrupted input, a function of the batch
says it in one line:

    noisy = lambda x: vae.loss(x, rng.standard_normal((len(x), 8), dtype=np.float32))
    for record in minimise(noisy, digits, Adam(vae), epochs=50, rng=rng, batch_size=128):
        print(record.epoch, record.loss)
"""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from chainrule.optimizers import Optimizer
from chainrule.train.batches import as_tuple, expect_data
from chainrule.train.clipping import clipper
from chainrule.train.progress import with_bar
from chainrule.train.records import Record, expect_run, records
from chainrule.train.step import train_step


def minimise(
    objective: Callable[..., tuple],
    data: np.ndarray | tuple[np.ndarray, ...],
    optimizer: Optimizer,
    *,
    epochs: int,
    rng: np.random.Generator,
    batch_size: int | None = None,
    per: str = "epoch",
    clip_norm: float | None = None,
    clip_value: float | None = None,
    progress: bool = False,
) -> Iterator[Record]:
    """Train, yielding a `Record` per epoch (or per="step"); the model is in evaluation mode at each record.

    objective    objective(*batch) → (loss, back); `back()` adds to the gradients of the optimizer's model
    data         one array, or several of equal length, cut into batches together

    The other options are those of `fit`. Training ends at a loss that is not finite, before the step. Raises ValueError
    at once for arguments that make no sense and for NaN or infinite data.
    """
    arrays = as_tuple(data)
    if not arrays:
        raise ValueError("data takes at least one array, got none")
    expect_data("data", (arrays, arrays[0]))
    expect_run(epochs, batch_size, per, rng, clip_norm=clip_norm, clip_value=clip_value)
    gradient = partial(_of_objective, objective, optimizer)
    train_on = partial(train_step, gradient, optimizer=optimizer, clip=clipper(clip_norm, clip_value))
    run = records(
        optimizer.model, train_on, (arrays, arrays[0]), optimizer, epochs, rng, batch_size, each_step=per == "step"
    )
    return with_bar(run, epochs) if progress else run


def _of_objective(
    objective: Callable[..., tuple], optimizer: Optimizer, batch: tuple[np.ndarray, ...], _: np.ndarray
) -> float:
    """The objective on a batch; its gradient is left in the model, or zero where it is not finite."""
    with np.errstate(over="ignore", invalid="ignore"):
        optimizer.model.zero_grad()
        loss, back = objective(*batch)
        if np.isfinite(loss):
            back()
    return float(loss)
