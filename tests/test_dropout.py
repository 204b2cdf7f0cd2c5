import checks_normalization as checks
import numpy as np
import pytest
from checks_normalization import channel_major
from helpers import expect_contract, normal, rng

import chainrule.dropout
from chainrule.combine import Sequential
from chainrule.dropout import Dropout, SpatialDropout


@pytest.mark.parametrize(
    "check",
    [
        checks.dropout_mean_and_variance,
        checks.dropout_gradients,
        checks.dropout_evaluates_to_the_identity,
        checks.spatial_dropout_drops_whole_channels,
    ],
)
def test_check(check):
    check(chainrule.dropout)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("training", [True, False])
def test_contract(dtype, training):
    for shape in ((3,), (1, 5), (7, 3), (2, 5, 3), (0, 3)):
        expect_contract(Dropout(0.4, rng())._switch(training), shape, dtype)
    for shape in ((1, 5, 2), (2, 5, 3, 4)):
        expect_contract(SpatialDropout(np.float64(0.4), rng())._switch(training), shape, dtype)


@pytest.mark.parametrize("kind", [Dropout, SpatialDropout])
def test_the_same_state_draws_the_same_mask_and_the_next_call_another(kind):
    x = np.ones((4, 30, 5), np.float32)
    layer = kind(0.5, rng(3))
    state = layer.rng.bit_generator.state
    first, second = layer(x)[0], layer(x)[0]
    layer.rng.bit_generator.state = state
    assert np.array_equal(layer(x)[0], first) and not np.array_equal(first, second)
    assert np.array_equal(kind(0.5, rng(3)).astype(np.float64)(x)[0], first)


def test_evaluation_draws_nothing_and_a_model_switches_its_parts():
    model = Sequential(Dropout(0.5, rng()), SpatialDropout(0.5, rng(1)))
    states = [layer.rng.bit_generator.state for layer in model]
    x = normal(2, 3, 4)
    assert np.array_equal(model.evaluate()(x)[0], x)
    assert [layer.rng.bit_generator.state for layer in model] == states
    assert not np.array_equal(model.train()(x)[0], x)


def test_two_calls_go_back_through_their_own_masks():
    layer, x = Dropout(0.5, rng()), np.ones((8, 8))
    (first, back_first), (second, back_second) = layer(x), layer(x)
    assert np.array_equal(back_first(x), first) and np.array_equal(back_second(x), second)


def test_the_order_of_memory_does_not_matter():
    x = normal(6, 4, 3, 5)
    for kind in (Dropout, SpatialDropout):
        y, back = kind(0.5, rng(1))(channel_major(x))
        expected, expected_back = kind(0.5, rng(1))(x)
        assert np.array_equal(y, expected) and np.array_equal(back(x), expected_back(x))
        assert y.strides == channel_major(x).strides


def test_extreme_probabilities():
    x = np.ones((300, 300), np.float32)
    assert np.array_equal(Dropout(1e-7, rng())(x)[0], x)
    y = Dropout(1 - 1e-9, rng())(x)[0]
    assert np.isfinite(y).all() and (y == 0).mean() > 0.999


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Dropout(1, rng()), r"Dropout p takes a number in \[0, 1\), got 1"),
        (lambda: Dropout(-0.1, rng()), r"Dropout p takes a number in \[0, 1\), got -0\.1"),
        (lambda: SpatialDropout("half", rng()), r"SpatialDropout p takes a number in \[0, 1\), got 'half'"),
        (lambda: Dropout(0.5, 0), r"rng takes a np\.random\.Generator .*, got int"),
        (lambda: Dropout(0.5, rng())([1.0]), r"Dropout\(0\.5\) takes an array of floating-point numbers, got list"),
        (lambda: Dropout(0.5, rng())(np.arange(3)), r"Dropout\(0\.5\) takes an array .*, got int64"),
        (
            lambda: SpatialDropout(0.5, rng())(np.ones((3, 4))),
            r"SpatialDropout\(0\.5\) takes \(N, C, \.\.\.\) with places behind the channels, got \(3, 4\)",
        ),
    ],
)
def test_wrong_constructions_and_inputs(make, message):
    with pytest.raises(ValueError, match=message):
        make()
