import checks_gpt as checks
import numpy as np
import pytest
from helpers import expect_contract, normal, rng

import chainrule.models.vit
from chainrule.models.vit import ViT

IMAGES = normal(2, 1, 4, 4, dtype=np.float32)


@pytest.mark.parametrize("check", [checks.vit_values, checks.vit_gradients])
def test_check(check):
    check(chainrule.models.vit)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("pool", ["class", "mean"])
def test_contract(pool, dtype):
    for n in (1, 3, 0):
        expect_contract(ViT(6, 3, 2, 8, 2, 1, rng(), channels=2, pool=pool), (n, 2, 6, 6), dtype)


def test_without_positions_the_order_of_patches_is_not_seen():
    model = ViT(4, 2, 3, 8, 2, 2, rng(), dtype=np.float64)
    x, p = normal(2, 1, 4, 4), model.positions.P
    upside_down = np.concatenate([x[:, :, 2:], x[:, :, :2]], axis=2)
    assert np.abs(model(upside_down)[0] - model(x)[0]).max() > 1e-4
    p[1:] = p[1]
    np.testing.assert_allclose(model(upside_down)[0], model(x)[0])


def test_numbers_of_parameters():
    d, norm = 8, 16
    layer = 4 * (d * d + d) + 2 * 4 * d * d + 5 * d + 2 * norm
    assert ViT(4, 2, 3, d, 2, 1, rng(), pool="mean").size == 4 * d + d + 4 * d + layer + norm + 3 * d + 3
    assert ViT(4, 2, 3, d, 2, 1, rng()).size == 4 * d + d + d + 5 * d + layer + norm + 3 * d + 3


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ViT(5, 2, 3, 8, 2, 1, rng()), "takes a patch that divides size, got size 5, patch 2"),
        (lambda: ViT(4, 0, 3, 8, 2, 1, rng()), "ViT patch takes a positive integer, got 0"),
        (lambda: ViT(4, 2, 3, 8, 2, 1, rng(), pool="max"), 'ViT pool takes "class" or "mean", got \'max\''),
        (lambda: ViT(4, 2, 3, 8, 2, 1, rng())(IMAGES[0]), r"takes \(N, 1, 4, 4\), got \(1, 4, 4\)"),
        (lambda: ViT(4, 2, 3, 8, 2, 1, rng())([1.0]), r"takes \(N, 1, 4, 4\), got list"),
    ],
)
def test_wrong_inputs(call, message):
    with pytest.raises(ValueError, match=message):
        call()
