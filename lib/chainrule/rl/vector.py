"""Several environments in step, so that one call of the network serves them all."""

from collections.abc import Sequence
from typing import Any

import numpy as np


class Vector:
    """N single environments as one: ours, or Gymnasium's (`Vector([gymnasium.make("Acrobot-v1") for _ in range(8)])`).

    `reset(seed=s)` seeds the i-th with s + i. Where an episode ends, the same step starts the next one: reward and
    flags belong to the episode that ended, the observation to the new one, and info["final_obs"] (N, …), there if
    any episode ended, holds the observations that the actions led to.
    Raises ValueError for an empty sequence.
    """

    def __init__(self, environments: Sequence[Any]):
        self.environments = tuple(environments)
        if not self.environments:
            raise ValueError("Vector takes at least one environment")
        self.num_envs = len(self.environments)
        self.single_observation_space = self.environments[0].observation_space
        self.single_action_space = self.environments[0].action_space

    def reset(self, *, seed: int | None = None, options: dict | None = None) -> tuple[np.ndarray, dict]:
        """(observations (N, …), info) at the start of an episode in each."""
        starts = [
            environment.reset(seed=None if seed is None else seed + i, options=options)[0]
            for i, environment in enumerate(self.environments)
        ]
        return np.stack(starts), {}

    def step(self, actions: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, dict]:
        """(observations (N, …), rewards (N,), terminated (N,), truncated (N,), info) after a step in each.

        Raises ValueError where there is not an action for each.
        """
        if len(actions) != self.num_envs:
            raise ValueError(f"Vector takes {self.num_envs} actions, got {len(actions)}")
        actions = np.asarray(actions).tolist()
        steps = [environment.step(action)[:4] for environment, action in zip(self.environments, actions)]
        observations, rewards, terminated, truncated = (np.array(part) for part in zip(*steps))
        info = {}
        over = np.flatnonzero(terminated | truncated)
        if len(over):
            info["final_obs"] = observations.copy()
            for i in over:
                observations[i] = self.environments[i].reset()[0]
        return observations, rewards, terminated, truncated, info
