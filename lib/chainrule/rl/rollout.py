"""Playing: N environments in step, one call of the network for all, and all that happened as arrays (T, N, …)."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.arrays import expect_generator
from chainrule.rl.policy import Agent, draw


@dataclass(frozen=True)
class Rollout:
    """T steps of N environments: observations (T, N, …) and the logits (T, N, A) they gave, actions, rewards,
    terminated and over (T, N), and the observations `reached` (T, N, …), at an episode's end its last.
    """

    observations: np.ndarray
    logits: np.ndarray
    actions: np.ndarray
    rewards: np.ndarray
    terminated: np.ndarray
    over: np.ndarray
    reached: np.ndarray


class Player:
    """An agent's place in its environments between one rollout and the next.

    `environments` has the interface of VectorCartPole, Vector, or one of Gymnasium's vector environments that reset
    in the same step; `choose(logits, rng)` picks the actions. `steps` counts environment steps, `episodes` those that
    ended, `recent` holds the total rewards of the last 100 of them.

    Raises ValueError where agent is not an Agent, or environments are a single one.
    """

    def __init__(self, agent: Agent, environments: Any, rng: np.random.Generator, choose: Callable = draw):
        expect_generator(rng)
        if not isinstance(agent, Agent):
            raise ValueError(f"training takes an Agent, got {type(agent).__name__}")
        if not hasattr(environments, "num_envs"):
            raise ValueError(f"training takes environments in step, such as Vector([{environments!r}])")
        self.agent, self.environments, self.rng, self.choose = agent, environments, rng, choose
        self._dtype = next(iter(agent.params.values())).dtype
        self.steps = self.episodes = 0
        self.recent: deque[float] = deque(maxlen=100)
        self.reset()

    def reset(self) -> None:
        """Start an episode in every environment."""
        self.observation = self._cast(self.environments.reset(seed=int(self.rng.integers(2**31)))[0])
        self.totals = np.zeros(self.environments.num_envs)

    def play(self, steps: int) -> Rollout:
        """The next `steps` steps of every environment."""
        return self._play(lambda t, over: t < steps)

    def play_episodes(self) -> tuple[Rollout, np.ndarray]:
        """(rollout, mask (T, N)): one whole episode in each environment; the mask is True for its steps.

        One in each, however long: the first to end would be the short ones.
        """
        self.reset()
        ended = np.zeros(self.environments.num_envs, bool)

        def unfinished(t: int, over: np.ndarray) -> bool:
            np.logical_or(ended, over, out=ended)
            return not ended.all()

        rollout = self._play(unfinished)
        return rollout, np.cumsum(rollout.over, axis=0) - rollout.over == 0

    def _play(self, more: Callable[[int, np.ndarray], bool]) -> Rollout:
        rows = []
        over = np.zeros(self.environments.num_envs, bool)
        while more(len(rows), over):
            logits = self.agent.actor(self.observation)[0]
            actions = self.choose(logits, self.rng)
            observation, rewards, terminated, truncated, info = self.environments.step(actions)
            observation, over = self._cast(observation), terminated | truncated
            reached = last_observations(observation, over, info)
            rows.append((self.observation, logits, actions, rewards, terminated, over, reached))
            self._count(rewards, over)
            self.observation = observation
        return Rollout(*(np.stack(column) for column in zip(*rows)))

    def _cast(self, observation: np.ndarray) -> np.ndarray:
        return observation.astype(self._dtype, copy=False) if observation.dtype.kind == "f" else observation

    def _count(self, rewards: np.ndarray, over: np.ndarray) -> None:
        self.totals += rewards
        self.steps += len(rewards)
        if over.any():
            self.episodes += int(over.sum())
            self.recent.extend(self.totals[over].tolist())
            self.totals[over] = 0


def last_observations(observation: np.ndarray, over: np.ndarray, info: dict) -> np.ndarray:
    """The observations that the actions led to: `observation`, but for episodes that ended their last.

    Raises ValueError where the environments do not say: Gymnasium's must be made with AutoresetMode.SAME_STEP.
    """
    if not over.any():
        return observation
    if "final_obs" not in info:
        raise ValueError("an episode ended and info has no final_obs: make the environments with SAME_STEP autoreset")
    reached = observation.copy()
    reached[over] = np.stack(list(info["final_obs"][over]))
    return reached


def evaluate(agent: Agent, environments: Any, rng: np.random.Generator, greedy: bool = True) -> np.ndarray:
    """The total reward (N,) of one whole episode in each environment, of the most probable actions.

    With greedy=False the actions are drawn from the policy.
    """
    rollout, mask = Player(agent, environments, rng, most_probable if greedy else draw).play_episodes()
    return (rollout.rewards * mask).sum(0)


def most_probable(logits: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The action with the largest logit in each row; nothing is drawn."""
    return logits.argmax(1)
