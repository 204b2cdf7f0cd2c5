"""Early stopping, and the progress bar."""

import os
import subprocess
import sys
from inspect import signature

import numpy as np
import pytest
from helpers import normal, rng

from chainrule.dense import Dense
from chainrule.losses import mse
from chainrule.optimizers import SGD
from chainrule.train import fit

X = normal(10, 3, dtype=np.float32)
T = X[:, :1].copy()


def start() -> tuple:
    layer = Dense(3, 1, rng())
    return layer, SGD(layer, 0.1)


def run(progress: bool) -> list:
    layer, optimizer = start()
    return list(fit(layer, mse, (X, T), optimizer, epochs=3, rng=rng(), batch_size=4, progress=progress))


def rising(model, falls: int) -> tuple:
    """A loss of validation that falls `falls` times and then rises, whatever the model does."""
    count = iter(range(100))

    def loss(y, t):
        value, back = mse(y, t)
        return (value, back) if model.training else (np.float32(abs(next(count) - falls)), back)

    return loss


@pytest.mark.parametrize("ending", ["stops", "closed", "last epoch", "interrupted"])
def test_early_stopping_restores_the_best_weights(ending):
    layer, optimizer = start()
    epochs, kept = 4 if ending == "last epoch" else 20, []
    records = fit(layer, rising(layer, 2), (X, T), optimizer, epochs=epochs, rng=rng(), validation=(X, T), patience=3)
    try:
        for record in records:
            kept.append(layer.flat()[0].copy())
            if ending == "closed" and record.epoch == 5:
                records.close()
            if ending == "interrupted" and record.epoch == 5:
                records.throw(KeyboardInterrupt)
    except KeyboardInterrupt:
        pass
    assert len(kept) == {"stops": 6, "closed": 5, "last epoch": 4, "interrupted": 5}[ending]
    assert np.array_equal(layer.flat()[0], kept[2]) and not np.array_equal(kept[2], kept[-1])


def test_a_loss_that_stays_the_same_is_no_better():
    layer, optimizer = start()
    options = {"epochs": 20, "rng": rng(), "validation": (X, T), "patience": 3}
    loss = lambda y, t: mse(y, t) if layer.training else (np.float32(1), None)  # noqa: E731
    assert len(list(fit(layer, loss, (X, T), optimizer, **options))) == 4


def test_without_patience_the_last_weights_stay_and_closing_early_harms_nothing():
    layer, optimizer = start()
    records = fit(layer, mse, (X, T), optimizer, epochs=3, rng=rng(), validation=(X, T), patience=1)
    before = layer.flat()[0].copy()
    records.close()
    assert np.array_equal(layer.flat()[0], before)
    kept = [layer.flat()[0].copy() for _ in fit(layer, rising(layer, 0), (X, T), optimizer, epochs=3, rng=rng())]
    assert np.array_equal(layer.flat()[0], kept[-1])


BAR = """
import numpy as np
from chainrule.dense import Dense
from chainrule.losses import mse
from chainrule.optimizers import SGD
from chainrule.train import fit
x, rng = np.ones((10, 3), np.float32), np.random.default_rng(0)
layer = Dense(3, 1, rng)
options = {"epochs": 3, "rng": rng, "batch_size": 4, "per": "step", "progress": True}
for record in fit(layer, mse, (x, x[:, :1]), SGD(layer, 0.1), **options):
    print(record.step, end=" ")
"""


def test_the_bar_counts_epochs_in_a_terminal():
    env = {k: v for k, v in os.environ.items() if k != "TQDM_DISABLE"}
    done = subprocess.run([sys.executable, "-c", BAR], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(k) for k in range(1, 10)]
    assert "100%" in done.stderr and "3/3" in done.stderr and "loss=" in done.stderr


def test_the_bar_hides_nothing_and_is_asked_for():
    assert signature(fit).parameters["progress"].default is False
    assert run(progress=True) == run(progress=False)


def test_closing_the_bar_restores_too():
    layer, optimizer = start()
    options = {"epochs": 9, "rng": rng(), "validation": (X, T), "patience": 3, "progress": True}
    records = fit(layer, rising(layer, 0), (X, T), optimizer, **options)
    next(records)
    best = layer.flat()[0].copy()
    next(records)
    records.close()
    assert np.array_equal(layer.flat()[0], best)
