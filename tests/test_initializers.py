import checks_training as checks
import numpy as np
import pytest
from helpers import rng

import chainrule.initializers
from chainrule.initializers import glorot, he, lecun, orthogonal

ALL = [glorot, he, lecun, orthogonal]


@pytest.mark.parametrize("check", [checks.initializer_variances, checks.orthogonal_singular_values])
def test_check(check):
    check(chainrule.initializers)


@pytest.mark.parametrize("init", ALL)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (5, 3), (1, 7)])
def test_shape_dtype_and_determinism(init, dtype, shape):
    w = init(shape, rng(3), gain=np.float64(1.5), dtype=dtype)
    assert w.shape == shape and w.dtype == dtype and w.flags.c_contiguous
    assert np.array_equal(w, init(shape, rng(3), gain=1.5, dtype=dtype))
    assert not np.array_equal(w, init(shape, rng(5), gain=1.5, dtype=dtype))
    assert init(shape, rng(3)).dtype == np.float32 and not init(shape, rng(3), gain=0).any()


@pytest.mark.parametrize("init", [he, lecun])
def test_normal_ones_have_normal_tails(init):
    w = init((300, 300), rng()).astype(np.float64)
    np.testing.assert_allclose((w**4).mean() / (w**2).mean() ** 2, 3, rtol=0.05)


def test_orthogonal_matrices_are_uniform():
    entries = np.array([orthogonal((3, 3), rng(seed))[0] for seed in range(300)])
    np.testing.assert_allclose(entries.mean(0), 0, atol=0.12)
    np.testing.assert_allclose((entries**2).mean(0), 1 / 3, atol=0.06)


@pytest.mark.parametrize("init", ALL)
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (((0, 3), rng()), r"shape \(n_in, n_out\) of positive sizes, got \(0, 3\)"),
        (((3, -1), rng()), r"positive sizes, got \(3, -1\)"),
        (((3,), rng()), r"shape \(n_in, n_out\) .* got \(3,\)"),
        (((3, 3, 3), rng()), r"shape \(n_in, n_out\) .* got \(3, 3, 3\)"),
        (((3, 4), 0), r"rng takes a np\.random\.Generator \(np\.random\.default_rng\(0\)\), got int"),
        (((3, 4), rng(), -2), "gain takes a finite number >= 0, got -2"),
        (((3, 4), rng(), float("inf")), "gain takes a finite number >= 0, got inf"),
        (((3, 4), rng(), 1.0, np.int32), "dtype takes float32 or float64, got int32"),
    ],
)
def test_wrong_arguments(init, arguments, message):
    with pytest.raises(ValueError, match=message):
        init(*arguments)
