import checks_data
import numpy as np
import pytest
from helpers import normal

import chainrule.data.missing
import chainrule.data.scaling
from chainrule.data import impute, min_max, standardise

NAN, ONES = np.nan, np.ones((3, 2))
FUNCTIONS = [standardise, min_max, impute]


@pytest.mark.parametrize("check", ["scaling_equals_scikit_learn", "constant_columns_become_zero"])
def test_check_of_scaling(check):
    getattr(checks_data, check)(chainrule.data.scaling)


@pytest.mark.parametrize("check", ["filling_equals_scikit_learn", "filling_forward_by_hand"])
def test_check_of_filling(check):
    getattr(checks_data, check)(chainrule.data.missing)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_standardise_uses_what_the_training_part_shows(dtype):
    train, test = 3 * normal(50, 4, dtype=dtype) + 7, normal(20, 4, seed=1, dtype=dtype)
    train[:, 2] = test[:, 2] = 0.1
    a, b = standardise(train, test)
    np.testing.assert_allclose(a.mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(a.std(0), [1, 1, 0, 1], rtol=1e-5)
    np.testing.assert_allclose(b[:, 0], (test[:, 0] - train[:, 0].mean()) / train[:, 0].std(), rtol=1e-4)
    assert not b[:, 2].any() and a.dtype == b.dtype == dtype and train[0, 2] == dtype(0.1)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_min_max_uses_the_range_of_the_training_part(dtype):
    train, test = 3 * normal(50, 4, dtype=dtype) + 7, 9 * normal(20, 4, seed=1, dtype=dtype)
    a, b = min_max(train, test)
    assert (a.min(0) == 0).all() and (a.max(0) == 1).all() and a.dtype == b.dtype == dtype
    assert b.min() < 0 and b.max() > 1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("by", ["mean", "median", "forward"])
@pytest.mark.parametrize("indicator", [False, True])
def test_filling_keeps_what_is_known_the_dtype_and_its_input(dtype, by, indicator):
    tables = [checks_data.gappy(n, seed=n).astype(dtype) for n in (30, 5)]
    for table in tables:
        table.setflags(write=False)
    for table, filled in zip(tables, impute(*tables, by=by, indicator=indicator), strict=True):
        known = ~np.isnan(table)
        assert filled.dtype == dtype and filled.shape[1] == (7 if indicator else 4)
        assert np.isfinite(filled).all() and np.array_equal(filled[:, :4][known], table[known])
        assert not np.shares_memory(filled, table)


def test_nothing_of_the_test_part_reaches_the_training_part():
    train, test = checks_data.gappy(30, seed=1), checks_data.gappy(9, seed=2)
    for by in ("mean", "median", "forward"):
        assert np.array_equal(impute(train, test, by=by)[0], impute(train, 100 * test, by=by)[0])
        assert np.array_equal(impute(train, test, by=by)[0], impute(train, by=by)[0])


@pytest.mark.parametrize("f", FUNCTIONS)
@pytest.mark.parametrize(
    ("tables", "message"),
    [
        (([[1.0]],), "takes floating-point arrays, got list"),
        ((np.ones((2, 2), int),), "takes floating-point arrays, got int64"),
        ((ONES, np.ones((3, 4))), r"takes arrays \(N, 2\) with N >= 1, got \(3, 4\)"),
        ((np.ones((0, 2)),), r"takes arrays \(N, 2\) with N >= 1, got \(0, 2\)"),
        ((np.ones(3),), r"takes arrays \(N, 3\) with N >= 1, got \(3,\)"),
        ((ONES, np.array([[1, 2], [3, np.inf]])), "takes finite numbers; row 1, column 1 is inf"),
    ],
)
def test_wrong_tables(f, tables, message):
    with pytest.raises(ValueError, match=f"{f.__name__} {message}"):
        f(*tables)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: standardise(np.array([[1, 2], [3, NAN]])), "takes finite numbers; row 1, column 1 is nan"),
        (lambda: min_max(ONES, np.array([[NAN, 2]])), "takes finite numbers; row 0, column 0 is nan"),
        (lambda: impute(ONES, by="mode"), "fills by one of mean, median, forward, got 'mode'"),
        (lambda: impute(np.array([[1, NAN], [3, NAN]])), "at least one known value a column; column 1 has none"),
    ],
)
def test_wrong_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()
