import checks_convolution as checks
import numpy as np
import pytest
from helpers import expect_contract, normal, rng
from numpy.testing import assert_allclose

import chainrule.convolution.transpose
from chainrule.convolution import Conv2d, ConvTranspose2d


@pytest.mark.parametrize(
    "check", [checks.transpose_is_the_adjoint, checks.transpose_gradients, checks.transpose_values]
)
def test_check(check):
    check(chainrule.convolution.transpose)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(1, 4, 2, 3), (3, 4, 1, 1)])
def test_contract(shape, dtype):
    expect_contract(ConvTranspose2d(4, 6, 3, rng(), stride=2, groups=2), shape, dtype)
    expect_contract(ConvTranspose2d(4, 2, (2, 3), rng(), bias=False), shape, dtype)


def test_it_undoes_the_change_of_size():
    for n in range(5, 9):
        down = Conv2d(1, 1, 3, rng(), stride=2, padding=1)(np.zeros((1, 1, n, n), "f"))[0]
        up = ConvTranspose2d(1, 1, 3, rng(), stride=2, padding=1, output_padding=1 - n % 2)
        assert up(down)[0].shape == (1, 1, n, n)


def test_stamps_that_do_not_overlap_lie_side_by_side():
    layer, x = ConvTranspose2d(1, 1, 2, rng(), stride=2, bias=False, dtype=np.float64), normal(1, 1, 3, 2)
    assert_allclose(layer(x)[0][0, 0], np.kron(x[0, 0], layer.W[0, 0]))


def test_an_empty_batch_goes_through():
    layer = ConvTranspose2d(2, 3, 3, rng(), stride=2)
    y, back = layer(np.zeros((0, 2, 3, 4), np.float32))
    assert y.shape == (0, 3, 7, 9) and back(y).shape == (0, 2, 3, 4) and not layer.dW.any()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ConvTranspose2d(2, 3, 3, rng(), output_padding=1), r"an output_padding below its stride \(1, 1\)"),
        (lambda: ConvTranspose2d(2, 3, 3, rng(), padding="same"), "padding takes an integer .* got 'same'"),
        (lambda: ConvTranspose2d(2, 3, 3, rng(), groups=2), "groups divides n_in and n_out, got 2 for 2 → 3"),
        (lambda: ConvTranspose2d(2, 3, 3, 1), r"rng takes a np\.random\.Generator"),
    ],
)
def test_wrong_constructions(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.zeros((1, 3, 4, 4), "f"), r"takes \(N, 2, H, W\), got \(1, 3, 4, 4\)"),
        (np.zeros((1, 2, 4, 4)), "holds float32, got float64"),
        (np.zeros((1, 2, 1, 4), "f"), "leaves no output of images 1×4: 0×7"),
        (np.zeros((1, 2, 0, 4), "f"), "leaves no output of images 0×4"),
    ],
)
def test_wrong_inputs(x, message):
    layer = ConvTranspose2d(2, 4, (2, 3), rng(), stride=(1, 2), padding=(1, 1), groups=2)
    with pytest.raises(ValueError, match=r"ConvTranspose2d\(2 → 4, 2×3, stride 1×2, 2 groups\) " + message):
        layer(x)
