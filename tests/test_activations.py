import warnings
from functools import partial

import checks
import numpy as np
import pytest
from helpers import SHAPES, expect_contract, normal, rng

import chainrule.activations
from chainrule import activations as a
from chainrule.check import gradcheck

ALL = {name: getattr(a, name) for name in (*checks.ENTRYWISE, "softmax", "log_softmax")}
OPTIONS = {
    "leaky_relu, slope": partial(a.leaky_relu, slope=np.float64(0.3)),
    "elu, alpha": partial(a.elu, alpha=np.float64(1.7)),
}
EVERY = ALL | OPTIONS


@pytest.mark.parametrize("check", [checks.activation_gradients, checks.activation_values])
def test_check(check):
    check(chainrule.activations)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", EVERY)
def test_gradients(name, shape):
    gradcheck(EVERY[name], 3 * normal(*shape), rng=rng(1))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", EVERY)
def test_contract(name, shape, dtype):
    expect_contract(EVERY[name], shape, dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", EVERY)
def test_extreme_inputs_neither_overflow_nor_warn(name, dtype):
    x = np.array([[-1e4, -100, 0, 100, 1e4], [1e4, 1e4, 1e4, 1e4, -1e4]], dtype)
    with warnings.catch_warnings(), np.errstate(over="raise", invalid="raise", divide="raise"):
        warnings.simplefilter("error")
        y, back = EVERY[name](x)
        dx = back(np.ones_like(x))
    assert np.isfinite(y).all() and np.isfinite(dx).all()


@pytest.mark.parametrize(
    ("name", "low", "high", "slopes"),
    [
        ("sigmoid", 0, 1, (0, 0)),
        ("tanh", -1, 1, (0, 0)),
        ("relu", 0, 50, (0, 1)),
        ("leaky_relu", -0.5, 50, (0.01, 1)),
        ("elu", -1, 50, (0, 1)),
        ("softplus", 0, 50, (0, 1)),
        ("gelu", 0, 50, (0, 1)),
        ("gelu_tanh", 0, 50, (0, 1)),
        ("silu", 0, 50, (0, 1)),
    ],
)
def test_what_is_left_far_from_zero(name, low, high, slopes):
    y, back = ALL[name](np.array([-50.0, 50.0]))
    np.testing.assert_allclose(y, [low, high], atol=1e-12)
    np.testing.assert_allclose(back(np.ones(2)), slopes, atol=1e-12)


def test_kinks_take_the_slope_of_the_left():
    zero = np.zeros(1)
    assert a.relu(zero)[1](np.ones(1)) == 0 and a.leaky_relu(zero)[1](np.ones(1)) == 0.01
    assert a.elu(zero)[1](np.ones(1)) == 1


def test_gelu_and_its_tanh_form():
    x = np.linspace(-8, 8, 4001)
    gap = np.abs(a.gelu(x)[0] - a.gelu_tanh(x)[0]).max()
    assert 1e-4 < gap < 5e-4


def test_relations():
    x = np.linspace(-5, 5, 101)
    sigmoid = a.sigmoid(x)[0]
    np.testing.assert_allclose(sigmoid + a.sigmoid(-x)[0], 1)
    np.testing.assert_allclose(a.silu(x)[0], x * sigmoid)
    np.testing.assert_allclose(a.softplus(x)[0] - a.softplus(-x)[0], x, atol=1e-12)
    np.testing.assert_allclose(a.softplus(x)[1](np.ones(101)), sigmoid)
    np.testing.assert_allclose(a.leaky_relu(x, 0.0)[0], a.relu(x)[0])


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_softmax_along_the_last_axis(name):
    x = 5 * normal(2, 3, 4)
    y = ALL[name](x)[0]
    p = np.exp(y) if name == "log_softmax" else y
    np.testing.assert_allclose(p.sum(-1), 1)
    np.testing.assert_allclose(ALL[name](x + normal(2, 3, 1, seed=1))[0], y)  # shifting a row changes nothing
    assert (p.argmax(-1) == x.argmax(-1)).all()
    np.testing.assert_allclose(ALL[name](x[1, 2])[0], y[1, 2])
    order = rng().permutation(4)
    np.testing.assert_allclose(ALL[name](x[..., order])[0], y[..., order])


def test_softmax_of_distant_numbers():
    np.testing.assert_allclose(a.log_softmax(np.array([-1000.0, 1000.0]))[0], [-2000, 0])
    np.testing.assert_allclose(a.softmax(np.array([-1000.0, 1000.0]))[0], [0, 1])
    np.testing.assert_allclose(a.softmax(np.zeros((2, 5)))[0], 0.2)


def test_gelu_tanh_of_a_large_array_in_any_layout():
    """It is computed block by block; the last block is short."""
    x, dy = normal(3, 67, 701, dtype=np.float32), normal(3, 67, 701, seed=1, dtype=np.float32)
    assert x.size > a.BLOCK and x.size % a.BLOCK
    (y, back), (turned, back_turned) = a.gelu_tanh(x), a.gelu_tanh(x.T)
    small = [a.gelu_tanh(row) for row in x]
    np.testing.assert_allclose(y, [z for z, _ in small], rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(back(dy), [b(d) for (_, b), d in zip(small, dy)], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(turned.T, y, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(back_turned(dy.T).T, back(dy), rtol=1e-5, atol=1e-6)
