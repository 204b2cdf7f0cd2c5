import checks_normalization as checks
import numpy as np
import pytest
from helpers import expect_contract, normal, rng
from numpy.testing import assert_allclose

import chainrule.normalization.batch
import chainrule.normalization.channels
import chainrule.normalization.example
from chainrule.combine import Sequential
from chainrule.dense import Dense
from chainrule.normalization import BatchNorm, GroupNorm, LayerNorm, RMSNorm

LAYERS = [BatchNorm(4), BatchNorm(4).evaluate(), LayerNorm(4), RMSNorm(4), GroupNorm(2, 4)]
IDS = ["BatchNorm", "BatchNorm, evaluated", "LayerNorm", "RMSNorm", "GroupNorm"]


@pytest.mark.parametrize(
    "check",
    [
        checks.batch_norm_gradients,
        checks.batch_norm_is_the_sum_of_three_paths,
        checks.batch_norm_values,
        checks.batch_norm_running_statistics,
    ],
)
def test_batch_norm(check):
    check(chainrule.normalization.batch)


@pytest.mark.parametrize(
    "check",
    [
        checks.row_norm_gradients,
        checks.row_norm_values,
        checks.group_norm_gradients,
        checks.group_norm_between_its_limits,
    ],
)
def test_within_an_example(check):
    check(chainrule.normalization.example)


@pytest.mark.parametrize("check", [checks.channel_sums_of_every_layout, checks.every_order_of_memory])
def test_channels(check):
    check(chainrule.normalization.channels)


