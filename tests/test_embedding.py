import checks_embedding as checks
import numpy as np
import pytest
from helpers import normal, rng
from numpy.testing import assert_allclose

import chainrule.embedding
import chainrule.optimizers.muon
from chainrule.combine import Sequential
from chainrule.embedding import Embedding, TiedOutput
from chainrule.optimizers import Adam, AdamW


@pytest.mark.parametrize(
    "check",
    [
        checks.add_rows_equals_add_at,
        checks.embedding_gradients,
        checks.embedding_values,
        checks.padding_is_zero_and_stays_so,
        checks.tied_gradients,
    ],
)
def test_check(check):
    check(chainrule.embedding)


def test_muon_leaves_tables_to_adamw():
    checks.muon_leaves_tables_to_adamw(chainrule.optimizers.muon)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_contract(dtype):
    for n, ids in ((5, rng().integers(0, 5, (2, 3))), (200, np.arange(7)), (5, np.zeros((0, 3), int))):
        ids.setflags(write=False)
        layer = Embedding(n, 4, rng(), padding=1, std=np.float64(2), dtype=dtype)
        y, back = layer(ids)
        dy = normal(*y.shape, dtype=dtype)
        dy.setflags(write=False)
        assert y.shape == (*ids.shape, 4) and y.dtype == layer.dW.dtype == dtype
        assert back(dy) is None and not np.shares_memory(y, layer.W)
        scores, back = TiedOutput(layer)(dy)
        dscores = normal(*scores.shape, dtype=dtype)
        dscores.setflags(write=False)
        assert scores.dtype == back(dscores).dtype == dtype and layer.dW.dtype == dtype


def test_ids_may_change_before_back():
    layer, ids = Embedding(4, 2, rng()), np.array([0, 1])
    y, back = layer(ids)
    ids[:] = 3
    back(np.ones_like(y))
    assert layer.dW.any(axis=1).tolist() == [True, True, False, False]


def test_every_kind_of_integer_is_an_id():
    layer = Embedding(200, 3, rng())
    for dtype in (np.int8, np.uint8, np.int32, np.uint64, np.int64):
        assert np.array_equal(layer(np.array([3, 100], dtype))[0], layer.W[[3, 100]])


def test_tied_weights_are_one_parameter_trained_by_both_uses():
    embedding = Embedding(5, 3, rng(), dtype=np.float64)
    model = Sequential(embedding, TiedOutput(embedding))
    assert model.size == 15 and list(model.params) == ["layers.0.W"]
    ids, dy = np.array([1, 1, 4]), normal(3, 5)
    y, back = model(ids)
    back(dy)
    one_hot = np.eye(5)[ids]
    assert_allclose(y, one_hot @ embedding.W @ embedding.W.T)
    assert_allclose(embedding.dW, one_hot.T @ (dy @ embedding.W) + dy.T @ (one_hot @ embedding.W))


@pytest.mark.parametrize("part", [0, 1])
def test_freezing_either_use_freezes_the_table(part):
    embedding = Embedding(5, 3, rng())
    model = Sequential(embedding, TiedOutput(embedding))
    with model[part].frozen():
        y, back = model(np.array([1, 2]))
        back(np.ones_like(y))
    assert not embedding.dW.any()


@pytest.mark.parametrize("optimizer", [Adam, AdamW, chainrule.optimizers.muon.Muon])
def test_the_padding_row_stays_zero_through_training(optimizer):
    embedding = Embedding(6, 3, rng(), padding=0)
    model = Sequential(embedding, TiedOutput(embedding))
    steps = optimizer(model, 0.1, weight_decay=0.1)
    for _ in range(5):
        model.zero_grad()
        y, back = model(np.array([0, 1, 2, 0]))
        back(y - 1)
        steps.step()
    assert not embedding.W[0].any() and embedding.W[1:].all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Embedding(0, 3, rng()), "Embedding n takes a positive integer, got 0"),
        (lambda: Embedding(3, -1, rng()), "Embedding d takes a positive integer, got -1"),
        (lambda: Embedding(3, 2, 0), r"rng takes a np\.random\.Generator .*, got int"),
        (lambda: Embedding(3, 2, rng(), std=-1), "Embedding std takes a finite number >= 0, got -1"),
        (lambda: Embedding(3, 2, rng(), dtype=int), "dtype takes float32 or float64, got int64"),
        (lambda: Embedding(3, 2, rng(), padding=3), "Embedding padding takes an id 0 to 2, got 3"),
        (lambda: Embedding(3, 2, rng(), padding=-1), "Embedding padding takes an id 0 to 2, got -1"),
        (lambda: Embedding(3, 2, rng(), padding=True), "Embedding padding takes an id 0 to 2, got True"),
        (lambda: Embedding(3, 2, rng())(np.array([0, 3])), r"Embedding\(3 → 2\) takes ids 0 to 2, got 0 to 3"),
        (lambda: Embedding(3, 2, rng())(np.array([-1, 1])), r"Embedding\(3 → 2\) takes ids 0 to 2, got -1 to 1"),
        (lambda: Embedding(3, 2, rng())(np.array([0.0])), r"takes an array of integer ids, got float64"),
        (lambda: Embedding(3, 2, rng())(np.array([True])), r"takes an array of integer ids, got bool"),
        (lambda: Embedding(3, 2, rng())([0, 1]), r"takes an array of integer ids, got list"),
        (lambda: TiedOutput(np.eye(3)), "TiedOutput takes an Embedding, got ndarray"),
        (
            lambda: TiedOutput(Embedding(3, 2, rng()))(np.zeros((4, 3), np.float32)),
            r"TiedOutput\(2 → 3\) takes \(\.\.\., 2\), got \(4, 3\)",
        ),
    ],
)
def test_wrong_constructions_and_ids(make, message):
    with pytest.raises(ValueError, match=message):
        make()
