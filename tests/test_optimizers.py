import copy

import checks_training as checks
import numpy as np
import pytest
from helpers import normal, rng, step_once
from numpy.testing import assert_allclose
from reference.make import CASES, reference, run, run_pytorch

from chainrule import optimizers
from chainrule.activations import tanh
from chainrule.combine import Sequential
from chainrule.dense import Dense
from chainrule.optimizers import SGD, AdaGrad, Adam, AdamW, Muon, RMSprop

ALL = [SGD, AdaGrad, RMSprop, Adam, AdamW, Muon]


def model(gradient: float | np.ndarray = 0.0, dtype: type = np.float64) -> Dense:
    layer = Dense(3, 2, rng(), dtype=dtype)
    layer.flat()[1][:] = gradient
    return layer


def moved(optimizer, steps: int = 1) -> np.ndarray:
    theta = optimizer.model.flat()[0]
    before = theta.copy()
    for _ in range(steps):
        optimizer.step()
    return theta - before


def test_reference_arrays():
    checks.optimizers_equal_reference(optimizers)


@pytest.mark.parametrize("name", CASES)
def test_live_against_pytorch(name):
    pytest.importorskip("torch", reason="torch is not installed; the committed reference arrays are compared above")
    live = run_pytorch(CASES[name])
    assert_allclose(run(getattr(optimizers, CASES[name].ours), CASES[name]), live, rtol=0, atol=1e-8)
    assert_allclose(reference(name), live, rtol=0, atol=1e-12)


def test_first_steps_in_closed_form():
    g = normal(8)
    assert_allclose(moved(SGD(model(g), 0.1)), -0.1 * g)
    assert_allclose(moved(SGD(model(g), 0.1, momentum=0.9)), -0.1 * g)
    assert_allclose(moved(SGD(model(g), 0.1, momentum=0.9, nesterov=True)), -0.19 * g)
    assert_allclose(moved(AdaGrad(model(g), 0.1)), -0.1 * np.sign(g), rtol=1e-6)
    assert_allclose(moved(RMSprop(model(g), 0.1, rho=0.75)), -0.2 * np.sign(g), rtol=1e-6)
    assert_allclose(moved(Adam(model(g), 0.1)), -0.1 * np.sign(g), rtol=1e-6)


def test_later_steps_along_one_gradient():
    g = normal(8)
    assert_allclose(moved(SGD(model(g), 0.1, momentum=0.5), 3), -0.1 * (1 + 1.5 + 1.75) * g)
    assert_allclose(
        moved(AdaGrad(model(g), 0.1), 4), -0.1 * sum(1 / k**0.5 for k in range(1, 5)) * np.sign(g), rtol=1e-6
    )
    assert_allclose(moved(Adam(model(g), 0.1), 7), -0.7 * np.sign(g), rtol=1e-6)


@pytest.mark.parametrize("make", ALL)
def test_weight_decay_is_decoupled(make):
    layer = model()
    W, b = layer.W.copy(), layer.b.copy() + 1
    layer.b = b
    make(layer, lr=0.1, weight_decay=0.5).step()
    assert_allclose(layer.W, 0.95 * W)
    assert_allclose(layer.b, (1 - 3e-4 * 0.5 if make is Muon else 0.95) * b)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("make", ALL)
def test_a_step_keeps_dtype_and_gradients_and_moves_every_parameter(make, dtype):
    optimizer = make(model(normal(8), dtype), lr=np.float64(0.1))
    gradient = optimizer.model.flat()[1].copy()
    assert moved(optimizer).all() and np.array_equal(optimizer.model.flat()[1], gradient)
    arrays = [*optimizer.model.flat(), *(a for k, a in optimizer.state.items() if k != "t")]
    assert {a.dtype for a in arrays} == {np.dtype(dtype)}


@pytest.mark.parametrize("make", ALL)
def test_every_optimizer_learns(make):
    x, t = normal(32, 3, dtype=np.float32), normal(32, 1, seed=1, dtype=np.float32)
    net = Sequential(Dense(3, 8, rng()), tanh, Dense(8, 1, rng()))
    optimizer, losses = make(net, lr=0.02), []
    for _ in range(200):
        net.zero_grad()
        y, back = net(x)
        losses.append(float(((y - t) ** 2).mean()))
        back(2 * (y - t) / len(x))
        optimizer.step()
    assert losses[-1] < 0.8 * losses[0]


