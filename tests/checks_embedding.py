"""What must hold of embeddings and of positions, as functions of the module: see checks.py."""

import math
from types import ModuleType

import numpy as np
from helpers import normal, rng
from numpy.testing import assert_allclose

from chainrule.attention.positions import LearntPositions
from chainrule.check import gradcheck
from chainrule.combine import Sequential
from chainrule.dense import Dense
from chainrule.embedding import Embedding, TiedOutput

SIZES = (1, 5, 128, 129, 300, 70_000)  # ids: one-hot up to 128, sorted beyond, by radix up to 65 536


def add_rows_equals_add_at(m: ModuleType) -> None:
    for n in SIZES:
        alike = np.array([1, 65_537, 1, 65_537]) % n  # in their last sixteen bits
        for ids in (rng(n).integers(0, n, 60), rng(n).integers(0, min(n, 3), 7), alike, np.array([n - 1]), alike[:0]):
            table, values = normal(n, 2), normal(len(ids), 2, seed=1)
            expected = table.copy()
            np.add.at(expected, ids, values)
            m.add_rows(table, ids, values)
            assert_allclose(table, expected, atol=1e-12)


def embedding_gradients(m: ModuleType) -> None:
    for n in (7, 200):
        for padding in (None, 0, 3):
            for ids in (rng().integers(0, 6, (4, 5)), np.array(3), np.array([6, 6, 0], np.uint8)):
                gradcheck(m.Embedding(n, 3, rng(), padding=padding), ids, rng=rng(1))


def embedding_values(m: ModuleType) -> None:
    layer = m.Embedding(3, 2, rng(), dtype=np.float64)
    layer.W = [[1, 2], [3, 4], [5, 6]]
    assert layer(np.array([[2, 0], [1, 2]]))[0].tolist() == [[[5, 6], [1, 2]], [[3, 4], [5, 6]]]
    assert_allclose(m.Embedding(400, 300, rng()).W.std(), 1, rtol=0.01)
    assert_allclose(m.Embedding(400, 300, rng(), std=0.02).W.std(), 0.02, rtol=0.01)


def padding_is_zero_and_stays_so(m: ModuleType) -> None:
    for n in (5, 200):
        layer = m.Embedding(n, 3, rng(), padding=2, dtype=np.float64)
        output = m.TiedOutput(layer)
        assert not layer.W[2].any() and layer.W[[0, 1, 3, 4]].all()
        y, back = layer(np.array([2, 1, 2]))
        assert not y[[0, 2]].any() and y[1].any()
        back(np.ones((3, 3)))
        assert not layer.dW[2].any() and (layer.dW[1] == 1).all()
        layer.W[2] = 9  # whatever the row holds, it stands for nothing
        scores, back = output(normal(4, 3))
        assert not layer(np.array([2]))[0].any() and not scores[:, 2].any() and scores[:, 1].all()
        dx = back(np.ones((4, n)))
        assert not layer.dW[2].any() and layer.dW[3].any()
        assert_allclose(dx, np.broadcast_to(np.delete(layer.W, 2, 0).sum(0), (4, 3)), atol=1e-12)


def tied_gradients(m: ModuleType) -> None:
    for padding in (None, 1):
        embedding = m.Embedding(6, 3, rng(), padding=padding)
        gradcheck(m.TiedOutput(embedding), normal(2, 4, 3), rng=rng(1))
        gradcheck(Sequential(embedding, m.TiedOutput(embedding)), rng().integers(0, 6, (4, 5)), rng=rng(1))


def sinusoidal_values(m: ModuleType) -> None:
    table = m.sinusoidal(7, 6, dtype=np.float64)
    for t in range(7):
        for i in range(3):
            angle = t / 10_000 ** (2 * i / 6)
            assert_allclose(table[t, 2 * i : 2 * i + 2], [math.sin(angle), math.cos(angle)], atol=1e-12)
    assert_allclose(m.sinusoidal(4, 6, offset=3, dtype=np.float64), table[3:])
    assert_allclose(m.sinusoidal(4, 2, base=10.0)[3], [math.sin(3), math.cos(3)], rtol=1e-6)


def sinusoidal_shift_is_one_fixed_matrix(m: ModuleType) -> None:
    table, k = m.sinusoidal(40, 8, dtype=np.float64), 5
    shift = np.linalg.lstsq(table[:-k], table[k:])[0]
    assert_allclose(table[:-k] @ shift, table[k:], atol=1e-9)
    assert_allclose(shift @ shift.T, np.eye(8), atol=1e-8)  # a rotation
    assert_allclose(m.sinusoidal(40, 8, 1000, dtype=np.float64)[:-k] @ shift, m.sinusoidal(35, 8, 1005), atol=1e-6)


