"""What must hold of each module of data, as functions of the module: see checks.py."""

import math
from types import ModuleType

import numpy as np
from helpers import normal, rng
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import MinMaxScaler, StandardScaler

NAN = math.nan


def gappy(n: int, seed: int) -> np.ndarray:
    """(n, 4) with gaps in three columns, none in the last."""
    table = normal(n, 4, seed=seed)
    table[:, :3][rng(seed).uniform(0, 1, (n, 3)) < 0.3] = NAN
    return table


def scaling_equals_scikit_learn(m: ModuleType) -> None:
    train, *others = (3 * normal(n, 4, seed=n) + 7 for n in (50, 20, 1))
    for f, theirs in ((m.standardise, StandardScaler()), (m.min_max, MinMaxScaler())):
        theirs.fit(train)
        for ours, table in zip(f(train, *others), (train, *others), strict=True):
            assert_allclose(ours, theirs.transform(table), rtol=1e-10, atol=1e-12)


def constant_columns_become_zero(m: ModuleType) -> None:
    train, test = np.full((7, 2), 0.1), np.full((3, 2), 0.1)
    train[:, 1] = np.arange(7)
    for f in (m.standardise, m.min_max):
        a, b = f(train, test)
        assert not a[:, 0].any() and not b[:, 0].any() and np.isfinite(a).all()


def filling_equals_scikit_learn(m: ModuleType) -> None:
    train, *others = (gappy(n, seed=n) for n in (40, 15, 1))
    for by in ("mean", "median"):
        for indicator in (False, True):
            theirs = SimpleImputer(strategy=by, add_indicator=indicator).fit(train)
            filled = m.impute(train, *others, by=by, indicator=indicator)
            for ours, table in zip(filled, (train, *others), strict=True):
                assert_allclose(ours, theirs.transform(table), rtol=1e-12)


def filling_forward_by_hand(m: ModuleType) -> None:
    train, test = np.array([[NAN, 1], [2, NAN], [NAN, NAN], [4, 5]]), np.array([[NAN, 7], [NAN, NAN], [9, NAN]])
    a, b = m.impute(train, test, by="forward")
    assert_array_equal(a, [[3, 1], [2, 1], [2, 1], [4, 5]])
    assert_array_equal(b, [[4, 7], [4, 7], [9, 7]])
    marked = m.impute(train[1:], test, by="forward", indicator=True)
    assert_array_equal(marked[0][:, 2:], [[0, 1], [1, 1], [0, 0]])
    assert_array_equal(marked[1][:, 2:], [[1, 0], [1, 1], [0, 1]])


def sequences_by_hand(m: ModuleType) -> None:
    for f, order in ((m.reversal, lambda s: s[::-1]), (m.sorting, sorted)):
        sources, targets, lengths = f(300, rng(), symbols=5, shortest=2, longest=6)
        assert sources.shape == (300, 6) and targets.shape == (300, 8) and lengths.shape == (300,)
        assert sources.dtype == targets.dtype == lengths.dtype == np.int64
        assert set(lengths) == {2, 3, 4, 5, 6} and set(sources.ravel()) == {0, 3, 4, 5, 6, 7}
        for source, target, length in zip(sources.tolist(), targets.tolist(), lengths):
            assert 0 not in source[:length] and not any(source[length:])
            assert target == [1, *order(source[:length]), 2] + [0] * (6 - length)


def sums_by_hand(m: ModuleType) -> None:
    for T in (2, 7, 50):
        x, target = m.adding_problem(2000, T, rng())
        numbers, marks = x[..., 0], x[..., 1]
        assert x.shape == (2000, T, 2) and target.shape == (2000, 1) and x.dtype == target.dtype == np.float32
        assert set(marks.ravel()) <= {0, 1} and marks.any(0).all()
        assert (marks[:, : T // 2].sum(1) == 1).all() and (marks[:, T // 2 :].sum(1) == 1).all()
        assert_allclose((numbers * marks).sum(1, keepdims=True), target, rtol=1e-6)
        assert abs(((target - 1) ** 2).mean() - 1 / 6) < 0.02 and 0 <= numbers.min() < 0.01 and numbers.max() > 0.99


def waves_by_hand(m: ModuleType) -> None:
    x, target = m.noisy_sine(500, 9, rng(), noise=0, period=12.0)
    whole = np.concatenate([x[..., 0], target], 1)
    assert x.shape == (500, 9, 1) and target.shape == (500, 1) and x.dtype == target.dtype == np.float32
    assert_allclose(whole[:, 6:] + whole[:, :-6], 0, atol=1e-6)  # half a period later
    assert_allclose(whole[:, 3:] ** 2 + whole[:, :-3] ** 2, 1, atol=1e-5)  # a quarter
    assert whole[:, 0].std() > 0.6
    loud, after = m.noisy_sine(500, 9, rng(), noise=0.3, period=12.0)
    assert_allclose([(loud - x).std(), (after - target).std()], 0.3, rtol=0.1)


def text_by_hand(m: ModuleType) -> None:
    characters = m.Characters("Ünïcode 𝛁!")
    assert characters.alphabet == " !cdenoÜï𝛁"
    assert len(characters) == 10
    assert m.Characters("hello").encode("hole").tolist() == [1, 3, 2, 0]
    for text in ("Ünïcode 𝛁!", "𝛁", ""):
        assert characters.decode(characters.encode(text)) == text
    assert tuple(m.cut("abcdefghij", 0.2, 0.3)) == ("abcde", "fg", "hij")
    x, target = m.windows(np.arange(11), 3)
    assert x.tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8]] and target.tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert m.windows(np.arange(6), 3, step=1)[1].tolist() == [[1, 2, 3], [2, 3, 4], [3, 4, 5]]


def ratings_by_their_truth(m: ModuleType) -> None:
    users, items, answers, truth = m.ratings(300, 200, rng(), rank=3, density=0.3, noise=0.25)
    assert len(users) == len(items) == len(answers) == 18_000 and truth.shape == (300, 200)
    assert len(set(zip(users.tolist(), items.tolist()))) == 18_000
    error = answers - truth[users, items]
    assert_allclose([error.std(), error.mean()], [0.25, 0], atol=0.01)
    assert_allclose(truth.mean(), 3, atol=0.15)
    centred = truth - truth.mean(0) - truth.mean(1, keepdims=True) + truth.mean()
    values = np.linalg.svd(centred, compute_uv=False)
    assert values[2] > 10 and values[3] < 1e-3
    assert_allclose(centred.std(), 0.6, rtol=0.2)
    assert_allclose([truth.mean(0).std(), truth.mean(1).std()], 0.4, rtol=0.3)
    assert np.unique(users).size == 300 and abs(np.corrcoef(np.arange(18_000), users)[0, 1]) < 0.03
