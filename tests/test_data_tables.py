"""Graphs and ratings."""

import checks_data
import numpy as np
import pytest
from helpers import rng

import chainrule.data.rated
from chainrule.data import karate_club, ratings


def test_check():
    checks_data.ratings_by_their_truth(chainrule.data.rated)


def test_ratings_follow_their_generator_and_are_typed():
    first, again, other = (ratings(9, 7, rng(seed)) for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(first, again)) and not np.array_equal(first.truth, other.truth)
    assert [a.dtype for a in first] == [np.int64, np.int64, np.float32, np.float32]


def test_all_ratings_without_noise_are_the_truth():
    users, items, answers, truth = ratings(9, 7, rng(), density=1, noise=0)
    assert len(users) == 63 and np.array_equal(answers, truth[users, items])
    assert len(ratings(2, 2, rng(), rank=1, density=0.01).users) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rank": 8}, r"rank takes at most min\(n_users, n_items\) = 7, got 8"),
        ({"rank": 0}, "rank takes a positive integer, got 0"),
        ({"density": 0}, r"density takes a number in \(0, 1\], got 0"),
        ({"density": 1.1}, r"density takes a number in \(0, 1\], got 1\.1"),
        ({"noise": -1}, "noise takes a finite number >= 0, got -1"),
        ({"rng": 3}, r"rng takes a np\.random\.Generator .*, got int"),
        ({"n_users": 0}, "n_users takes a positive integer, got 0"),
    ],
)
def test_wrong_ratings(options, message):
    with pytest.raises(ValueError, match=message):
        ratings(**({"n_users": 9, "n_items": 7, "rng": rng()} | options))


def test_the_karate_club_is_zacharys():
    edges, labels = karate_club()
    assert edges.shape == (78, 2) and edges.dtype == labels.dtype == np.int64
    assert (edges[:, 0] < edges[:, 1]).all() and len(np.unique(edges, axis=0)) == 78
    degree = np.bincount(edges.ravel())  # as counted in other copies of the data
    assert degree.tolist() == [
        *(16, 9, 10, 6, 3, 4, 4, 4, 5, 2, 3, 1, 2, 5, 2, 2, 2, 2, 2, 3, 2, 2, 2, 5, 3, 3, 2, 4, 3, 4, 4, 6, 12, 17)
    ]
    assert np.bincount(labels).tolist() == [17, 17] and labels[0] == 0 and labels[33] == 1 and labels[8] == 0
    adjacent = np.zeros((34, 34), int)
    adjacent[tuple(edges.T)] = adjacent[tuple(edges.T[::-1])] = 1
    assert np.trace(np.linalg.matrix_power(adjacent, 3)) // 6 == 45  # triangles
    across = labels[edges[:, 0]] != labels[edges[:, 1]]
    assert across.sum() == 11


def test_every_call_gives_arrays_of_its_own():
    karate_club().edges[...] = 0
    assert karate_club().edges.max() == 33
