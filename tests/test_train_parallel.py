import copy
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import checks_steps as checks
import numpy as np
import pytest
from helpers import Noise, normal, rng, tied

import chainrule.train.parallel
import chainrule.train.step
from chainrule.activations import tanh
from chainrule.combine import Sequential
from chainrule.dense import Dense
from chainrule.flatten import flatten
from chainrule.losses import cross_entropy, mse
from chainrule.models.mlp import mlp
from chainrule.optimizers import Adam
from chainrule.train import DataParallel, backpropagate, fit, replica

X, T = normal(11, 3), normal(11, 2, seed=1)


@pytest.mark.parametrize(
    "check",
    [
        checks.a_step_is_its_five_lines,
        checks.nothing_moves_where_the_loss_is_not_finite,
    ],
)
def test_a_step(check):
    check(chainrule.train.step)


@pytest.mark.parametrize("check", [checks.workers_find_what_one_finds, checks.replicas_follow_their_model])
def test_workers(check):
    check(chainrule.train.parallel)


def model(dtype: type = np.float64) -> Sequential:
    return mlp([3, 5, 2], rng(), dtype=dtype)


def test_a_replica_shares_weights_and_owns_gradients():
    net = model()
    twin = replica(net)
    assert all(np.shares_memory(a, twin.params[k]) for k, a in net.params.items())
    assert np.shares_memory(net.flat()[0], twin.flat()[0]) and not np.shares_memory(net.flat()[1], twin.flat()[1])
    before = net.flat()[1].copy()
    y, back = twin(X)
    back(y)
    assert twin.flat()[1].any() and np.array_equal(net.flat()[1], before)
    net.flat()[0][:] = 0
    assert not twin(X)[0].any()


def test_a_replica_of_a_part_and_of_tied_layers():
    net = Sequential(model(), Dense(2, 2, rng(), dtype=np.float64))
    net.flat()
    assert replica(net[0]).size == net[0].size
    net = tied().astype(np.float64)
    assert replica(net).size == net.size == 12


@pytest.mark.parametrize("workers", [1, 2, 3, 11])
def test_equals_the_single_worker_to_rounding(workers):
    net, other = model(), model()
    value = backpropagate(net, mse, X, T)
    assert DataParallel(other, mse, workers)(X, T) == pytest.approx(value, rel=1e-13)
    np.testing.assert_allclose(other.flat()[1], net.flat()[1], rtol=1e-12, atol=1e-15)


def test_several_inputs_are_cut_alike():
    labels = np.arange(11) % 2

    class Sum(Sequential):
        def forward(self, x, z):
            y, back = super().forward(x + z)
            return y, lambda dy: (back(dy),) * 2

    one, two = (Sum(Dense(3, 2, rng(), dtype=np.float64)) for _ in range(2))
    backpropagate(one, cross_entropy, (X, 2 * X), labels)
    DataParallel(two, cross_entropy, 2)((X, 2 * X), labels)
    np.testing.assert_allclose(two.flat()[1], one.flat()[1], rtol=1e-12)


def test_processes_do_the_same():
    one, two = model(), model()
    backpropagate(one, mse, X, T)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:  # a fork would copy threads' locks
        DataParallel(two, mse, 2, pool)(X, T)
    np.testing.assert_allclose(two.flat()[1], one.flat()[1], rtol=1e-12)


def test_fit_with_two_workers_trains_the_same_model():
    one, two = model(), model()
    for net, workers in ((one, 1), (two, 2)):
        for _ in fit(net, mse, (X, T), Adam(net, 1e-2), epochs=5, rng=rng(), batch_size=4, workers=workers):
            pass
    np.testing.assert_allclose(two.flat()[0], one.flat()[0], rtol=1e-9)
    assert not np.allclose(one.flat()[0], flat_start())


def flat_start() -> np.ndarray:
    net = model()
    flatten(net)
    return net.flat()[0]


def test_noise_differs_between_shards_and_steps_and_repeats_from_the_models_own_generator():
    x = np.ones((4, 3))

    def gradients(seed: int) -> list[np.ndarray]:
        """Of the first shard and of the second, in two steps."""
        net = Sequential(Noise(seed), Dense(3, 1, rng(), dtype=np.float64))
        parallel, found = DataParallel(net, lambda y, t: (y.mean(), lambda d=1.0: np.full(y.shape, d / y.size)), 2), []
        for _ in range(2):
            parallel(x, x[:, :1])
            second = parallel.replicas[0].flat()[1].copy()
            found += [net.flat()[1] - second, second]
        return found

    found = gradients(0)
    assert len({g.tobytes() for g in found}) == 4
    assert all(np.array_equal(a, b) for a, b in zip(found, gradients(0)))
    assert not any(np.allclose(a, b) for a, b in zip(found, gradients(1)))


def test_workers_follow_the_models_mode():
    net = Sequential(Noise(), Dense(3, 2, rng(), dtype=np.float64))
    parallel = DataParallel(net, mse, 2)
    net.evaluate()
    parallel(X, T)
    quiet = net.flat()[1].copy()
    parallel(X, T)
    assert np.array_equal(net.flat()[1], quiet)
    with net.frozen():
        parallel(X, T)
    assert not net.flat()[1].any()


def test_a_loss_that_is_not_finite_in_one_shard_is_said():
    net = Sequential(Dense(3, 2, rng(), dtype=np.float64), tanh)
    x = X.copy()
    x[-1] = np.nan
    assert np.isnan(DataParallel(net, mse, 2)(x, T))


def test_wrong_use():
    with pytest.raises(ValueError, match="workers takes a positive integer, got 0"):
        DataParallel(model(), mse, 0)
    with pytest.raises(ValueError, match="at least 3 examples for 3 workers, got 2"):
        DataParallel(model(), mse, 3)(X[:2], T[:2])
    with pytest.raises(ValueError, match="workers takes a positive integer, got None"):
        fit(net := model(), mse, (X, T), Adam(net), epochs=1, rng=rng(), workers=None)


def test_an_exception_in_a_worker_is_raised():
    def broken(y, t, size):
        if len(y) != size:
            raise RuntimeError("in a worker")
        return mse(y, t)

    with pytest.raises(RuntimeError, match="in a worker"):
        DataParallel(model(), partial(broken, size=5), 2)(X, T)


def test_a_replica_leaves_its_model_alone():
    net = model()
    before = copy.deepcopy(net.params)
    replica(net)
    assert net.flat()[0] is net._flat[0] and all(np.array_equal(before[k], a) for k, a in net.params.items())
