"""A memory of steps to learn from again. Drawn from it at random they are hardly related, as a batch should be."""

from dataclasses import dataclass

import numpy as np

from chainrule.arrays import expect_positive_int


@dataclass(frozen=True)
class Steps:
    """Steps (N): observations, actions, rewards, the observations that followed, and whether that was a true end."""

    observations: np.ndarray
    actions: np.ndarray
    rewards: np.ndarray
    reached: np.ndarray
    terminated: np.ndarray


class Replay:
    """The last `capacity` steps. Lin (1992). `len(replay)` is how many are there."""

    def __init__(self, capacity: int, shape: tuple[int, ...], dtype: np.dtype | type = np.float32):
        expect_positive_int("Replay capacity", capacity)
        self._memory = Steps(
            np.zeros((capacity, *shape), dtype),
            np.zeros(capacity, np.intp),
            np.zeros(capacity, dtype),
            np.zeros((capacity, *shape), dtype),
            np.zeros(capacity, bool),
        )
        self.capacity, self._added = capacity, 0

    def add(self, observation: np.ndarray, action: int, reward: float, reached: np.ndarray, terminated: bool) -> None:
        """Keep one step, in place of the oldest where the memory is full."""
        i, memory = self._added % self.capacity, self._memory
        memory.observations[i], memory.actions[i], memory.rewards[i] = observation, action, reward
        memory.reached[i], memory.terminated[i] = reached, terminated
        self._added += 1

    def sample(self, n: int, rng: np.random.Generator) -> Steps:
        """n steps, drawn with replacement. Raises ValueError where nothing is there."""
        if not self._added:
            raise ValueError("Replay is empty: add steps before sampling")
        chosen, memory = rng.integers(len(self), size=n), self._memory
        return Steps(
            memory.observations[chosen],
            memory.actions[chosen],
            memory.rewards[chosen],
            memory.reached[chosen],
            memory.terminated[chosen],
        )

    def __len__(self) -> int:
        return min(self._added, self.capacity)
