"""A pole stands on a cart. Push the cart left or right, fifty times a second, so that the pole does not fall.

The physics, limits, rewards and random starts are those of Gymnasium's CartPole-v1, number for number. `VectorCartPole`
moves many carts in one call, for about the price of three.
"""

import math
from typing import Any

import numpy as np

from chainrule.arrays import expect_positive_int
from chainrule.rl.spaces import Box, Discrete, seeded

GRAVITY, FORCE, SECONDS = 9.8, 10.0, 0.02
CART, POLE, HALF_LENGTH = 1.0, 0.1, 0.5  # kg, kg, m
FARTHEST, STEEPEST = 2.4, math.radians(12)
LIMITS = np.array([2 * FARTHEST, np.inf, 2 * STEEPEST, np.inf], np.float32)


def moved(state: Any, force: Any, sin: Any, cos: Any) -> tuple:
    """The state (x, v, angle, spin) an Euler step of 0.02 s later, floats or arrays; sin and cos are the angle's.

    Source  Barto, Sutton & Anderson (1983), appendix, without friction; Florian (2007), eqs. 23–24.
    """
    (x, v, angle, spin), total = state, CART + POLE
    pushed = (force + POLE * HALF_LENGTH * (spin * spin) * sin) / total
    spin_rate = (GRAVITY * sin - cos * pushed) / (HALF_LENGTH * (4.0 / 3.0 - POLE * (cos * cos) / total))
    speed_rate = pushed - POLE * HALF_LENGTH * spin_rate * cos / total
    return x + SECONDS * v, v + SECONDS * speed_rate, angle + SECONDS * spin, spin + SECONDS * spin_rate


class CartPole:
    """One cart, with Gymnasium's interface.

    Observation  (4,) float32: the cart's place (m) and speed, the pole's angle (rad) and angular speed
    Action       0 pushes left, 1 right, with 10 N
    Reward       1 for every step, the last one too
    Terminated   beyond 2.4 m or 12°;  truncated after `max_steps`
    Start        uniform in ±0.05 for all four numbers, or between options["low"] and options["high"]
    """

    observation_space, action_space = Box(-LIMITS, LIMITS), Discrete(2)

    def __init__(self, max_steps: int = 500):
        expect_positive_int("CartPole max_steps", max_steps)
        self.max_steps = max_steps
        self._rng: np.random.Generator | None = None
        self._state: tuple | None = None
        self._steps = 0

    def reset(self, *, seed: int | None = None, options: dict | None = None) -> tuple[np.ndarray, dict]:
        """(observation, info) at the start of an episode. Raises ValueError where no seed has ever been given."""
        self._rng = seeded(self._rng, seed, "CartPole")
        self._state, self._steps = tuple(_start(self._rng, options).tolist()), 0
        return np.array(self._state, np.float32), {}

    def step(self, action: int) -> tuple[np.ndarray, float, bool, bool, dict]:
        """(observation, reward, terminated, truncated, info) after a push.

        Raises ValueError where action is neither 0 nor 1, or the episode is over.
        """
        if action not in (0, 1):
            raise ValueError(f"CartPole takes action 0 or 1, got {action!r}")
        if self._state is None:
            raise ValueError("CartPole: no episode is running; call reset() first")
        angle = self._state[2]
        self._state = moved(self._state, FORCE if action else -FORCE, math.sin(angle), math.cos(angle))
        self._steps += 1
        observation = np.array(self._state, np.float32)
        terminated = abs(self._state[0]) > FARTHEST or abs(self._state[2]) > STEEPEST
        truncated = self._steps >= self.max_steps
        if terminated or truncated:
            self._state = None
        return observation, 1.0, terminated, truncated, {}


class VectorCartPole:
    """`num_envs` carts that move together: cart i does what a `CartPole` reset with seed + i does, to the last digit
    but the rounding of sine and cosine.

    Where an episode ends, the same step starts the next one (Gymnasium's SAME_STEP): its reward and its two flags
    belong to the episode that ended, its observation to the new one, and info["final_obs"] (N, 4), which is there
    if any episode ended, holds the observations that the actions led to.
    """

    single_observation_space, single_action_space = CartPole.observation_space, CartPole.action_space

    def __init__(self, num_envs: int, max_steps: int = 500):
        expect_positive_int("VectorCartPole num_envs", num_envs)
        expect_positive_int("VectorCartPole max_steps", max_steps)
        self.num_envs, self.max_steps = num_envs, max_steps
        self._rngs: list = [None] * num_envs
        self._state = np.zeros((4, num_envs))
        self._steps = np.zeros(num_envs, np.intp)

    def reset(self, *, seed: int | None = None, options: dict | None = None) -> tuple[np.ndarray, dict]:
        """(observations (N, 4), info): every cart at the start of an episode."""
        seeds = [None if seed is None else seed + i for i in range(self.num_envs)]
        self._rngs = [seeded(rng, s, "VectorCartPole") for rng, s in zip(self._rngs, seeds)]
        self._state = np.stack([_start(rng, options) for rng in self._rngs], axis=1)
        self._steps[:] = 0
        return self._state.T.astype(np.float32), {}

    def step(self, actions: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, dict]:
        """(observations (N, 4), rewards (N,), terminated (N,), truncated (N,), info) after a push of each cart.

        Raises ValueError where there is not an action 0 or 1 for each cart, or before the first reset.
        """
        actions = np.asarray(actions)
        if actions.shape != (self.num_envs,) or not ((actions == 0) | (actions == 1)).all():
            raise ValueError(f"VectorCartPole takes {self.num_envs} actions 0 or 1, got {actions!r}")
        if self._rngs[0] is None:
            raise ValueError("VectorCartPole: no episode is running; call reset(seed=0) first")
        angle = self._state[2]
        force = FORCE * (2.0 * actions - 1)
        self._state = np.stack(moved(self._state, force, np.sin(angle), np.cos(angle)))
        self._steps += 1
        terminated = (np.abs(self._state[0]) > FARTHEST) | (np.abs(self._state[2]) > STEEPEST)
        truncated = self._steps >= self.max_steps
        info = {}
        over = np.flatnonzero(terminated | truncated)
        if len(over):
            info["final_obs"] = self._state.T.astype(np.float32)
            self._state[:, over] = np.stack([_start(self._rngs[i], None) for i in over], axis=1)
            self._steps[over] = 0
        return self._state.T.astype(np.float32), np.ones(self.num_envs), terminated, truncated, info


def _start(rng: np.random.Generator, options: dict | None) -> np.ndarray:
    bounds = {"low": -0.05, "high": 0.05} | (options or {})
    return rng.uniform(bounds["low"], bounds["high"], 4)
