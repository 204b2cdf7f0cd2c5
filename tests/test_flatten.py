import numpy as np
import pytest
from helpers import Scale, normal, rng, step_once, tied

from chainrule.combine import Parallel, Residual, Sequential
from chainrule.dense import Dense
from chainrule.layer import Layer
from chainrule.optimizers import SGD, Adam


def dense(n_in: int = 3, n_out: int = 3, dtype: type = np.float32) -> Dense:
    return Dense(n_in, n_out, rng(), dtype=dtype)


def expect_views(model: Layer) -> None:
    """Each parameter is a view of the vector, in the order of `params`; so is each gradient."""
    for vector, arrays in zip(model.flat(), (model.params, model.grads)):
        vector[:] = np.arange(len(vector))
        assert np.concatenate([a.ravel() for a in arrays.values()]).tolist() == vector.tolist()


def test_vectors_hold_what_the_layers_held():
    model = Sequential(dense(), Scale(dense()))
    params = {k: a.copy() for k, a in model.params.items()}
    model[0].dW[...] = 5
    theta, dtheta = model.flat()
    assert all(np.array_equal(params[k], a) for k, a in model.params.items())
    assert dtheta[:9].tolist() == [5] * 9 and not dtheta[9:].any() and len(theta) == model.size == 12 + 3 + 12
    assert model.flat()[0] is theta
    expect_views(model)


def test_the_root_is_no_child_of_its_layers():
    inner = dense()
    outer = Sequential(inner, dense(3, 2))
    outer.flat()
    assert list(inner.params) == ["W", "b"] and [layer for _, layer in inner.walk()] == [inner]
    assert inner.size == 12 and "layers.1" not in repr(inner)


def test_inner_models_are_slices_of_the_outer_vector():
    model = Sequential(dense(), Sequential(Scale(dense()), dense()), dense())
    theta, dtheta = model.flat()
    middle, gradient = model[1].flat()
    assert np.shares_memory(middle, theta) and np.shares_memory(gradient, dtheta) and len(middle) == 27
    expect_views(model[1])
    expect_views(model)
    model[1].zero_grad()
    assert dtheta[1:12].all() and not dtheta[12:39].any() and dtheta[39:].all()


def test_flattening_an_outer_model_rehomes_inner_ones_and_their_optimizers():
    inner = Sequential(dense(), dense())
    optimizer, plain = Adam(inner, 0.1), Adam(twin := Sequential(dense(), dense()), 0.1)
    x = normal(4, 3, dtype=np.float32)
    step_once(inner, optimizer, x), step_once(twin, plain, x)
    outer = Sequential(inner, dense(3, 1))
    theta, _ = outer.flat()
    for _ in range(3):
        assert step_once(inner, optimizer, x) > 1e-3
        step_once(twin, plain, x)
    assert np.shares_memory(inner.flat()[0], theta) and np.array_equal(inner.flat()[0], twin.flat()[0])
    Parallel(outer, dense(3, 1)).flat()
    assert step_once(inner, optimizer, x) > 1e-3
    expect_views(inner)


def test_an_optimizer_of_a_part_leaves_the_rest():
    model = Sequential(dense(), dense(), dense())
    before = model.flat()[0].copy()
    step_once(model, SGD(model[1], 0.1), normal(4, 3, dtype=np.float32))
    moved = model.flat()[0] != before
    assert moved[12:24].any() and not moved[:12].any() and not moved[24:].any()


def test_a_shared_layer_is_in_the_vector_once():
    model = tied()
    assert len(model.flat()[0]) == 12
    assert step_once(model, SGD(model, 0.1), normal(4, 3, dtype=np.float32)) > 1e-3
    expect_views(model)


def test_a_part_that_shares_a_layer_has_no_slice():
    shared = dense()
    model = Sequential(shared, dense(), Residual(Sequential(dense(), shared)))
    model.flat()
    with pytest.raises(ValueError, match="Residual shares layers with the rest of its model"):
        SGD(model[2], 0.1)


def test_sharing_across_models_raises_and_changes_nothing():
    shared = dense()
    first, second = Sequential(shared, dense()), Sequential(dense(), shared)
    theta, _ = first.flat()
    with pytest.raises(ValueError, match=r"layers\.1\.Dense\(3 → 3\) already belongs to another.*deepcopy"):
        second.flat()
    assert np.shares_memory(shared.W, theta) and second[0]._root is None
    assert step_once(first, SGD(first, 0.1), normal(4, 3, dtype=np.float32)) > 1e-3


def test_a_slice_of_a_sequential_runs_but_has_no_vector_of_its_own():
    model = Sequential(dense(), dense(), dense(3, 2))
    model.flat()
    x = normal(4, 3, dtype=np.float32)
    assert np.array_equal(model[2](model[:2](x)[0])[0], model(x)[0]) and len(model[:2]) == 2
    with pytest.raises(ValueError, match="already belongs to another model"):
        model[:2].flat()


def test_mixed_dtypes_raise():
    model = Sequential(dense(), dense(dtype=np.float64))
    with pytest.raises(ValueError, match=r"one dtype: layers\.0\.W is float32, layers\.1\.W is float64"):
        model.flat()
    assert model[0]._root is None and model[0].W.dtype == np.float32


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_vectors_have_the_dtype_of_the_parameters(dtype):
    assert {v.dtype for v in dense(dtype=dtype).flat()} == {np.dtype(dtype)}


def test_a_model_without_parameters_has_empty_vectors():
    assert [len(v) for v in Sequential(np.tanh).flat()] == [0, 0]
