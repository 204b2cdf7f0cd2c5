import checks_convolution as checks
import numpy as np
import pytest
from helpers import expect_contract, normal, rng
from numpy.testing import assert_allclose

import chainrule.convolution.columns
import chainrule.convolution.conv
import chainrule.convolution.kernel
from chainrule.check import gradcheck
from chainrule.combine import Sequential
from chainrule.convolution import Conv1d, Conv2d
from chainrule.dense import Dense
from chainrule.initializers import orthogonal


@pytest.mark.parametrize(
    ("check", "module"),
    [
        (checks.kernel_geometry, chainrule.convolution.kernel),
        (checks.columns_are_windows, chainrule.convolution.columns),
        (checks.spread_is_the_adjoint, chainrule.convolution.columns),
        (checks.blocks_change_nothing, chainrule.convolution.columns),
        (checks.conv_gradients, chainrule.convolution.conv),
        (checks.conv_values, chainrule.convolution.conv),
        (checks.conv_keeps_the_scale, chainrule.convolution.conv),
    ],
)
def test_check(check, module):
    check(module)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(1, 4, 5, 6), (3, 4, 7, 7)])
def test_contract(shape, dtype):
    for layer in (
        Conv2d(4, 6, 3, rng()),
        Conv2d(4, 2, (2, 1), rng(), 2, 1, groups=2, bias=False),
        Conv2d(4, 3, 1, rng()),
    ):
        expect_contract(layer, shape, dtype)
    expect_contract(Conv1d(4, 6, 3, rng(), dilation=2), shape[:3], dtype)


def test_one_channel_is_scipys_correlation():
    from scipy.signal import correlate2d

    layer = Conv2d(1, 1, (3, 5), rng(), padding="valid", dtype=np.float64)
    x = normal(1, 1, 9, 8)
    assert_allclose(layer(x)[0][0, 0], correlate2d(x[0, 0], layer.W[0, 0], "valid"))
    layer = Conv2d(1, 1, (3, 5), rng(), dtype=np.float64)
    assert_allclose(layer(x)[0][0, 0], correlate2d(x[0, 0], layer.W[0, 0], "same"))


def test_a_shifted_image_gives_shifted_outputs():
    layer, x = Conv2d(2, 3, 3, rng(), dtype=np.float64), np.zeros((1, 2, 12, 12))
    x[:, :, 3:8, 2:7] = normal(1, 2, 5, 5)
    moved = np.roll(x, (2, 3), (2, 3))
    assert_allclose(layer(moved)[0], np.roll(layer(x)[0], (2, 3), (2, 3)), atol=1e-12)


def test_one_by_one_is_a_dense_layer_on_the_channels():
    layer, dense, x = Conv2d(3, 4, 1, rng(), dtype=np.float64), Dense(3, 4, rng(), dtype=np.float64), normal(2, 3, 5, 4)
    dense.W, dense.b = layer.W[:, :, 0, 0].T, layer.b
    assert_allclose(layer(x)[0], dense(x.transpose(0, 2, 3, 1))[0].transpose(0, 3, 1, 2))


def test_groups_are_blocks_on_the_diagonal_and_dilation_is_zeros_in_between():
    x = normal(2, 4, 6, 5)
    grouped = Conv2d(4, 6, 3, rng(), groups=2, dtype=np.float64)
    full = Conv2d(4, 6, 3, rng(), dtype=np.float64)
    full.W = 0 * full.W
    full.W[:3, :2], full.W[3:, 2:] = grouped.W[:3], grouped.W[3:]
    assert_allclose(grouped(x)[0], full(x)[0], atol=1e-12)
    wide, dilated = Conv2d(4, 2, 5, rng(), dtype=np.float64), Conv2d(4, 2, 3, rng(), dilation=2, dtype=np.float64)
    wide.W = 0 * wide.W
    wide.W[:, :, ::2, ::2] = dilated.W
    assert_allclose(dilated(x)[0], wide(x)[0], atol=1e-12)


def test_images_in_any_memory_order_and_used_twice_in_one_pass():
    layer, x = Conv2d(3, 3, 3, rng(), dtype=np.float64), normal(2, 3, 4, 5)
    y = layer(x)[0]
    for laid in (np.asfortranarray(x), np.repeat(x, 2, axis=3)[..., ::2], x[:, :, ::-1].copy()[:, :, ::-1]):
        assert_allclose(layer(laid)[0], y)
    gradcheck(Sequential(layer, layer), x, rng=rng(1))


