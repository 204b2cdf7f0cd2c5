"""Actor–critic: learn after a few steps, not at an episode's end. The critic's guess stands for what is yet to come."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from chainrule.arrays import expect_positive_int
from chainrule.optimizers import Optimizer
from chainrule.rl.advantages import gae
from chainrule.rl.improve import Record, expect_optimizer, expect_rates, learn, record
from chainrule.rl.objectives import policy_gradient
from chainrule.rl.policy import Agent
from chainrule.rl.rollout import Player, Rollout


def actor_critic(
    agent: Agent,
    environments: Any,
    optimizer: Optimizer,
    *,
    steps: int,
    rng: np.random.Generator,
    horizon: int = 8,
    gamma: float = 0.99,
    lam: float = 0.95,
    entropy: float = 0.01,
    value_weight: float = 0.5,
    clip_norm: float | None = 0.5,
) -> Iterator[Record]:
    """Train, yielding a `Record` per update: `horizon` steps of each environment, then one optimizer step.

    steps   environment steps in all, rounded up to whole updates
    lam     λ of the generalised advantages; 1 gives the n-step advantages of A3C
    Source  Mnih et al. (2016), algorithm S3, with all environments in step (A2C) and `gae` for advantages.
    Raises  ValueError at once for arguments that make no sense, such as an agent without a critic.
    """
    expect_optimizer(agent, optimizer)
    expect_critic("actor_critic", agent)
    for name, value in (("steps", steps), ("horizon", horizon)):
        expect_positive_int(name, value)
    expect_rates(clip_norm, gamma=gamma, lam=lam, entropy=entropy, value_weight=value_weight)
    player = Player(agent, environments, rng)
    return _records(player, optimizer, steps, horizon, gamma, lam, entropy, value_weight, clip_norm)


def _records(
    player: Player,
    optimizer: Optimizer,
    steps: int,
    horizon: int,
    gamma: float,
    lam: float,
    entropy: float,
    value_weight: float,
    clip_norm: float | None,
) -> Iterator[Record]:
    update = 0
    while player.steps < steps:
        played, update = player.play(horizon), update + 1
        advantages, returns = judged(player.agent, played, gamma, lam)
        objective = partial(
            policy_gradient, actions=played.actions.ravel(), advantages=advantages.ravel(), entropy=entropy
        )
        observations = flattened(played.observations)
        result = learn(player.agent, optimizer, observations, objective, returns.ravel(), value_weight, clip_norm)
        yield record(update, player, played.logits, [result])


def judged(agent: Agent, played: Rollout, gamma: float, lam: float) -> tuple[np.ndarray, np.ndarray]:
    """(advantages, returns), both (T, N): the critic's targets are advantages + V(s)."""
    values = agent.values(played.observations)
    advantages = gae(played.rewards, values, agent.values(played.reached), played.terminated, played.over, gamma, lam)
    return advantages, advantages + values


def flattened(x: np.ndarray) -> np.ndarray:
    """(T, N, …) → (T N, …)."""
    return x.reshape(-1, *x.shape[2:])


def expect_critic(name: str, agent: Agent) -> None:
    """Raise ValueError unless the agent has a critic."""
    if agent.critic is None:
        raise ValueError(f"{name} takes an agent with a critic: Agent(actor, critic)")
