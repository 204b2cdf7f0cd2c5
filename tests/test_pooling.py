import checks_pooling as checks
import numpy as np
import pytest
from helpers import expect_contract, normal, rng
from numpy.testing import assert_allclose

import chainrule.convolution.pool
import chainrule.convolution.reshape
import chainrule.convolution.upsample
from chainrule.combine import Sequential
from chainrule.convolution import AvgPool2d, Conv2d, MaxPool2d, Upsample, flatten, global_average, patches
from chainrule.dense import Dense


@pytest.mark.parametrize(
    ("check", "module"),
    [
        (checks.pool_gradients, chainrule.convolution.pool),
        (checks.pool_values, chainrule.convolution.pool),
        (checks.the_first_of_equals_wins, chainrule.convolution.pool),
        (checks.upsample_gradients, chainrule.convolution.upsample),
        (checks.upsample_values, chainrule.convolution.upsample),
        (checks.reshaping, chainrule.convolution.reshape),
    ],
)
def test_check(check, module):
    check(module)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "f",
    [
        *(MaxPool2d(2), MaxPool2d(3, 1, 1), MaxPool2d(1), AvgPool2d(2, padding=1), AvgPool2d(1), Upsample(1)),
        *(Upsample(2), Upsample((1, 2), "bilinear"), flatten, global_average, lambda x: patches(x, 2)),
    ],
)
@pytest.mark.parametrize("shape", [(1, 3, 4, 6), (3, 1, 4, 4), (2, 1, 2, 2)])
def test_contract(f, shape, dtype):
    expect_contract(f, (*shape[:2], 4, 4) if getattr(f, "kernel", None) else shape, dtype)


def test_any_memory_order():
    x = normal(2, 3, 6, 4)
    for f in (MaxPool2d(2), AvgPool2d(3, 2, 1), Upsample(2), Upsample(2, "bilinear"), flatten, global_average):
        y, back = f(x)
        for laid in (
            np.asfortranarray(x),
            x.transpose(1, 2, 3, 0).copy().transpose(3, 0, 1, 2),
            np.repeat(x, 2, 3)[..., ::2],
        ):
            other, other_back = f(laid)
            assert_allclose(other, y)
            dy = normal(*y.shape, seed=1)
            assert_allclose(other_back(np.asfortranarray(dy)), back(dy))


def test_pixels_that_no_window_meets_get_nothing():
    for pool in (MaxPool2d(2), AvgPool2d(2), MaxPool2d(1, 2), AvgPool2d(2, 3)):
        y, back = pool(normal(1, 1, 5, 5))
        dx = back(np.ones_like(y))
        assert not dx[:, :, 4].any() or pool.kernel.stride != (2, 2) or pool.kernel.size == (1, 1)
        assert_allclose(dx.sum(), y.size)


def test_a_maximum_and_a_mean_of_an_image_that_stands_still():
    x = np.full((2, 3, 4, 4), 7.0)
    for f in (MaxPool2d(2), AvgPool2d(2), MaxPool2d(3, 2, 1), Upsample(2, "bilinear"), global_average):
        assert (f(x)[0] == 7).all()


def test_patches_and_a_dense_layer_are_a_convolution():
    conv, dense = Conv2d(3, 5, 2, rng(), 2, "valid", dtype=np.float64), Dense(12, 5, rng(), dtype=np.float64)
    dense.W, x = conv.W.reshape(5, 12).T, normal(2, 3, 6, 4)
    rows = Sequential(lambda x: patches(x, 2), dense)(x)[0]
    assert_allclose(rows.transpose(0, 2, 1), conv(x)[0].reshape(2, 5, 6))


def test_an_empty_batch_goes_through():
    for f in (MaxPool2d(2), AvgPool2d(2, padding=1), Upsample(2), flatten, global_average, lambda x: patches(x, 2)):
        y, back = f(np.zeros((0, 2, 4, 4), "f"))
        assert len(y) == 0 and back(y).shape == (0, 2, 4, 4)


def test_labels():
    assert MaxPool2d(2).label() == "MaxPool2d(2×2)" and MaxPool2d(3, 2, 1).label() == "MaxPool2d(3×3, stride 2×2)"
    assert AvgPool2d((1, 2), 1).label() == "AvgPool2d(1×2, stride 1×1)"
    assert Upsample(2).label() == "Upsample(2×2, nearest)"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: MaxPool2d(0), "MaxPool2d size takes an integer of at least 1, .* got 0"),
        (lambda: AvgPool2d(2, 0), "AvgPool2d stride takes an integer of at least 1, .* got 0"),
        (lambda: MaxPool2d(3, padding=2), r"a padding of at most half its size \(3, 3\), got \(2, 2\)"),
        (lambda: MaxPool2d(2)(normal(2, 3, 4)), r"MaxPool2d\(2×2\) takes \(N, C, H, W\), got \(2, 3, 4\)"),
        (lambda: MaxPool2d(2)(normal(2, 3, 1, 4)), r"MaxPool2d\(2×2\) takes images of at least 2×2, got 1×4"),
        (lambda: AvgPool2d(3, padding=1)(normal(1, 1, 0, 4)), "takes images of at least 1×1, got 0×4"),
        (lambda: MaxPool2d(2)(np.zeros((1, 1, 4, 4), int)), "takes floating-point numbers, got int64"),
        (lambda: global_average(normal(2, 3)), r"global_average takes .* got \(2, 3\)"),
        (lambda: global_average(normal(2, 3, 0, 4)), r"at least one place, got \(2, 3, 0, 4\)"),
        (lambda: Upsample(0), "Upsample factor takes an integer of at least 1"),
        (lambda: Upsample(2, "cubic"), "Upsample mode takes one of nearest, bilinear, got 'cubic'"),
        (lambda: Upsample(2)(normal(4, 4)), r"Upsample\(2×2, nearest\) takes \(N, C, H, W\), got \(4, 4\)"),
        (lambda: flatten(np.zeros(())), r"flatten takes \(N, …\), got \(\)"),
        (lambda: patches(normal(1, 1, 4, 5), 2), r"patches of 2×2 takes .* multiples, got \(1, 1, 4, 5\)"),
        (lambda: patches(normal(1, 4, 4), 2), r"takes \(N, C, H, W\) .* got \(1, 4, 4\)"),
        (lambda: patches(normal(1, 1, 4, 4), 0), "patches size takes a positive integer, got 0"),
    ],
)
def test_wrong_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()