def test_images_are_handed_on_in_channel_major_memory():
    y, back = Conv2d(2, 3, 3, rng())(normal(5, 2, 6, 4, dtype=np.float32))
    strides = [y.strides[axis] for axis in (1, 2, 3, 0)]
    assert strides == sorted(strides, reverse=True) and strides[-1] == 4


def test_an_empty_batch_goes_through():
    layer = Conv2d(2, 3, 3, rng(), stride=2)
    y, back = layer(np.zeros((0, 2, 5, 4), np.float32))
    assert y.shape == (0, 3, 3, 2) and back(y).shape == (0, 2, 5, 4)
    assert not layer.dW.any() and not layer.db.any()


def test_parameters_and_labels():
    layer = Conv2d(4, 8, (3, 5), rng(), stride=2, groups=2)
    assert layer.W.shape == (8, 2, 3, 5) and layer.size == 8 * 2 * 15 + 8
    assert layer.label() == "Conv2d(4 → 8, 3×5, stride 2, 2 groups)"
    assert Conv2d(1, 2, 3, rng(), stride=(1, 2), dilation=3).label() == "Conv2d(1 → 2, 3×3, stride 1×2, dilation 3)"
    assert Conv1d(1, 2, 3, rng(), stride=2).label() == "Conv1d(1 → 2, 3, stride 2)"
    assert list(Conv1d(1, 2, 3, rng(), bias=False).params) == ["W"] and Conv1d(1, 2, 3, rng()).W.shape == (2, 1, 3)
    W = Conv2d(2, 18, 3, rng(), init=orthogonal, dtype=np.float64).W.reshape(18, 18)
    assert_allclose(W @ W.T, np.eye(18), atol=1e-12)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.zeros((32, 1, 8, 8), "f"), r"takes \(N, 3, H, W\), got \(32, 1, 8, 8\)"),
        (np.zeros((3, 8, 8), "f"), r"takes \(N, 3, H, W\), got \(3, 8, 8\)"),
        ([[1.0]], r"takes an array \(N, 3, H, W\), got list"),
        (np.zeros((2, 3, 8, 8)), r"holds float32, got float64: cast with x\.astype\(np\.float32\)"),
        (np.zeros((2, 3, 8, 8), int), "takes floating-point numbers, got int64"),
        (np.zeros((2, 3, 2, 9), "f"), "takes images of at least 3×3, got 2×9"),
        (np.zeros((2, 3, 0, 9), "f"), "takes images of at least 3×3, got 0×9"),
    ],
)
def test_wrong_inputs_name_the_layer_and_what_came(x, message):
    with pytest.raises(ValueError, match=r"Conv2d\(3 → 8, 3×3\) " + message):
        Conv2d(3, 8, 3, rng(), padding="valid")(x)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Conv2d(0, 3, 3, rng()), "Conv2d n_in takes a positive integer, got 0"),
        (lambda: Conv2d(4, 6, 3, rng(), groups=3), "Conv2d groups divides n_in and n_out, got 3 for 4 → 6"),
        (lambda: Conv2d(4, 6, 0, rng()), "Conv2d size takes an integer of at least 1, or a pair of them, got 0"),
        (lambda: Conv2d(4, 6, (3, 3, 3), rng()), r"Conv2d size takes .* a pair of them, got \(3, 3, 3\)"),
        (lambda: Conv2d(4, 6, 3, rng(), stride=1.5), r"Conv2d stride takes .* got 1\.5"),
        (lambda: Conv2d(4, 6, 3, rng(), padding=-1), "Conv2d padding takes an integer of at least 0, .* got -1"),
        (lambda: Conv2d(4, 6, 3, rng(), padding="full"), 'padding takes "same", "valid" or integers, got \'full\''),
        (lambda: Conv2d(4, 6, 3, None), r"rng takes a np\.random\.Generator"),
        (lambda: Conv2d(4, 6, 3, rng(), dtype=int), "dtype takes float32 or float64, got int64"),
        (lambda: Conv1d(4, 6, (3, 3), rng()), r"Conv1d size takes a positive integer, got \(3, 3\)"),
        (lambda: Conv1d(2, 3, 3, rng())(np.zeros((1, 2, 4, 4), "f")), r"Conv1d\(2 → 3, 3\) takes \(N, 2, L\), got"),
        (lambda: Conv1d(2, 3, 3, rng(), padding=0)(np.zeros((1, 2, 2), "f")), "takes sequences of at least 3, got 2"),
    ],
)
def test_wrong_constructions(make, message):
    with pytest.raises(ValueError, match=message):
        make()
