import numpy as np
import pytest
from helpers import Noise, normal, rng

from chainrule.activations import tanh
from chainrule.check import gradcheck
from chainrule.combine import Sequential
from chainrule.dense import Dense
from chainrule.layer import Layer
from chainrule.losses import mse

X = normal(5, 3)


def check(f, *inputs):
    return gradcheck(f, *(inputs or (X,)), rng=rng(1))


class Product(Layer):
    """y = x w, entry by entry, with a backward that a test may replace."""

    def __init__(self, write=lambda layer, x, dy: layer.__setattr__("dw", layer.dw + (x * dy).sum(0))):
        self.parameters(w=normal(3))
        self._write = write

    def forward(self, x):
        def back(dy):
            if not self._frozen:
                self._write(self, x, dy)
            return self.w * dy

        return self.w * x, back


def test_it_returns_the_error_of_every_array():
    errors = check(Sequential(Dense(3, 4, rng()), tanh, Dense(4, 1, rng(), bias=False)))
    assert list(errors) == ["input 0", "layers.0.W", "layers.0.b", "layers.2.W"] and max(errors.values()) < 1e-8
    assert list(check(Product())) == ["input 0", "w"]


def test_it_leaves_the_layer_its_dtype_and_its_gradients_alone():
    layer, x = Dense(3, 2, rng()), X.astype(np.float32)
    layer.dW += 3
    check(layer, x)
    assert layer.W.dtype == np.float32 and (layer.dW == 3).all() and np.array_equal(x, X.astype(np.float32))
    assert layer._root is None


def test_several_inputs_constants_and_integers():
    def scaled_sum(a, b, ids, constant):
        return (a * b)[ids] + constant, lambda dy: (np.eye(5)[ids].T @ dy * b, np.eye(5)[ids].T @ dy * a, None)

    errors = check(scaled_sum, X, normal(5, 3, seed=1), np.array([0, 2, 2]), normal(3, 3))
    assert list(errors) == ["input 0", "input 1"]


def test_losses_and_scalars():
    assert list(check(mse, X, normal(5, 3, seed=1))) == ["input 0"]
    assert check(lambda x: (x * x, lambda dy: 2 * x * dy), np.array(3.0))["input 0"] < 1e-8


def test_noise_is_replayed_and_the_generator_not_consumed():
    layer = Noise()
    state = layer.rng.bit_generator.state
    check(Sequential(layer, layer))
    assert layer.rng.bit_generator.state == state


WRONG = {
    "sign": (lambda x: (np.sin(x), lambda dy: -np.cos(x) * dy), r"input 0: backward gives -?\d.*, differences -?\d"),
    "one entry": (
        lambda x: (x * x, lambda dy: 2 * x * dy + np.eye(5, 3) * [0, 1e-4, 0]),
        "input 0: backward gives",
    ),
    "nan": (lambda x: (x * 1, lambda dy: dy * np.nan), "input 0: backward gives nan"),
    "shape": (lambda x: (2 * x, lambda dy: 2 * dy.sum(0)), r"input 0 is float64 \(5, 3\), its gradient float64 \(3,\)"),
    "dtype": (lambda x: (2 * x, lambda dy: (2 * dy).astype("f")), r"its gradient float32 \(5, 3\)"),
    "no gradient": (lambda x: (2 * x, lambda dy: None), "input 0 is float64, its gradient NoneType"),
    "writes x": (lambda x: (x.__iadd__(1) * 1, lambda dy: dy * 1), "input 0 is written to"),
    "writes dy": (lambda x: (2 * x, lambda dy: dy.__imul__(2)), "back writes into dy|backward gives"),
    "sets dW": (Product(lambda f, x, dy: f.__setattr__("dw", (x * dy).sum(0))), "w: backward gives"),
    "no dW": (Product(lambda f, x, dy: None), "w: backward gives"),
    "transposed": (lambda x: (x @ SQUARE, lambda dy: dy @ SQUARE), "input 0: backward gives"),
}
SQUARE = normal(3, 3)


@pytest.mark.parametrize("name", WRONG)
def test_wrong_gradients_and_broken_contracts_are_named(name):
    f, message = WRONG[name]
    with pytest.raises(AssertionError, match=message):
        check(f, X.copy())


def test_a_gradient_for_integers_is_an_error():
    with pytest.raises(AssertionError, match="input 0 is int64, its gradient ndarray"):
        check(lambda ids: (X[ids], lambda dy: dy), np.array([0, 1]))


class Trains(Product):
    """Forgets that it may be frozen."""

    def forward(self, x):
        y, back = super().forward(x)

        def wrong(dy):
            self.dw += (x * dy).sum(0)
            return back(dy)

        return y, wrong


def test_training_a_frozen_layer():
    message = (
        "^Trains: back adds to dW although the layer is frozen: "
        "skip the weight gradients in backward while self._frozen is True$"
    )
    with pytest.raises(AssertionError, match=message):
        check(Trains())


def test_an_output_that_a_later_call_overwrites():
    buffer = np.zeros((5, 3))

    def f(x):
        np.multiply(x, 2, out=buffer)
        return buffer, lambda dy: buffer.__imul__(0) + 2 * dy

    with pytest.raises(AssertionError, match="the output is overwritten by a later call"):
        check(f)


def test_it_takes_a_generator():
    with pytest.raises(ValueError, match=r"rng takes a np\.random\.Generator .*, got int"):
        gradcheck(tanh, X, rng=0)
