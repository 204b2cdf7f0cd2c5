"""A policy gives each action a probability: a network makes logits of an observation, and chance picks the action."""

import math
from functools import lru_cache
from typing import Any

import numpy as np

from chainrule.activations import relu, tanh
from chainrule.combine import Sequential
from chainrule.dense import Dense
from chainrule.layer import Layer


class Agent(Layer):
    """A policy π(a | s) = softmax(actor(s))_a and, where there is a critic, the values V(s) that it expects.

    actor   a network of observations (N, …) → logits (N, actions)
    critic  a network of observations (N, …) → values (N, 1), or None

    `reinforce`, `actor_critic` and `ppo` train it. Called as a layer it is its actor, x → logits.
    Raises ValueError where one of them is not a layer.
    """

    def __init__(self, actor: Layer, critic: Layer | None = None):
        for name, network in {"actor": actor, "critic": critic or actor}.items():
            if not isinstance(network, Layer):
                raise ValueError(f"Agent takes a layer for its {name}, got {type(network).__name__}")
        self.actor, self.critic = actor, critic

    def forward(self, x: np.ndarray) -> tuple:
        return self.actor(x)

    def act(self, observation: Any, rng: np.random.Generator) -> int:
        """An action for one observation, drawn from the policy."""
        return pick(one_row(self.actor, observation).tolist(), rng.random())

    def greedy(self, observation: Any) -> int:
        """The most probable action for one observation."""
        return int(one_row(self.actor, observation).argmax())

    def values(self, observations: np.ndarray) -> np.ndarray:
        """V(s) for observations (…, d), by the critic; zeros where there is none."""
        if self.critic is None:
            return np.zeros(observations.shape[:-1], np.float32)
        return self.critic(observations)[0][..., 0]


def pick(logits: list[float], point: float) -> int:
    """The action where `point`, uniform in [0, 1), falls among the probabilities softmax(logits)."""
    if len(logits) == 2:  # one exponential and no lists: half the time
        return int(point * (1 + math.exp(min(logits[0] - logits[1], 700.0))) < 1)
    top = max(logits)
    weights = [math.exp(logit - top) for logit in logits]
    point *= sum(weights)
    for action, weight in enumerate(weights[:-1]):
        if point < weight:
            return action
        point -= weight
    return len(weights) - 1


def draw(logits: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Actions (N,) with the probabilities softmax(logits), (N, A): where a uniform number falls among their sums."""
    sums = np.exp(logits - logits.max(1, keepdims=True)).cumsum(1)
    points = rng.random((len(sums), 1), sums.dtype) * sums[:, -1:]
    return (sums[:, :-1] <= points).sum(1)


def one_row(network: Layer, observation: Any) -> np.ndarray:
    """The network's output for one observation (d,), without a way back.

    In a game the network is asked for one row at a time, and what a layer does for its way back, for its checks and
    for a batch takes longer than its arithmetic; here the usual layers of a Sequential are their arithmetic alone.
    """
    if not isinstance(network, Sequential):
        return network(np.asarray(observation)[None])[0][0]
    h = observation
    for part in network.layers:
        if type(part) is Dense:
            h = h.dot(part.W)
            if "b" in part.names:
                h += part.b
        elif part is relu:
            h = np.maximum(h, _zeros(h.shape, h.dtype))
        elif part is tanh:
            h = np.tanh(h)
        else:
            h = part(h[None])[0][0]
    return h


@lru_cache(64)
def _zeros(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    # The maximum of two arrays takes half the time of that of an array and a number.
    zeros = np.zeros(shape, dtype)
    zeros.flags.writeable = False
    return zeros
