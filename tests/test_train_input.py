import math

import numpy as np
import pytest
from helpers import normal, rng

from chainrule.activations import tanh
from chainrule.dense import Dense
from chainrule.losses import mse
from chainrule.optimizers import SGD
from chainrule.train import batches, fit

X = normal(10, 3, dtype=np.float32)
T = X[:, :1].copy()
GOOD = {"epochs": 1, "rng": rng()}


def holed(hole: float) -> np.ndarray:
    x = X.copy()
    x[4, 1] = hole
    return x


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        ((holed(math.nan), T), {}, r"data takes finite numbers; x\[4, 1\] is nan"),
        ((X, holed(-math.inf)), {}, r"data takes finite numbers; target\[4, 1\] is -inf"),
        ((X[:0], T[:0]), {}, r"equal length, at least 1, got \(0, 3\) and \(0, 1\)"),
        ((X, T[:9]), {}, r"equal length, at least 1, got \(10, 3\) and \(9, 1\)"),
        ((X.tolist(), T), {}, "data takes arrays, got list for x"),
        ((X, 3), {}, r"equal length, at least 1, got \(10, 3\) and \(\)"),
        (X, {}, r"data takes a pair \(x, target\), got ndarray"),
        ((X, T), {"validation": (holed(math.nan), T)}, r"validation takes finite numbers; x\[4, 1\] is nan"),
        ((X, T), {"validation": (X, T[:3])}, "validation takes x and target of equal length"),
        ((X, T), {"epochs": 0}, "epochs takes a positive integer, got 0"),
        ((X, T), {"epochs": None}, "epochs takes a positive integer, got None"),
        ((X, T), {"epochs": 2.5}, r"epochs takes a positive integer, got 2\.5"),
        ((X, T), {"batch_size": -4}, "batch_size takes a positive integer, got -4"),
        ((X, T), {"patience": 0, "validation": (X, T)}, "patience takes a positive integer, got 0"),
        ((X, T), {"patience": 3}, "patience takes validation data"),
        ((X, T), {"clip_norm": 0}, "clip_norm takes a finite number > 0, got 0"),
        ((X, T), {"clip_value": math.nan}, "clip_value takes a finite number > 0, got nan"),
        ((X, T), {"per": "batch"}, """per takes "epoch" or "step", got 'batch'"""),
        ((X, T), {"rng": 0}, r"rng takes a np\.random\.Generator .*, got int"),
    ],
)
def test_wrong_arguments_raise_at_once_and_train_nothing(data, options, message):
    layer = Dense(3, 1, rng())
    W = layer.W.copy()
    with pytest.raises(ValueError, match=message):
        fit(layer, mse, data, SGD(layer, 0.1), **GOOD | options)  # not even a first record is asked for
    assert np.array_equal(layer.W, W)


def test_an_optimizer_that_moves_something_else():
    layer, other = Dense(3, 1, rng()), Dense(3, 1, rng())
    for optimizer in (SGD(other, 0.1), None):
        with pytest.raises(ValueError, match="fit takes an optimizer of the model or of a part of it"):
            fit(layer, mse, (X, T), optimizer, **GOOD)
    with pytest.raises(ValueError, match="fit takes a layer, got function"):
        fit(tanh, mse, (X, T), SGD(other, 0.1), **GOOD)


def test_shapes_are_named_by_the_layer_and_the_loss():
    layer = Dense(3, 1, rng())
    with pytest.raises(ValueError, match=r"Dense\(3 → 1\) takes \(\.\.\., 3\), got \(10, 2\)"):
        next(fit(layer, mse, (X[:, :2], T), SGD(layer, 0.1), **GOOD))
    with pytest.raises(ValueError, match=r"of one shape, got \(10, 1\) and \(10,\)"):
        next(fit(layer, mse, (X, T[:, 0]), SGD(layer, 0.1), **GOOD))


@pytest.mark.parametrize("size", [0, -1, 2.0])
def test_batches_of_no_size(size):
    with pytest.raises(ValueError, match=f"batch size takes a positive integer, got {size}"):
        next(batches(X, T, size, rng()))


def test_batches_of_unequal_lengths():
    with pytest.raises(ValueError, match="as many targets as examples, got 10 and 9"):
        next(batches(X, T[:9], 4, rng()))
