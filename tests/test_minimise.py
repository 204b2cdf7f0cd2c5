import math

import checks_generative as checks
import numpy as np
import pytest
from helpers import normal, rng

import chainrule.train.objective
from chainrule.combine import Sequential
from chainrule.dense import Dense
from chainrule.dropout import Dropout
from chainrule.models.autoencoder import Autoencoder, autoencoder
from chainrule.optimizers import SGD, Adam
from chainrule.schedules import constant
from chainrule.train import minimise

X = normal(7, 3, dtype=np.float32)


def model() -> Autoencoder:
    return autoencoder([3, 2], rng())


def test_check():
    checks.minimise_is_the_loop_written_out(chainrule.train.objective)


def test_records_per_step_add_up_to_records_per_epoch():
    one, two = model(), model()
    options = {"epochs": 2, "batch_size": 3}
    steps = list(minimise(one.loss, X, SGD(one, 0.1), rng=rng(), per="step", **options))
    epochs = list(minimise(two.loss, X, SGD(two, constant(0.1)), rng=rng(), **options))
    assert [(r.step, r.epoch) for r in steps] == [(1, 1), (2, 1), (3, 1), (4, 2), (5, 2), (6, 2)]
    assert [(r.step, r.epoch, r.lr) for r in epochs] == [(3, 1, 0.1), (6, 2, 0.1)]
    for epoch in (0, 1):
        sizes = [3, 3, 1]
        mean = sum(n * r.loss for n, r in zip(sizes, steps[3 * epoch : 3 * epoch + 3])) / 7
        assert epochs[epoch].loss == pytest.approx(mean)
        assert epochs[epoch].gradient_norm == steps[3 * epoch + 2].gradient_norm > 0


def test_the_gradient_is_clipped_and_the_norm_before_recorded():
    net = model()
    before = net.flat()[0].copy()
    (record,) = minimise(net.loss, X, SGD(net, 1.0), epochs=1, rng=rng(), clip_norm=1e-3)
    assert record.gradient_norm > 1e-3
    assert np.linalg.norm(net.flat()[0] - before) == pytest.approx(1e-3, rel=1e-3)


def test_dropout_is_on_in_the_loss_and_off_at_the_record():
    net = Autoencoder(Sequential(Dense(3, 3, rng()), Dropout(0.5, rng(1))), Dense(3, 3, rng()))
    seen = []

    def loss(x):
        seen.append(net.training)
        return net.loss(x)

    for _ in minimise(loss, X, SGD(net, 0.1), epochs=3, rng=rng()):
        assert not net.training
    assert seen == [True] * 3


def test_a_loss_that_is_not_finite_ends_training_before_the_step():
    net = model()
    records = []
    for record in minimise(net.loss, X, SGD(net, 1e6), epochs=100, rng=rng()):
        records.append(record)
        theta = net.flat()[0].copy()
    assert records[-1].diverged and not math.isfinite(records[-1].loss) and math.isnan(records[-1].gradient_norm)
    assert len(records) < 100 and not any(r.diverged for r in records[:-1])
    assert np.array_equal(net.flat()[0], theta, equal_nan=True)


def test_closing_early_leaves_the_model_in_evaluation_mode():
    net = model()
    records = minimise(net.loss, X, Adam(net), epochs=5, rng=rng())
    next(records)
    records.close()
    assert not net.training


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"data": [1, 2]}, "data takes arrays, got list for x"),
        ({"data": (X, X[:3])}, r"data takes x and target of equal length, at least 1, got \(3, 3\) and \(7, 3\)"),
        ({"data": X[:0]}, r"equal length, at least 1, got \(0, 3\)"),
        ({"data": ()}, "data takes at least one array, got none"),
        ({"data": X * np.float32("nan")}, r"data takes finite numbers; x\[0, 0\] is nan"),
        ({"epochs": 0}, "epochs takes a positive integer, got 0"),
        ({"batch_size": 0}, "batch_size takes a positive integer, got 0"),
        ({"per": "batch"}, 'per takes "epoch" or "step", got \'batch\''),
        ({"clip_norm": 0}, "clip_norm takes a finite number > 0, got 0"),
        ({"rng": 0}, "rng takes a np.random.Generator"),
    ],
)
def test_arguments_are_checked_at_once(change, message):
    net = model()
    options = {"data": X, "epochs": 1, "rng": rng()} | change
    with pytest.raises(ValueError, match=message):
        minimise(net.loss, options.pop("data"), SGD(net, 0.1), **options)
