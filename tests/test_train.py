import math

import numpy as np
import pytest
from helpers import Noise, normal, rng

from chainrule.combine import Sequential
from chainrule.dense import Dense
from chainrule.losses import mse
from chainrule.optimizers import SGD, Adam
from chainrule.train import Record, batches, clip_by_norm, clip_by_value, fit

X = normal(10, 3, dtype=np.float32)
T = X @ np.array([[1.0], [-2.0], [0.5]], np.float32)


def start(lr: float = 0.1, seed: int = 0) -> tuple:
    layer = Dense(3, 1, rng(seed))
    return layer, SGD(layer, lr)


def run(layer, optimizer, **options) -> list[Record]:
    return list(fit(layer, mse, (X, T), optimizer, **{"epochs": 3, "rng": rng()} | options))


def test_full_batch_epochs_are_steps_of_gradient_descent():
    layer, optimizer = start()
    twin, _ = start()
    records = run(layer, optimizer)
    for record in records:
        error = X @ twin.W + twin.b - T
        assert record.loss == pytest.approx((error**2).mean(), rel=1e-5)
        g = 2 / len(X) * np.concatenate([(X.T @ error).ravel(), error.sum(0)])
        assert record.gradient_norm == pytest.approx(np.linalg.norm(g), rel=1e-5)
        twin.W -= 0.1 * g[:3, None]
        twin.b -= 0.1 * g[3:]
    np.testing.assert_allclose(layer.W, twin.W, atol=1e-6)
    assert [(r.step, r.epoch, r.lr, r.validation, r.diverged) for r in records] == [
        (k, k, 0.1, None, False) for k in (1, 2, 3)
    ]


def test_records_per_step_and_per_epoch_tell_the_same_story():
    steps = run(*start(), batch_size=4, per="step", validation=(X, T))
    epochs = run(*start(), batch_size=4, validation=(X, T))
    assert [r.step for r in steps] == list(range(1, 10)) and [r.epoch for r in steps] == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert [r.step for r in epochs] == [3, 6, 9] and [r.epoch for r in epochs] == [1, 2, 3]
    for i, record in enumerate(epochs):
        part = steps[3 * i : 3 * i + 3]
        assert record.loss == pytest.approx(sum(n * r.loss for n, r in zip((4, 4, 2), part)) / 10)
        assert [r.validation for r in part] == [None, None, record.validation]
        assert record.gradient_norm == part[-1].gradient_norm


def test_nothing_is_trained_before_the_first_record_is_asked_for_nor_after_the_last():
    layer, optimizer = start()
    records = fit(layer, mse, (X, T), optimizer, epochs=9, rng=rng())
    assert optimizer.t == 0
    next(records), next(records)
    assert optimizer.t == 2
    records.close()
    assert optimizer.t == 2


def test_batches_hold_each_example_once_with_its_target():
    x, t = np.arange(10), np.arange(10) * 2
    cut = list(batches(x, t, 4, rng()))
    assert [len(a) for a, _ in cut] == [4, 4, 2] and all((2 * a == b).all() for a, b in cut)
    order = np.concatenate([a for a, _ in cut])
    assert sorted(order) == list(x) and list(order) != list(x)
    again, other = (np.concatenate([a for a, _ in batches(x, t, 4, rng(s))]) for s in (0, 1))
    assert (order == again).all() and not (order == other).all()
    for size in (None, 10, 11):
        ((a, b),) = batches(x, t, size, rng())
        assert a is x and b is t
    assert x.tolist() == list(range(10))


def test_epochs_are_shuffled_anew_and_see_each_example_once():
    seen = []

    class Spy(Dense):
        def forward(self, x):
            if self.training:
                seen.append(x[:, 0])
            return super().forward(x)

    layer = Spy(3, 1, rng())
    run(layer, SGD(layer, 0.1), batch_size=3, epochs=2)
    first, second = np.concatenate(seen[:4]), np.concatenate(seen[4:])
    assert sorted(first) == sorted(second) == sorted(X[:, 0]) and not (first == second).all()


@pytest.mark.parametrize("per", ["epoch", "step"])
def test_modes(per):
    model = Sequential(Noise(), Dense(3, 1, rng()))
    modes = []

    def loss(y, t):
        modes.append(model[0].training)
        return mse(y, t)

    for record in fit(
        model, loss, (X, T), SGD(model, 0.1), epochs=2, rng=rng(), per=per, validation=(X, T), batch_size=5
    ):
        assert not model.training and not model[0].training
        if record.validation is not None:
            assert record.validation == pytest.approx(float(mse(model(X)[0], T)[0]))
    assert modes == [True, True, False] * 2


def test_clipping():
    g = np.array([3.0, -4.0])
    assert clip_by_norm(g, 10) == 5 and g.tolist() == [3, -4]
    assert clip_by_norm(g, 1) == 5
    np.testing.assert_allclose(g, [0.6, -0.8])
    clip_by_value(g, 0.7)
    np.testing.assert_allclose(g, [0.6, -0.7])
    for clip in (clip_by_norm, clip_by_value):
        for limit in (0, -1, math.nan):
            with pytest.raises(ValueError, match=f"clipping takes a limit > 0, got {limit}"):
                clip(g, limit)


def test_fit_clips_what_the_optimizer_sees():
    for options, largest in (({"clip_norm": 0.01}, 0.001), ({"clip_value": 0.01}, 0.002)):
        layer, optimizer = start()
        before = layer.flat()[0].copy()
        (record,) = run(layer, optimizer, epochs=1, **options)
        length = np.linalg.norm(layer.flat()[0] - before)
        assert record.gradient_norm > 0.1 and 0.0009 < length <= largest * 1.0001
    np.testing.assert_allclose(np.abs(layer.flat()[0] - before).max(), 0.001, rtol=1e-3)


def test_divergence_ends_with_finite_parameters_and_says_so():
    layer, optimizer = start(lr=1e5)
    records = run(layer, optimizer, epochs=500)
    assert [r.diverged for r in records] == [False] * (len(records) - 1) + [True] and 2 < len(records) < 500
    assert not math.isfinite(records[-1].loss) and records[-1].step == len(records)
    assert np.isfinite(layer.flat()[0]).all()


def test_an_optimizer_of_a_part_trains_that_part():
    model = Sequential(Dense(3, 3, rng()), Dense(3, 1, rng()))
    first = model[0].W.copy()
    losses = [r.loss for r in fit(model, mse, (X, T), Adam(model[1], 0.1), epochs=30, rng=rng())]
    assert losses[-1] < 0.5 * losses[0] and np.array_equal(model[0].W, first)
