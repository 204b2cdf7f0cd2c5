from functools import partial

import numpy as np
import pytest
from helpers import normal, rng

from chainrule.activations import leaky_relu, relu, tanh
from chainrule.check import gradcheck
from chainrule.data import two_spirals
from chainrule.dense import Dense
from chainrule.initializers import he
from chainrule.losses import bce
from chainrule.metrics import accuracy
from chainrule.models.mlp import mlp
from chainrule.optimizers import Adam
from chainrule.train import fit


def test_the_layers_and_how_they_print():
    model = mlp([2, 32, 1], rng())
    assert repr(model) == "\n".join(
        (
            "Sequential                  129",
            "├─ layers.0: Dense(2 → 32)   96",
            "├─ layers.1: tanh",
            "└─ layers.2: Dense(32 → 1)   33",
        )
    )
    assert mlp([2, 3, 4, 5], rng(), activation=relu).layers[1::2] == (relu, relu)
    assert len(mlp([2, 3], rng())) == 1


def test_the_output_is_what_the_formula_says():
    model = mlp([3, 4, 2], rng(), dtype=np.float64)
    x = normal(5, 3)
    first, second = model[0], model[2]
    np.testing.assert_allclose(model(x)[0], np.tanh(x @ first.W + first.b) @ second.W + second.b)


@pytest.mark.parametrize("activation", [tanh, relu, partial(leaky_relu, slope=0.2)], ids=["tanh", "relu", "leaky"])
@pytest.mark.parametrize("sizes", [[3, 1], (3, 5, 2), np.array([3, 4, 5, 1])], ids=str)
def test_gradients(sizes, activation):
    gradcheck(mlp(sizes, rng(), activation), normal(7, 3), rng=rng(1))


def test_one_generator_draws_all_layers_in_order_by_the_given_rule():
    generator = rng(5)
    expected = [he((n, k), generator) for n, k in ((3, 8), (8, 2))]
    model = mlp([3, 8, 2], rng(5), init=he)
    assert all(np.array_equal(model[i].W, w) for i, w in zip((0, 2), expected))
    assert mlp([3, 2], rng(), dtype=np.float64).flat()[0].dtype == np.float64


@pytest.mark.parametrize("seed", range(3))
def test_it_learns_two_spirals(seed):
    x, t = two_spirals(200, rng(seed), turns=1)
    model = mlp([2, 24, 24, 1], rng(seed))
    model[0].W *= 3
    for _ in fit(model, bce, (x, t[:, None].astype("f")), Adam(model, 0.02), epochs=300, rng=rng(seed)):
        pass
    assert accuracy(model(x)[0], t) > 0.97


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: mlp([3], rng()), r"at least an input and an output size, got \[3\]"),
        (lambda: mlp([], rng()), r"at least an input and an output size, got \[\]"),
        (lambda: mlp([3, 0, 1], rng()), "Dense n_out takes a positive integer, got 0"),
        (lambda: mlp([3, 2.5, 1], rng()), r"Dense n_out takes a positive integer, got 2\.5"),
        (lambda: mlp([3, 2], None), r"rng takes a np\.random\.Generator .*, got NoneType"),
        (lambda: mlp([3, 2, 1], rng(), activation=Dense), "Sequential takes layers and functions"),
        (lambda: mlp([3, 2, 1], rng(), activation="tanh"), "part 1 is 'tanh'"),
    ],
)
def test_wrong_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()
