"""The training loop, as a generator: it yields a record and waits, so whoever reads the records is in charge.

A notebook draws each one as it comes, an explorer stops asking when its slider moves on, and no callback is needed:

    for record in fit(model, bce, (x, t), Adam(model, 1e-2), epochs=50, rng=rng):
        print(record.epoch, record.loss)
"""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from chainrule.arrays import expect_positive_int
from chainrule.layer import Layer
from chainrule.optimizers import Optimizer
from chainrule.train.batches import Data, as_tuple, expect_data
from chainrule.train.clipping import clipper
from chainrule.train.parallel import DataParallel
from chainrule.train.progress import with_bar
from chainrule.train.records import Record, expect_run, records
from chainrule.train.step import backpropagate, train_step
from chainrule.train.stopping import EarlyStopping


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
    expect_run(epochs, batch_size, per, rng, clip_norm=clip_norm, clip_value=clip_value)
    expect_positive_int("workers", workers)
    if patience is not None:
        expect_positive_int("patience", patience)
    if validation is not None:
        expect_data("validation", validation)
    elif patience is not None:
        raise ValueError("patience takes validation data, by which the best parameters are known")
    gradient = DataParallel(model, loss, workers) if workers > 1 else partial(backpropagate, model, loss)
    train_on = partial(train_step, gradient, optimizer=optimizer, clip=clipper(clip_norm, clip_value))
    held_out = None if validation is None else partial(_loss_on, model, loss, validation)
    stopper = EarlyStopping(model, patience) if patience else None
    run = records(model, train_on, data, optimizer, epochs, rng, batch_size, per == "step", held_out, stopper)
    return with_bar(run, epochs) if progress else run


def _loss_on(model: Layer, loss: Callable[..., tuple], data: Data) -> float:
    return float(loss(model.evaluate()(*as_tuple(data[0]))[0], data[1])[0])


def _expect_trained_by(model: Layer, optimizer: Optimizer) -> None:
    if not isinstance(model, Layer):
        raise ValueError(f"fit takes a layer, got {type(model).__name__}")
    model.flat()
    if not isinstance(optimizer, Optimizer) or optimizer.model._root is not model._root:
        raise ValueError("fit takes an optimizer of the model or of a part of it; this one moves something else")
