from importlib import import_module

import checks_recurrent as checks
import checks_recurrent_parts as parts
import numpy as np
import pytest
from checks_recurrent import LENGTHS, D, H, N, T, drawn, states
from helpers import expect_contract, normal, rng
from numpy.testing import assert_allclose

from chainrule.combine import Sequential
from chainrule.dense import Dense
from chainrule.losses import mse
from chainrule.optimizers import Adam
from chainrule.recurrent import GRU, LSTM, RNN, GRUCell, LSTMCell, RNNCell, last_step
from chainrule.train import DataParallel

MODULES = {
    "rnn": (checks.recurrent_gradients, checks.rnn_values, checks.starts_as_it_says, parts.cells_alone),
    "lstm": (checks.recurrent_gradients, checks.lstm_values, checks.starts_as_it_says, parts.cells_alone),
    "gru": (checks.recurrent_gradients, checks.gru_values, checks.starts_as_it_says, parts.cells_alone),
    "stack": (
        checks.stack_gradients,
        checks.stack_is_cells_after_each_other,
        checks.what_lies_beyond_a_length_changes_nothing,
        checks.last_step_gradients,
    ),
    "columns": (parts.columns_hold_what_steps_see, parts.sums_over_steps),
    "chunks": (parts.one_chunk_is_the_full_gradient, parts.chunks_carry_the_state_and_not_the_gradient),
}
ROWS = [(name, check) for name, row in MODULES.items() for check in row]
KINDS = {
    "RNN": lambda **options: RNN(D, H, rng(), **options),
    "RNN relu": lambda **options: RNN(D, H, rng(), activation="relu", **options),
    "LSTM": lambda **options: LSTM(D, H, rng(), **options),
    "GRU": lambda **options: GRU(D, H, rng(), **options),
}
each_kind = pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)


@pytest.mark.parametrize(("name", "check"), ROWS, ids=[f"{name}: {check.__name__}" for name, check in ROWS])
def test_check(name, check):
    check(import_module(f"chainrule.recurrent.{name}"))


@each_kind
@pytest.mark.parametrize("options", [{}, {"layers": 2, "bidirectional": True}])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_contract(make, options, dtype):
    expect_contract(make(dtype=dtype, **options), (3, 4, D), dtype)
    expect_contract(make(dtype=dtype).cells[0], (3, 4, D), dtype)


@each_kind
def test_states_and_their_gradients_are_new_arrays_of_the_right_dtype(make):
    layer, x = make(layers=2), normal(N, T, D, dtype=np.float32)
    given = [s.astype(np.float32)[:2] for s in states(make(layers=2))]
    for array in (x, *given):
        array.setflags(write=False)
    ys, back = layer.run(x, *given, lengths=LENGTHS)
    kept = [y.copy() for y in ys]
    gradients = back(*ys)
    assert all(np.array_equal(y, k) for y, k in zip(ys, kept, strict=True))
    for y, g, array in zip(ys, gradients, (x, *given), strict=True):
        assert y.dtype == g.dtype == np.float32 and g.shape == array.shape
        assert not any(np.shares_memory(a, b) for a in (y, g) for b in (*given, x, *layer.params.values()))
        assert y.flags.c_contiguous


@each_kind
def test_examples_of_a_batch_do_not_meet(make):
    layer, x = drawn(make(layers=2, bidirectional=True)), normal(N, T, D)
    y, back = layer(x)
    dy = normal(*y.shape, seed=1)
    dx = back(dy)
    for k in range(N):
        alone, back_alone = layer(x[k : k + 1])
        assert_allclose(alone[0], y[k], atol=1e-12)
        assert_allclose(back_alone(dy[k : k + 1])[0], dx[k], atol=1e-12)


@each_kind
def test_backwards_is_forwards_on_the_reversed_sequence(make):
    layer, x = drawn(make(bidirectional=True)), normal(N, T, D)
    forward, backward = layer.cells
    for name in forward.names:
        setattr(backward, name, getattr(forward, name))
    (y, h, *_), _ = layer.run(x)
    (turned, h_turned, *_), _ = layer.run(x[:, ::-1])
    assert_allclose(turned[:, ::-1, H:], y[..., :H], atol=1e-12)
    assert_allclose(h_turned, h[::-1], atol=1e-12)


