"""The training loop, as a generator: it yields a record and waits, so whoever reads the records is in charge.

A notebook draws each one as it comes, an explorer stops asking when its slider moves on, and no callback is needed:

    for record in fit(model, bce, (x, t), Adam(model, 1e-2), epochs=50, rng=rng):
        print(record.epoch, record.loss)
"""

import math
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from chainrule.arrays import expect_generator, expect_number, expect_positive_int
from chainrule.layer import Layer
from chainrule.optimizers import Optimizer
from chainrule.train.batches import Data, as_tuple, batches, expect_data
from chainrule.train.clipping import clipper
from chainrule.train.parallel import DataParallel
from chainrule.train.progress import with_bar
from chainrule.train.step import backpropagate, train_step
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


def fit(
    model: Layer,
    loss: Callable[..., tuple],
    data: Data,
    optimizer: Optimizer,
    *,
    epochs: int,
    rng: np.random.Generator,
    batch_size: int | None = None,
    per: str = "epoch",
    validation: Data | None = None,
    patience: int | None = None,
    clip_norm: float | None = None,
    clip_value: float | None = None,
    workers: int = 1,
    progress: bool = False,
) -> Iterator[Record]:
    """Train, yielding a `Record` per epoch (or per="step"); the model is in evaluation mode at each record.

    data         (x, target): arrays of equal length; loss(model(x), target) is made small. For a model of several
                 inputs x is a tuple of arrays
    batch_size   examples a step, shuffled by rng; None for all of them
    validation   (x, target) on which the loss is taken after each epoch
    patience     stop after that many epochs without a better validation loss, with the best parameters, which come
                 back also when the generator is closed early
    clip_norm, clip_value   limits for the gradient of each step
    workers      Python threads that share each batch (see DataParallel): worth it where a step takes over 10 ms
    progress     show a tqdm bar (a widget in a notebook)

    Raises ValueError at once for arguments, shapes and NaN or infinite data that make no sense.
    """
    _expect_trained_by(model, optimizer)
    expect_data("data", data)
    for name, value in (("epochs", epochs), ("batch_size", batch_size), ("patience", patience), ("workers", workers)):
        if value is not None or name in ("epochs", "workers"):
            expect_positive_int(name, value)
    for name, limit in (("clip_norm", clip_norm), ("clip_value", clip_value)):
        if limit is not None:
            expect_number(name, limit, low=0, open_low=True)
    if per not in ("epoch", "step"):
        raise ValueError(f'per takes "epoch" or "step", got {per!r}')
    if validation is not None:
        expect_data("validation", validation)
    elif patience is not None:
        raise ValueError("patience takes validation data, by which the best parameters are known")
    expect_generator(rng)
    clip = clipper(clip_norm, clip_value)
    stopper = EarlyStopping(model, patience) if patience else None
    gradient = DataParallel(model, loss, workers) if workers > 1 else partial(backpropagate, model, loss)
    train_on = partial(train_step, gradient, optimizer=optimizer, clip=clip)
    records = _records(
        model, loss, data, optimizer, epochs, rng, batch_size, per == "step", validation, train_on, stopper
    )
    return with_bar(records, epochs) if progress else records


def _records(
    model: Layer,
    loss: Callable[..., tuple],
    data: Data,
    optimizer: Optimizer,
    epochs: int,
    rng: np.random.Generator,
    batch_size: int | None,
    each_step: bool,
    validation: Data | None,
    train_on: Callable[..., tuple[float, float]],
    stopper: EarlyStopping | None,
) -> Generator[Record]:
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
                held_out = None
                if last and validation is not None and not diverged:
                    held_out = float(loss(model.evaluate()(*as_tuple(validation[0]))[0], validation[1])[0])
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


def _expect_trained_by(model: Layer, optimizer: Optimizer) -> None:
    if not isinstance(model, Layer):
        raise ValueError(f"fit takes a layer, got {type(model).__name__}")
    model.flat()
    if not isinstance(optimizer, Optimizer) or optimizer.model._root is not model._root:
        raise ValueError("fit takes an optimizer of the model or of a part of it; this one moves something else")
