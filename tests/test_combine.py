import checks
import numpy as np
import pytest
from helpers import normal, rng

import chainrule.combine
from chainrule.activations import softmax, tanh
from chainrule.check import gradcheck
from chainrule.combine import Concat, Parallel, Residual, Sequential
from chainrule.dense import Dense

X = normal(5, 3, dtype=np.float32)


@pytest.mark.parametrize("check", [checks.combined_gradients, checks.combined_values])
def test_check(check):
    check(chainrule.combine)


def test_deep_and_shared_nesting():
    f = Dense(3, 3, rng())
    model = Sequential(
        Residual(Sequential(f, tanh, f)),
        Concat(f, Parallel(f, Residual(tanh)), lambda x: (x, lambda dy: dy)),
        Dense(9, 2, rng()),
        softmax,
    )
    errors = gradcheck(model, normal(2, 4, 3), rng=rng(1))
    assert len(errors) == 5 and model.size == 12 + 20


def test_sequential_is_a_sequence():
    layers = [Dense(3, 4, rng()), tanh, Dense(4, 2, rng())]
    model = Sequential(*layers)
    assert len(model) == 3 and list(model) == layers and model[-1] is layers[2]
    head = model[1:]
    assert isinstance(head, Sequential) and head[1] is layers[2]
    np.testing.assert_array_equal(head(model[0](X)[0])[0], model(X)[0])
    with pytest.raises(IndexError):
        model[3]


def test_concat_cuts_where_it_joined():
    seen = []

    def part(width):
        def f(x):
            return np.full((len(x), width), width, x.dtype), lambda dy: (seen.append(dy), np.zeros_like(x))[1]

        return f

    y, back = Concat(part(2), part(1), part(3))(X)
    assert y[0].tolist() == [2, 2, 1, 3, 3, 3]
    back(np.arange(30, dtype=np.float32).reshape(5, 6))
    assert [dy[0].tolist() for dy in seen] == [[0, 1], [2], [3, 4, 5]]


@pytest.mark.parametrize("make", [Sequential, Residual, Parallel, Concat])
@pytest.mark.parametrize("part", [None, 3, Dense, "tanh", np.eye(3)], ids=repr)
def test_parts_must_be_layers_or_functions(make, part):
    with pytest.raises(ValueError, match=f"{make.__name__} takes layers and functions .*; part 0 is"):
        make(part)


@pytest.mark.parametrize("make", [Sequential, Parallel, Concat])
def test_no_parts(make):
    with pytest.raises(ValueError, match=f"{make.__name__} takes at least one layer"):
        make()


def test_a_list_is_not_unpacked():
    with pytest.raises(ValueError, match="part 0 is"):
        Sequential([tanh, tanh])


def test_shapes_that_do_not_fit():
    narrow, wide = Dense(3, 1, rng()), Dense(3, 4, rng())
    with pytest.raises(ValueError, match=r"keeps the shape: \(5, 3\) came back as \(5, 4\)"):
        Residual(wide)(X)
    with pytest.raises(ValueError, match=r"Parallel takes branches .*\[\(5, 1\), \(5, 4\)\]"):
        Parallel(narrow, wide)(X)
    with pytest.raises(ValueError, match=r"Concat takes branches .*\[\(5,\), \(2,\)\]"):
        Concat(narrow, lambda x: (x[:2], None))(X)
    with pytest.raises(ValueError, match=r"Dense\(3 → 4\) takes \(\.\.\., 3\), got \(5, 1\)"):
        Sequential(narrow, wide)(X)