def test_a_schedule_is_asked_at_each_step():
    asked = []
    optimizer = SGD(model(1.0), lambda t: asked.append(t) or t / 10)
    assert_allclose(moved(optimizer, 3), -0.6)
    assert asked == [1, 2, 3] and optimizer.rate == 0.3
    with pytest.raises(ValueError, match=r"lr \(from its schedule\) takes a finite number >= 0, got nan"):
        SGD(model(1.0), lambda t: float("nan")).step()


def test_state_is_live_and_complete():
    optimizer = Adam(model(normal(8)), 0.1)
    moved(optimizer, 3)
    twin = Adam(copy.deepcopy(optimizer.model), 0.1)
    twin.restore(optimizer.state)
    twin.model.flat()[1][:] = optimizer.model.flat()[1]
    assert set(optimizer.state) == {"t", "m", "v"} and np.array_equal(moved(optimizer, 4), moved(twin, 4))


def test_averages_of_dead_units_do_not_stay_subnormal():
    optimizer = Adam(model(1e-3, np.float32), 0.1)
    optimizer.step()
    optimizer.model.zero_grad()
    moved(optimizer, 1023)
    tiny = np.finfo(np.float32).tiny
    assert not any(((a != 0) & (np.abs(a) < tiny)).any() for a in (optimizer.m, optimizer.v))


def test_after_256_steps_a_dead_units_averages_are_exactly_zero_and_live_ones_untouched(monkeypatch):
    gradient = np.tile(np.array([1.0, 1e-12], np.float32), 4)  # two units: the first dies, the second lives on
    optimizer, unflushed = (Adam(model(gradient, np.float32), 0.1, betas=(0.75, 0.75)) for _ in range(2))
    monkeypatch.setattr(unflushed, "_flush_subnormals", lambda: None)
    tiny = np.finfo(np.float32).tiny
    for step in range(1, 257):
        for each in (optimizer, unflushed):
            each.step()
            each.model.flat()[1][::2] = 0
        assert all((a[1::2] > 0).all() and (a[::2] >= tiny).all() for a in (unflushed.m, unflushed.v))
        assert step == 256 or np.array_equal(optimizer.m, unflushed.m)
    for flushed, kept in ((optimizer.m, unflushed.m), (optimizer.v, unflushed.v)):
        assert not flushed[::2].any() and np.array_equal(flushed[1::2], kept[1::2])
    assert np.array_equal(optimizer.model.flat()[0], unflushed.model.flat()[0])


def test_a_gradient_of_zero_moves_nothing():
    for make in ALL:
        assert not moved(make(model(), lr=0.1, weight_decay=0), 3).any()


def test_an_optimizer_of_a_part_only_sees_its_slice():
    net = Sequential(Dense(3, 3, rng()), Dense(3, 3, rng()))
    for make in ALL:
        first = net[0].W.copy()
        assert step_once(net, make(net[1], lr=0.1), normal(4, 3, dtype=np.float32)) > 0
        assert np.array_equal(net[0].W, first)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda m: SGD(m, -0.1), r"lr takes a finite number >= 0, got -0\.1"),
        (lambda m: Adam(m, float("nan")), "lr takes a finite number >= 0, got nan"),
        (lambda m: Muon(m, float("inf")), "lr takes a finite number >= 0, got inf"),
        (lambda m: AdaGrad(m, "0.1"), "lr takes a finite number >= 0, got '0.1'"),
        (lambda m: AdamW(m, weight_decay=-1), "weight_decay takes a finite number >= 0, got -1"),
        (lambda m: SGD(m, 0.1, momentum=1.5), r"momentum takes a number in \[0, 1\], got 1\.5"),
        (lambda m: SGD(m, 0.1, nesterov=True), "nesterov takes a momentum > 0, got 0"),
        (lambda m: Adam(m, betas=(0.9, 1.0)), r"beta2 takes a number in \[0, 1\), got 1\.0"),
        (lambda m: Adam(m, betas=(-0.1, 0.9)), r"beta1 takes a number in \[0, 1\), got -0\.1"),
        (lambda m: Adam(m, eps=0), "eps takes a finite number > 0, got 0"),
        (lambda m: RMSprop(m, rho=2), r"rho takes a number in \[0, 1\], got 2"),
        (lambda m: Muon(m, vector_lr=-1), "vector_lr takes a finite number >= 0, got -1"),
        (lambda m: Adam(m.params), "Adam takes a layer with parameters, got {'W'"),
        (lambda m: Adam(Sequential(tanh)), "Adam takes a layer with parameters, got Sequential"),
        (lambda m: Adam(tanh), "Adam takes a layer with parameters, got <function tanh"),
    ],
)
def test_wrong_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make(model())