def learnt_positions_gradients(m: ModuleType) -> None:
    layer = m.LearntPositions(7, 4, rng())
    for shape in ((2, 3, 4), (1, 7, 4), (3, 4), (2, 2, 5, 4), (0, 3, 4)):
        gradcheck(layer, normal(*shape), rng=rng(1))
    gradcheck(layer, normal(2, 3, 4), rng=rng(1), offset=4)


def learnt_positions_values(m: ModuleType) -> None:
    layer, x = m.LearntPositions(300, 40, rng(), dtype=np.float64), normal(2, 5, 40)
    assert_allclose(layer.P.std(), 0.02, rtol=0.02)
    assert_allclose(layer(x)[0], x + layer.P[:5])
    assert_allclose(layer(x[:, 3:], offset=3)[0], layer(x)[0][:, 3:])


def rotary_gradients(m: ModuleType) -> None:
    for shape in ((2, 3, 5, 4), (3, 2), (1, 6)):
        gradcheck(m.rotary, normal(*shape), rng=rng(1))
    gradcheck(m.rotary, normal(2, 3, 4), rng=rng(1), offset=5)
    gradcheck(m.rotary, normal(2, 3, 4), rng=rng(1), base=50.0)


def rotary_values(m: ModuleType) -> None:
    x = normal(2, 5, 6)
    y = m.rotary(x, offset=2)[0]
    for t in range(5):
        for i in range(3):
            angle = (t + 2) * 10_000 ** (-2 * i / 6)
            turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
            assert_allclose(y[:, t, 2 * i : 2 * i + 2], x[:, t, 2 * i : 2 * i + 2] @ turn.T, atol=1e-12)


def rotary_products_know_the_distance_alone(m: ModuleType) -> None:
    q, k = np.tile(normal(8), (12, 1)), np.tile(normal(8, seed=1), (12, 1))
    scores = m.rotary(q)[0] @ m.rotary(k)[0].T
    for distance in range(-11, 12):
        assert np.ptp(np.diagonal(scores, distance)) < 1e-12
    assert_allclose(m.rotary(q, offset=900)[0] @ m.rotary(k, offset=900)[0].T, scores, atol=1e-10)
    assert_allclose(np.linalg.norm(m.rotary(q)[0], axis=1), np.linalg.norm(q, axis=1))
    assert np.ptp(np.diag(scores, 1) - np.diag(scores, -1)) < 1e-12 and abs(scores[0, 1] - scores[1, 0]) > 1e-3


def alibi_values(m: ModuleType) -> None:
    assert_allclose(m.alibi_slopes(8), [1 / 2**h for h in range(1, 9)])  # section 3 of the paper
    assert_allclose(m.alibi_slopes(16), [2 ** (-h / 2) for h in range(1, 17)])
    assert_allclose(m.alibi_slopes(1), [1 / 256])
    assert_allclose(m.alibi_slopes(3), [1 / 16, 1 / 256, 1 / 4])
    assert_allclose(m.alibi_slopes(12), [*m.alibi_slopes(8), *m.alibi_slopes(16)[:8:2]])
    bias = m.alibi_bias(8, 5)
    for h in range(8):
        for i in range(5):
            assert_allclose(bias[h, i, : i + 1], [-(i - j) / 2 ** (h + 1) for j in range(i + 1)])
    assert np.array_equal(bias, bias.swapaxes(1, 2)) and not np.signbit(bias[:, 0, 0]).any()
    assert np.array_equal(m.alibi_bias(8, 2, offset=3), bias[:, 3:])


def muon_leaves_tables_to_adamw(m: ModuleType) -> None:
    """On any step the matrix moves by an orthogonal one; the first step of AdamW moves each number by its rate."""
    embedding, dense = Embedding(9, 4, rng(), dtype=np.float64), Dense(4, 4, rng(1), dtype=np.float64)
    model = Sequential(embedding, LearntPositions(5, 4, rng(2), dtype=np.float64), dense, TiedOutput(embedding))
    before = {name: array.copy() for name, array in model.params.items()}
    model.flat()[1][:] = normal(model.size)
    m.Muon(model, lr=0.1, vector_lr=0.01, weight_decay=0.5).step()
    for name, array in model.params.items():
        if name == "layers.2.W":
            assert_allclose(np.linalg.svd(before[name] * (1 - 0.1 * 0.5) - array)[1] / 0.1, 1, atol=0.35)
        else:
            expected = before[name] * (1 - 0.01 * 0.5) - 0.01 * np.sign(model.grads[name])
            assert_allclose(array, expected, atol=1e-6, err_msg=name)
