import copy
import pickle
from functools import partial

import numpy as np
import pytest
from helpers import LAYERS, SHAPES, Noise, Scale, expect_contract, normal, rng, step_once, tied

from chainrule.activations import leaky_relu, tanh
from chainrule.check import gradcheck
from chainrule.combine import Residual, Sequential
from chainrule.dense import Dense
from chainrule.layer import Layer
from chainrule.optimizers import SGD, Adam


@pytest.mark.parametrize("mode", ["train", "evaluate"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", LAYERS)
def test_gradients_in_both_modes(name, shape, mode):
    layer = LAYERS[name]()
    errors = gradcheck(getattr(layer, mode)(), normal(*shape), rng=rng(3))
    assert set(errors) == {"input 0", *layer.params}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", LAYERS)
def test_contract(name, shape, dtype):
    expect_contract(LAYERS[name](), shape, dtype)


@pytest.mark.parametrize("name", LAYERS)
def test_gradients_add_up_and_frozen_layers_get_none(name):
    layer = LAYERS[name]().evaluate()
    x = normal(4, 3, dtype=np.float32)
    y, back = layer(x)
    once = back(y)
    grads = {k: g.copy() for k, g in layer.grads.items()}
    with layer.frozen():
        assert np.array_equal(layer(x)[1](y), once)
    assert all(np.array_equal(g, grads[k]) for k, g in layer.grads.items())
    back(y)
    for k, g in layer.grads.items():
        np.testing.assert_allclose(g, 2 * grads[k], rtol=1e-5, atol=1e-6, err_msg=k)
    layer.zero_grad()
    assert not any(g.any() for g in layer.grads.values())


def test_frozen_is_nested_and_ends_with_an_exception():
    model = Sequential(Dense(3, 3, rng()), Dense(3, 2, rng()))
    with pytest.raises(KeyError), model.frozen():
        with model[0].frozen():
            pass
        assert model[0]._frozen
        raise KeyError
    assert not model[0]._frozen and not model._frozen


def test_layers_remember_nothing_between_calls():
    layer, x1, x2 = Dense(3, 2, rng(), dtype=np.float64), normal(4, 3), normal(5, 3, seed=1)
    (y1, back1), (y2, back2) = layer(x1), layer(x2)
    back1(y1), back2(y2)
    np.testing.assert_allclose(layer.dW, x1.T @ y1 + x2.T @ y2)
    assert set(vars(layer)) == {"W", "dW", "b", "db", "names"}


def test_parameters_are_declared_as_copies_of_floating_point_arrays():
    source = np.ones(3)
    layer = Layer()
    layer.parameters(W=source)
    source[0] = 9
    assert layer.W.tolist() == [1, 1, 1] and layer.dW.tolist() == [0, 0, 0] and layer.size == 3
    with pytest.raises(ValueError, match=r"parameter k takes floating-point numbers, got int64"):
        layer.parameters(k=np.arange(3))
    for taken in ("W", "size", "forward"):
        with pytest.raises(ValueError, match=f"Layer.{taken} is there already"):
            layer.parameters(**{taken: source})
    layer.flat()
    with pytest.raises(ValueError, match="declare parameters before flat"):
        layer.parameters(V=source)


def test_assignment_writes_in_place():
    layer = Dense(3, 2, rng())
    theta, _ = layer.flat()
    layer.W, layer.b, layer.dW = np.full((3, 2), 7), [1, 2], np.ones((3, 2))
    layer.dW += 1
    assert theta.tolist() == [7.0] * 6 + [1, 2] and layer.flat()[1].tolist() == [2.0] * 6 + [0, 0]
    for bad in (7.0, np.ones(6), np.full((3, 2), "seven"), np.ones((3, 2), complex), None):
        with pytest.raises((ValueError, TypeError)):
            layer.W = bad
    with pytest.raises(ValueError, match=r"Dense\(3 → 2\)\.W has shape \(3, 2\), got \(2, 3\)"):
        layer.W = np.ones((2, 3))


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))], ids=["deepcopy", "pickle"])
@pytest.mark.parametrize("flat_before", [False, True])
@pytest.mark.parametrize("name", ["Dense", "mlp", "tied, noisy", "Scale"])
def test_copies_are_models_of_their_own_and_train(name, flat_before, copied):
    model = LAYERS[name]()
    if flat_before:
        model.flat()
    twin = copied(model)
    assert step_once(twin, SGD(twin, 0.1), normal(4, 3, dtype=np.float32)) > 1e-3
    assert all(not np.shares_memory(a, twin.params[k]) for k, a in model.params.items())
    fresh = LAYERS[name]()
    assert all(np.array_equal(a, fresh.params[k]) for k, a in model.params.items())


def test_a_copied_optimizer_trains_the_copied_model():
    model = LAYERS["mlp"]()
    optimizer = Adam(model, 0.1)
    model2, optimizer2 = copy.deepcopy((model, optimizer))
    assert step_once(model2, optimizer2, normal(4, 3, dtype=np.float32)) > 1e-3


def test_astype_casts_a_copy():
    model = LAYERS["LoRA"]()
    twin = model.astype(np.float64)
    assert model.A.dtype == np.float32 and twin.A.dtype == twin._W.dtype == twin.dB.dtype == np.float64
    with pytest.raises(ValueError, match="dtype takes float32 or float64, got int64"):
        model.astype(np.int64)


def test_modes_reach_every_layer():
    model = Sequential(Residual(Sequential(Noise(), Dense(3, 3, rng()))), Noise())
    assert model.evaluate() is model and not any(layer.training for _, layer in model.walk())
    x = normal(2, 3, dtype=np.float32)
    assert np.array_equal(model(x)[0], model(x)[0])
    assert model.train() is model and all(layer.training for _, layer in model.walk())
    assert not np.array_equal(model(x)[0], model(x)[0])


def test_walk_names_each_layer_once():
    model = tied()
    assert [path for path, _ in model.walk()] == ["", "layers.0.", "layers.1."]
    assert list(model.params) == ["layers.0.W", "layers.0.b"] and model.size == 12


def test_repr_draws_the_tree_with_parameter_counts():
    shared = Dense(3, 3, rng())
    model = Sequential(Scale(shared), partial(leaky_relu, slope=0.2), Residual(Sequential(shared, tanh)))
    assert repr(model) == "\n".join(
        (
            "Sequential                                               15",
            "├─ layers.0: Scale                                       15",
            "│  └─ f: Dense(3 → 3)                                    12",
            "├─ layers.1: leaky_relu(slope=0.2)",
            "└─ layers.2: Residual                                    12",
            "   └─ f: Sequential                                      12",
            "      ├─ layers.0: Dense(3 → 3) (shared, counted above)",
            "      └─ layers.1: tanh",
        )
    )
    assert repr(shared) == "Dense(3 → 3)"


def test_a_layer_without_forward_says_so():
    with pytest.raises(NotImplementedError, match="Layer does not define forward"):
        Layer()(normal(2, 2))
