"""What must hold of a step of training, alone or shared by workers, as functions of the module: see checks.py."""

from types import ModuleType

import numpy as np
from helpers import normal, rng
from numpy.testing import assert_allclose

from chainrule.losses import mse
from chainrule.models.mlp import mlp
from chainrule.optimizers import SGD
from chainrule.train.step import backpropagate

X, T = normal(11, 3), normal(11, 2, seed=1)


def written_out(net) -> tuple[float, np.ndarray]:
    """The loss of a model and its gradient, by the lines of the first chapters."""
    net.zero_grad()
    y, back = net(X)
    value, back_loss = mse(y, T)
    back(back_loss())
    return float(value), net.flat()[1].copy()


def a_step_is_its_five_lines(m: ModuleType) -> None:
    one, two = (mlp([3, 4, 2], rng(), dtype=np.float64) for _ in range(2))
    optimizer = SGD(two, 0.1)
    for _ in range(2):  # twice: gradients of the first step must be gone
        value, gradient = written_out(one)
        one.flat()[0][:] -= 0.1 * gradient
        met, norm = m.train_step(lambda x, t: m.backpropagate(two, mse, x, t), X, T, optimizer, lambda g: float(g @ g))
        assert_allclose([met, norm], [value, gradient @ gradient])
        assert_allclose(two.flat()[0], one.flat()[0])


def nothing_moves_where_the_loss_is_not_finite(m: ModuleType) -> None:
    net = mlp([3, 4, 2], rng(), dtype=np.float64)
    theta = net.flat()[0].copy()
    met, norm = m.train_step(lambda x, t: m.backpropagate(net, mse, x, t), X * np.nan, T, SGD(net, 0.1), lambda g: 0.0)
    assert np.isnan(met) and np.isnan(norm)
    assert np.array_equal(net.flat()[0], theta) and not net.flat()[1].any()


def workers_find_what_one_finds(m: ModuleType) -> None:
    for workers in (1, 2, 3):
        one, two = (mlp([3, 4, 2], rng(), dtype=np.float64) for _ in range(2))
        parallel = m.DataParallel(two, mse, workers)
        for _ in range(2):
            value, gradient = backpropagate(one, mse, X, T), one.flat()[1]
            assert_allclose(parallel(X, T), value)
            assert_allclose(two.flat()[1], gradient, atol=1e-14)


def replicas_follow_their_model(m: ModuleType) -> None:
    net = mlp([3, 4, 2], rng(), dtype=np.float64)
    twin = m.replica(net)
    net.flat()[0][:] = 1.0
    assert all((array == 1).all() for array in twin.params.values())
    parallel = m.DataParallel(net, mse, 2)
    with net.frozen():
        parallel(X, T)
    assert not net.flat()[1].any()
    net.evaluate()
    parallel(X, T)
    assert not any(layer.training for _, layer in parallel.replicas[0].walk())