@each_kind
def test_two_chunks_with_the_state_carried_are_one_run(make):
    layer, x = drawn(make(layers=2)), normal(N, T, D)
    ys, back = layer.run(x)
    first, back_first = layer.run(x[:, :2])
    second, back_second = layer.run(x[:, 2:], *first[1:])
    assert_allclose(np.concatenate([first[0], second[0]], axis=1), ys[0], atol=1e-12)
    for a, b in zip(ys[1:], second[1:], strict=True):
        assert_allclose(a, b, atol=1e-12)
    dys = [normal(*y.shape, seed=i) for i, y in enumerate(ys)]
    dx, *_ = back(*dys)
    dx_second, *dstates = back_second(dys[0][:, 2:], *dys[1:])
    dx_first, *_ = back_first(dys[0][:, :2], *dstates)
    assert_allclose(np.concatenate([dx_first, dx_second], axis=1), dx, atol=1e-12)


@each_kind
def test_a_missing_gradient_is_zero(make):
    layer = make()
    ys, back = layer.run(normal(N, T, D, dtype=np.float32))
    zeros = [np.zeros_like(y) for y in ys]
    assert all(np.array_equal(a, b) for a, b in zip(back(ys[0]), back(ys[0], *zeros[1:]), strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(back(None, ys[1]), back(zeros[0], *ys[1:2]), strict=True))


@each_kind
def test_an_empty_batch_goes_through(make):
    layer = make(bidirectional=True)
    ys, back = layer.run(np.zeros((0, T, D), np.float32), lengths=np.zeros(0, int))
    assert ys[0].shape == (0, T, 2 * H) and ys[1].shape == (2, 0, H) and back(*ys)[0].shape == (0, T, D)
    assert not any(g.any() for g in layer.grads.values())


@each_kind
def test_a_layer_may_be_used_twice_in_one_pass(make):
    layer, x = drawn(make()), normal(N, T, D)
    (_, *finals), first = layer.run(x)
    ys, second = layer.run(x, *finals)
    layer.zero_grad()
    _, *dstates = second(*ys)
    once = layer.flat()[1].copy()
    first(None, *dstates)
    assert not np.allclose(once, layer.flat()[1])
    layer.zero_grad()
    first(None, *dstates)
    second(*ys)
    expected = layer.flat()[1].copy()
    layer.zero_grad()
    long, back = layer.run(np.concatenate([x, x], axis=1))
    back(np.concatenate([np.zeros_like(ys[0]), ys[0]], axis=1), *ys[1:])
    assert_allclose(layer.flat()[1], expected, atol=1e-10)


def test_data_parallel_and_one_step_of_training():
    model, x, t = Sequential(LSTM(D, H, rng()), last_step, Dense(H, 1, rng())), normal(8, T, D), normal(8, 1)
    model = model.astype(np.float64)
    parallel = DataParallel(model, mse, workers=2)
    y, back = model(x)
    model.zero_grad()
    loss, back_loss = mse(y, t)
    back(back_loss())
    gradient = model.flat()[1].copy()
    assert_allclose(parallel(x, t), loss)
    assert_allclose(model.flat()[1], gradient, atol=1e-12)
    Adam(model, 1e-2).step()
    assert mse(model(x)[0], t)[0] < loss


def test_names_and_sizes():
    layer = LSTM(D, H, rng(), layers=2, bidirectional=True)
    assert list(layer.params)[:3] == ["cells.0.W", "cells.0.U", "cells.0.b"] and layer.label() == (
        "LSTM(2 → 4, 2 layers, bidirectional)"
    )
    assert [c.label() for c in layer.cells] == ["LSTMCell(2 → 4)"] * 2 + ["LSTMCell(8 → 4)"] * 2
    assert RNNCell(D, H, rng()).size == H * (D + H + 1) and LSTMCell(D, H, rng()).size == 4 * H * (D + H + 1)
    assert GRUCell(D, H, rng()).size == 3 * H * (D + H + 1) + H and GRU(D, H, rng()).label() == "GRU(2 → 4)"