@pytest.mark.parametrize("make", [lambda: BatchNorm(4), lambda: GroupNorm(2, 4)])
def test_the_order_of_memory_does_not_matter(make):
    x, dy = normal(6, 4, 3, 5), normal(6, 4, 3, 5, seed=1)
    layers = [checks.randomised(make()) for _ in range(4)]
    pairs = [(a, b) for a in (x, checks.channel_major(x)) for b in (dy, checks.channel_major(dy))]
    results = []
    for layer, (a, b) in zip(layers, pairs):
        y, back = layer(a)
        results.append((y, back(b), *layer.grads.values()))
    for result in results[1:]:
        for ours, first in zip(result, results[0]):
            assert_allclose(ours, first, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("layer", LAYERS, ids=IDS)
def test_contract(layer, dtype):
    for shape in ((6, 4), (1, 4), (3, 4, 5), (2, 4, 3, 1)):
        by_channel = isinstance(layer, (BatchNorm, GroupNorm))
        if shape == (1, 4) and layer.training and isinstance(layer, BatchNorm):
            continue
        expect_contract(layer, shape if by_channel else (*shape[:1], *shape[2:], 4), dtype)


def test_numpy_scalars_do_not_promote():
    eps, x = np.float64(1e-3), normal(6, 4, dtype=np.float32)
    for layer in (BatchNorm(4, np.float64(0.2), eps), LayerNorm(4, eps), RMSNorm(4, eps), GroupNorm(2, 4, eps)):
        y, back = layer(x)
        assert y.dtype == back(y).dtype == np.float32
        assert {array.dtype for array in layer.kept.values()} <= {np.dtype(np.float32)}


def test_a_large_mean_costs_little_precision():
    x = (1000 + normal(400, 4)).astype(np.float32)
    exact = (x - x.mean(0, dtype=np.float64)) / x.std(0, dtype=np.float64)
    assert_allclose(BatchNorm(4)(x)[0], exact, atol=3e-4)
    wide = np.ascontiguousarray(x.T)
    assert_allclose(LayerNorm(400)(wide)[0], exact.T, atol=2e-3)


@pytest.mark.parametrize("layer", [BatchNorm(4), LayerNorm(4), RMSNorm(4), GroupNorm(2, 4)], ids=lambda f: f.label())
def test_scale_does_not_matter_and_a_shift_only_to_rms(layer):
    layer, x = layer.astype(np.float64), 10 * normal(7, 4)
    layer.eps = 1e-12
    y, back = layer(x)
    dx = back(normal(7, 4, seed=1))
    assert_allclose(layer(3 * x)[0], y, atol=1e-9)
    assert_allclose((dx * x).sum(), 0, atol=1e-9)  # along x the output stands still
    shifted = np.abs(layer(x + 5)[0] - y).max()
    assert shifted > 0.1 if isinstance(layer, RMSNorm) else shifted < 1e-9


def test_batch_norm_keeps_the_layout_of_memory():
    x = checks.channel_major(normal(6, 4, 3, 5, dtype=np.float32))
    y, back = BatchNorm(4)(x)
    assert y.strides == x.strides == back(y).strides


def test_batch_norm_evaluated_takes_each_row_alone_and_no_rows():
    layer = BatchNorm(4)
    layer(normal(50, 4, dtype=np.float32))
    layer.evaluate()
    x = normal(3, 4, dtype=np.float32)
    assert_allclose(np.concatenate([layer(row[None])[0] for row in x]), layer(x)[0], rtol=1e-6)
    for f in (layer, LayerNorm(4), RMSNorm(4), GroupNorm(2, 4)):
        y, back = f(np.zeros((0, 4), np.float32))
        assert y.shape == back(y).shape == (0, 4)


def test_running_statistics_are_kept_and_not_trained():
    model = Sequential(Dense(3, 4, rng()), BatchNorm(4))
    assert list(model.kept) == ["layers.1.running_mean", "layers.1.running_var"]
    assert model.size == 3 * 4 + 4 + 4 + 4 and list(model[1].params) == ["gamma", "beta"]
    model.flat()
    mean = model[1].running_mean
    with model.frozen():  # a frozen layer still sees data
        model(normal(5, 3, dtype=np.float32))
    assert mean is model[1].running_mean and mean.any()


@pytest.mark.parametrize("layer", LAYERS, ids=IDS)
def test_wrong_inputs_name_the_layer_and_what_came(layer):
    wanted = r"\(N, 4\) or \(N, 4, \.\.\.\)" if isinstance(layer, (BatchNorm, GroupNorm)) else r"\(\.\.\., 4\)"
    for x, message in (
        (np.zeros((32, 5), np.float32), rf" takes {wanted}, got \(32, 5\)"),
        (np.zeros((), np.float32), rf" takes {wanted}, got \(\)"),
        (np.zeros((32, 4)), r" holds float32, got float64: cast with x\.astype\(np\.float32\)"),
        ([[1.0, 2, 3, 4]], rf" takes an array {wanted}, got list"),
    ):
        with pytest.raises(ValueError, match=rf"{type(layer).__name__}\(.*\){message}"):
            layer(x)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: BatchNorm(4)(np.zeros((1, 4), np.float32)), r"BatchNorm\(4\) takes at least two numbers of each feat"),
        (lambda: BatchNorm(4)(np.zeros((0, 4), np.float32)), r"in training, got \(0, 4\).* or evaluate\(\)"),
        (
            lambda: GroupNorm(4, 4)(np.zeros((3, 4), np.float32)),
            r"takes groups of two or more numbers, got one in each",
        ),
        (lambda: BatchNorm(0), "BatchNorm n takes a positive integer, got 0"),
        (lambda: BatchNorm(4, momentum=1.5), r"BatchNorm momentum takes a number in \[0, 1\], got 1\.5"),
        (lambda: BatchNorm(4, eps=0), "BatchNorm eps takes a finite number > 0, got 0"),
        (lambda: BatchNorm(4, dtype=int), "dtype takes float32 or float64, got int64"),
        (lambda: LayerNorm(2.0), r"LayerNorm n takes a positive integer, got 2\.0"),
        (lambda: RMSNorm(4, eps=-1), "RMSNorm eps takes a finite number > 0, got -1"),
        (lambda: GroupNorm(0, 4), "GroupNorm groups takes a positive integer, got 0"),
        (lambda: GroupNorm(3, 4), "GroupNorm takes groups that divide n, got 3 groups of 4 channels"),
    ],
)
def test_wrong_constructions_and_batches(make, message):
    with pytest.raises(ValueError, match=message):
        make()
