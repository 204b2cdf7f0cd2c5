"""What counts as a child, and how a tree may change."""

import numpy as np
import pytest
from helpers import rng

from chainrule.dense import Dense
from chainrule.layer import Layer


class Held(Layer):
    """A layer that holds what it is given."""

    def __init__(self, held=()):
        self.held = held


def dense(n_in: int = 3, n_out: int = 3) -> Dense:
    return Dense(n_in, n_out, rng())


@pytest.mark.parametrize("start", [dense, lambda: [dense()], lambda: np.tanh], ids=["layer", "list", "function"])
def test_replacing_a_layer_after_flat_raises(start):
    model = Held(start())
    model.flat()
    for new in (dense(3, 2), [dense(3, 2)]):
        with pytest.raises(ValueError, match=r"Held\.held cannot be replaced.*never be trained.*deepcopy"):
            model.held = new
    with pytest.raises(ValueError, match="cannot be replaced"):
        model.another = dense()


def test_replacing_a_layer_before_flat_is_fine():
    model = Held(dense())
    model.held = dense(3, 2)
    assert len(model.flat()[0]) == 8
    model.remark = "nothing to train"


@pytest.mark.parametrize("nest", [lambda a: a, lambda a: (a, dense()), lambda a: [a]], ids=["list", "tuple", "list²"])
def test_a_list_of_layers_cannot_grow_after_flat(nest):
    model, held = Held(), [dense()]
    model.held = nest(held)
    held.append(dense())
    parts = len(model.params) // 2
    model.flat()
    held.append(dense())
    assert len(model.params) // 2 == parts
    with pytest.raises(AttributeError):
        model.held.append(dense())


def test_a_list_that_began_empty_is_trained_and_closed_by_flat():
    model = Held([])
    model.held.append(dense())
    assert len(model.flat()[0]) == 12 and isinstance(model.held, tuple)


@pytest.mark.parametrize("held", [{"a": dense()}, {"a": [dense()]}, [{"a": {"b": dense()}}], {dense()}])
def test_layers_in_a_dict_or_set_raise(held):
    with pytest.raises(TypeError, match=r"holds layers in a (dict|set); hold them in attributes"):
        Held(held)


def test_layers_put_into_a_dict_later_raise():
    model = Held({})
    model.held["a"] = dense()
    with pytest.raises(TypeError, match="held holds layers in a dict"):
        model.flat()
