import checks
import numpy as np
import pytest
from helpers import normal, rng

import chainrule.dense
from chainrule.combine import Sequential
from chainrule.dense import Dense, LoRA, LowRank
from chainrule.initializers import he, orthogonal
from chainrule.optimizers import SGD

LAYERS = [Dense(4, 8, rng()), LowRank(4, 8, 3, rng()), LoRA(Dense(4, 8, rng()), 2, rng())]
NAMES = [r"Dense\(4 → 8\)", r"LowRank\(4 → 3 → 8\)", r"LoRA\(4 → 8, rank 2\)"]


@pytest.mark.parametrize(
    "check",
    [
        checks.dense_gradients,
        checks.dense_values,
        checks.low_rank_gradients,
        checks.low_rank_is_a_product,
        checks.lora_gradients,
        checks.lora_starts_at_its_base_and_merges,
    ],
)
def test_check(check):
    check(chainrule.dense)


def test_dense_uses_its_initializer():
    W = Dense(4, 4, rng(), init=orthogonal, dtype=np.float64).W
    np.testing.assert_allclose(W.T @ W, np.eye(4), atol=1e-12)
    assert np.array_equal(Dense(3, 5, rng(7), init=he).W, he((3, 5), rng(7))) and not Dense(3, 5, rng()).b.any()
    assert list(Dense(3, 5, rng(), bias=False).params) == ["W"]


def test_numbers_of_parameters():
    assert [layer.size for layer in LAYERS] == [4 * 8 + 8, 4 * 3 + 3 * 8 + 8, 4 * 2 + 2 * 8]


def test_lowrank_keeps_the_variance_of_its_input_inside():
    layer = LowRank(400, 300, 200, rng())
    np.testing.assert_allclose((normal(200, 400, dtype=np.float32) @ layer.A).std(), 1, rtol=0.02)


def test_lora_trains_the_change_alone_and_leaves_its_base_alone():
    base = Dense(3, 2, rng())
    layer = LoRA(base, 1, rng(1))
    W, A = base.W.copy(), layer.A.copy()
    x = normal(5, 3, dtype=np.float32)
    for _ in range(2):
        layer.zero_grad()
        y, back = layer(x)
        back(y)
        SGD(layer, 0.1).step()
    assert list(layer.params) == ["A", "B"] and np.array_equal(base.W, W) and not np.array_equal(layer.A, A)
    base.W[...] = 0
    assert np.array_equal(layer._W, W)


def test_lora_of_a_layer_without_bias_and_its_place_in_a_model():
    base = Dense(3, 2, rng(), bias=False)
    model = Sequential(LoRA(base, 2, rng(1)))
    x = normal(4, 3, dtype=np.float32)
    assert np.array_equal(model(x)[0], base(x)[0]) and not model[0].merged().b.any()


def test_numpy_scalars_do_not_promote():
    layer = LoRA(Dense(3, 2, rng()), 1, rng(1), alpha=np.float64(2))
    y, back = layer(normal(4, 3, dtype=np.float32))
    assert y.dtype == back(y).dtype == np.float32


def test_an_empty_batch_goes_through():
    for layer in LAYERS:
        y, back = layer(np.zeros((0, 4), np.float32))
        assert y.shape == (0, 8) and back(y).shape == (0, 4)
        assert not any(g.any() for g in layer.grads.values())


@pytest.mark.parametrize(("layer", "name"), list(zip(LAYERS, NAMES)), ids=NAMES)
def test_wrong_inputs_name_the_layer_and_what_came(layer, name):
    for x, message in (
        (np.zeros((32, 5), np.float32), r" takes \(\.\.\., 4\), got \(32, 5\)"),
        (np.zeros((), np.float32), r" takes \(\.\.\., 4\), got \(\)"),
        (np.zeros((32, 4)), r" holds float32, got float64: cast with x\.astype\(np\.float32\)"),
        (np.zeros((32, 4), int), r" holds float32, got int64"),
        ([[1.0, 2, 3, 4]], r" takes an array \(\.\.\., 4\), got list"),
    ):
        with pytest.raises(ValueError, match=name + message):
            layer(x)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Dense(0, 3, rng()), "Dense n_in takes a positive integer, got 0"),
        (lambda: Dense(3, -1, rng()), "Dense n_out takes a positive integer, got -1"),
        (lambda: Dense(3, 2.0, rng()), r"Dense n_out takes a positive integer, got 2\.0"),
        (lambda: Dense(True, 2, rng()), "Dense n_in takes a positive integer, got True"),
        (lambda: Dense(3, 2, 0), r"rng takes a np\.random\.Generator .*, got int"),
        (lambda: Dense(3, 2, np.random), r"rng takes a np\.random\.Generator .*, got module"),
        (lambda: Dense(3, 2, rng(), dtype=int), "dtype takes float32 or float64, got int64"),
        (lambda: Dense(3, 2, rng(), dtype=np.float16), "dtype takes float32 or float64, got float16"),
        (lambda: LowRank(4, 3, 0, rng()), "LowRank rank takes a positive integer, got 0"),
        (lambda: LowRank(4, 3, 4, rng()), r"LowRank takes a rank of at most min\(n_in, n_out\) = 3, got 4"),
        (lambda: LoRA(Dense(4, 3, rng()), 5, rng()), "LoRA takes a rank of at most .* = 3, got 5"),
        (lambda: LoRA(LAYERS[1], 1, rng()), "LoRA takes a Dense layer, got LowRank"),
        (lambda: LoRA(LAYERS[0], 2, rng(), alpha=-4), "LoRA alpha takes a finite number > 0, got -4"),
        (lambda: LoRA(LAYERS[0], 2, rng(), alpha=float("nan")), "LoRA alpha takes a finite number > 0, got nan"),
        (lambda: LoRA(LAYERS[0], 2, rng(), alpha="8"), "LoRA alpha takes a finite number > 0, got '8'"),
    ],
)
def test_wrong_constructions(make, message):
    with pytest.raises(ValueError, match=message):
        make()
