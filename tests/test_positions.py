import checks_embedding as checks
import numpy as np
import pytest
from helpers import expect_contract, normal, rng
from numpy.testing import assert_allclose

import chainrule.attention.positions
from chainrule.attention.positions import LearntPositions, alibi_bias, alibi_slopes, rotary, sinusoidal


@pytest.mark.parametrize(
    "check",
    [
        checks.sinusoidal_values,
        checks.sinusoidal_shift_is_one_fixed_matrix,
        checks.learnt_positions_gradients,
        checks.learnt_positions_values,
        checks.rotary_gradients,
        checks.rotary_values,
        checks.rotary_products_know_the_distance_alone,
        checks.alibi_values,
    ],
)
def test_check(check):
    check(chainrule.attention.positions)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_contract(dtype):
    for shape in ((2, 3, 4), (1, 1, 4), (5, 4), (0, 3, 4)):
        expect_contract(LearntPositions(6, 4, rng(), std=np.float64(0.1)), shape, dtype)
        expect_contract(rotary, shape, dtype)
        expect_contract(lambda x: rotary(x, offset=np.int64(2), base=np.float64(100)), shape, dtype)
    for table in (sinusoidal(3, 4, dtype=dtype), alibi_bias(3, 4, dtype=dtype)):
        assert table.dtype == dtype and table.flags.writeable


def test_rotary_takes_views_of_heads():
    fused = normal(2, 5, 3 * 4 * 6, dtype=np.float32).reshape(2, 5, 3, 4, 6)
    q = fused[:, :, 0].swapaxes(1, 2)  # (N, heads, T, d) as attention cuts it
    dy = normal(*q.shape, seed=1, dtype=np.float32)
    for x in (q, q.swapaxes(-1, -2).copy().swapaxes(-1, -2)):  # the last axis in one piece, and not
        y, back = rotary(x)
        assert np.array_equal(y, rotary(np.ascontiguousarray(q))[0])
        assert_allclose(back(y)[0], x[0], atol=1e-5)  # turned there and back
        assert np.array_equal(back(np.asfortranarray(dy)), back(dy))


def test_positions_far_out_are_exact():
    far = sinusoidal(1, 64, offset=100_000)[0]
    angles = 100_000 * 10_000 ** (-np.arange(0, 64, 2) / 64)
    assert_allclose(far[::2], np.sin(angles), atol=1e-6)


def test_a_changed_table_does_not_change_the_next():
    sinusoidal(3, 4)[...] = 9
    alibi_bias(2, 3)[...] = 9
    assert sinusoidal(3, 4)[0].tolist() == [0, 1, 0, 1] and alibi_bias(2, 3)[0, 0, 0] == 0


def test_alibi_for_any_number_of_heads():
    for heads in range(1, 40):
        slopes = alibi_slopes(heads)
        assert slopes.shape == (heads,) and len(set(slopes)) == heads
        assert slopes.min() >= 2.0**-8 and slopes.max() < 1


X = np.zeros((2, 3, 4), np.float32)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: sinusoidal(0, 4), "sinusoidal T takes a positive integer, got 0"),
        (lambda: sinusoidal(3, 5), "sinusoidal takes an even number of features, .*, got 5"),
        (lambda: sinusoidal(3, 4, offset=-1), "sinusoidal takes an offset of 0 or more, got -1"),
        (lambda: sinusoidal(3, 4, base=1), "sinusoidal base takes a finite number > 1, got 1"),
        (lambda: rotary(X[..., :3]), "rotary takes an even number of features, .*, got 3"),
        (lambda: rotary(X, offset=1.0), r"rotary takes an offset of 0 or more, got 1\.0"),
        (lambda: rotary(X.astype(int)), r"rotary takes an array \(\.\.\., T, d\) .*, got int64 \(2, 3, 4\)"),
        (lambda: rotary(X[0, 0]), r"rotary takes an array \(\.\.\., T, d\) .*, got float32 \(4,\)"),
        (lambda: rotary([[1.0, 2]]), r"rotary takes an array .*, got list"),
        (lambda: alibi_bias(0, 3), "alibi heads takes a positive integer, got 0"),
        (lambda: alibi_bias(2, 0), "alibi T takes a positive integer, got 0"),
        (lambda: alibi_bias(2, 3, offset=True), "alibi takes an offset of 0 or more, got True"),
        (lambda: LearntPositions(0, 4, rng()), "LearntPositions n takes a positive integer, got 0"),
        (lambda: LearntPositions(3, 4, 0), r"rng takes a np\.random\.Generator .*, got int"),
        (lambda: LearntPositions(3, 4, rng(), std=-1), "LearntPositions std takes a finite number >= 0, got -1"),
        (lambda: LearntPositions(3, 5, rng())(X), r"LearntPositions\(3 × 5\) takes \(\.\.\., T, 5\), got \(2, 3, 4\)"),
        (lambda: LearntPositions(3, 4, rng())(X[0, 0]), r"takes \(\.\.\., T, 4\), got \(4,\)"),
        (lambda: LearntPositions(3, 4, rng())([1]), r"takes \(\.\.\., T, 4\), got list"),
        (lambda: LearntPositions(3, 4, rng())(X.astype(float)), r"holds float32, got float64: cast with"),
        (lambda: LearntPositions(3, 4, rng())(X, offset=1), r"\(3 × 4\) takes positions 0 to 2, got 1 to 3"),
        (lambda: LearntPositions(3, 4, rng())(X, offset=-1), r"\(3 × 4\) takes an offset of 0 or more, got -1"),
    ],
)
def test_wrong_inputs_say_what_came(make, message):
    with pytest.raises(ValueError, match=message):
        make()
