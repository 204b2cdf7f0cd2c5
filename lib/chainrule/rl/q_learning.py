"""Q-learning: a table of what each action is worth, corrected after every step, without knowing the rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.arrays import expect_generator, expect_number, expect_positive_int
from chainrule.schedules import Schedule

Number = float | Schedule


@dataclass(frozen=True)
class Episode:
    """One episode of learning: its number from 1, its total reward, its length, and the steps taken so far."""

    episode: int
    total: float
    length: int
    step: int


def q_learning(
    Q: np.ndarray,
    environment: Any,
    *,
    episodes: int,
    rng: np.random.Generator,
    gamma: float = 0.99,
    lr: Number = 0.1,
    epsilon: Number = 0.1,
) -> Iterator[Episode]:
    """Q(s, a) ← Q(s, a) + lr (r + γ max_a' Q(s', a') − Q(s, a)) at each step, in place; yields `Episode`s.

    Q        (S, A) floating-point, the table to be trained; observations are the numbers of its rows
    epsilon  probability of a random action, the best of the table otherwise; equals are drawn
    lr and epsilon are numbers, or functions of the episode, 1, 2, …. After a true end r alone is the target; where an
    episode is cut off (truncated), the next state counts as ever.
    Source  Watkins & Dayan (1992), eq. 1.
    Raises  ValueError at once for arguments that make no sense.
    """
    if not isinstance(Q, np.ndarray) or Q.ndim != 2 or Q.dtype.kind != "f":
        raise ValueError(f"q_learning takes a floating-point table (S, A), got {np.shape(Q)}")
    expect_positive_int("episodes", episodes)
    expect_generator(rng)
    expect_number("gamma", gamma, low=0, high=1)
    for name, value in (("lr", lr), ("epsilon", epsilon)):
        if not callable(value):
            expect_number(name, value, low=0, high=1)
    return _episodes(Q, environment, episodes, rng, gamma, lr, epsilon)


def _episodes(
    Q: np.ndarray, environment: Any, episodes: int, rng: np.random.Generator, gamma: float, lr: Number, epsilon: Number
) -> Iterator[Episode]:
    steps, seed = 0, int(rng.integers(2**31))
    for episode in range(1, episodes + 1):
        state = environment.reset(seed=seed if episode == 1 else None)[0]
        rate, chance = at(lr, episode), at(epsilon, episode)
        total, length, over = 0.0, 0, False
        while not over:
            action = int(rng.integers(Q.shape[1])) if rng.random() < chance else best(Q[state], rng)
            after, reward, terminated, truncated, _ = environment.step(action)
            target = reward if terminated else reward + gamma * Q[after].max()
            Q[state, action] += rate * (target - Q[state, action])
            state, over = after, terminated or truncated
            total, length = total + reward, length + 1
        steps += length
        yield Episode(episode, total, length, steps)


def best(values: np.ndarray, rng: np.random.Generator) -> int:
    """The number of the largest value; among equals one at random, so that an empty table does not always go up."""
    largest = np.flatnonzero(values == values.max())
    return int(largest[0] if len(largest) == 1 else rng.choice(largest))


def at(value: Number, t: int) -> float:
    """A number, or a schedule's at t."""
    return value(t) if callable(value) else value
