"""Ratings whose truth is known: what each user would say of each item, of which a few answers are seen."""

import math
from typing import NamedTuple

import numpy as np

from chainrule.arrays import expect_generator, expect_number, expect_positive_int


class Ratings(NamedTuple):
    """M answers in random order, each pair of user and item at most once, and the truth behind them.

    users, items    (M,) int64              who rated what
    ratings         (M,) float32            truth[users, items] plus noise
    truth           (users, items) float32  what every user thinks of every item
    """

    users: np.ndarray
    items: np.ndarray
    ratings: np.ndarray
    truth: np.ndarray


def ratings(
    n_users: int,
    n_items: int,
    rng: np.random.Generator,
    rank: int = 3,
    density: float = 0.2,
    noise: float = 0.25,
) -> Ratings:
    """truth = 3 + b_user + b_item + U Vᵀ, of which a share `density` is observed, anywhere alike, with noise.

    The biases have a standard deviation of 0.4, the entries of U Vᵀ (of that rank) one of 0.6; noise is that of an
    answer. Nothing is rounded or clipped: no forecast of an unseen answer has a mean squared error below noise².
    """
    expect_generator(rng)
    for name, value in (("n_users", n_users), ("n_items", n_items), ("rank", rank)):
        expect_positive_int(name, value)
    if rank > min(n_users, n_items):
        raise ValueError(f"rank takes at most min(n_users, n_items) = {min(n_users, n_items)}, got {rank}")
    expect_number("density", density, low=0, high=1, open_low=True)
    expect_number("noise", noise, low=0)
    user, item = rng.normal(0, 0.4, (n_users, 1)), rng.normal(0, 0.4, (1, n_items))
    spread = math.sqrt(0.6 / math.sqrt(rank))  # of each factor's entries
    U, V = rng.normal(0, spread, (n_users, rank)), rng.normal(0, spread, (n_items, rank))
    truth = 3 + user + item + U @ V.T
    observed = rng.permutation(truth.size)[: max(1, round(density * truth.size))]
    answers = truth.ravel()[observed] + rng.normal(0, noise, len(observed))
    users, items = np.divmod(observed, n_items)
    return Ratings(users, items, answers.astype(np.float32), truth.astype(np.float32))
