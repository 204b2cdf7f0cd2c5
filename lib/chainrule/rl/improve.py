"""One step of learning from what was played, which all policy gradients share: the actor follows its objective, the
critic the returns that were seen.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.arrays import expect_number
from chainrule.losses import mse
from chainrule.optimizers import Optimizer
from chainrule.rl.objectives import mean_entropy
from chainrule.rl.policy import Agent
from chainrule.rl.rollout import Player
from chainrule.train.clipping import clipper


@dataclass(frozen=True)
class Record:
    """Where training stands after an update.

    update counts from 1; step are the environment steps and episodes those finished so far; average is the mean
    total reward of the last 100 episodes, nan before the first ends; loss, value_loss (0 without a critic) and
    gradient_norm (before clipping) are means over the update's steps of learning; entropy is that of the policy that
    played, in nats.
    """

    update: int
    step: int
    episodes: int
    average: float
    loss: float
    value_loss: float
    gradient_norm: float
    entropy: float


def learn(
    agent: Agent,
    optimizer: Optimizer,
    observations: np.ndarray,
    objective: Callable[[np.ndarray], tuple],
    returns: np.ndarray,
    value_weight: float,
    clip_norm: float | None,
) -> tuple[float, float, float]:
    """One optimizer step down objective(logits) + value_weight · mean (V − returns)²; (loss, value loss, norm)."""
    agent.zero_grad()
    logits, back = agent.actor(observations)
    loss, back_loss = objective(logits)
    back(back_loss())
    value_loss: Any = 0.0
    if agent.critic is not None:
        values, back_values = agent.critic(observations)
        value_loss, back_mse = mse(values, returns.reshape(values.shape))
        back_values(back_mse(value_weight))
    norm = clipper(clip_norm, None)(optimizer.model.flat()[1])
    optimizer.step()
    return float(loss), float(value_loss), norm


def record(update: int, player: Player, logits: np.ndarray, results: list[tuple[float, float, float]]) -> Record:
    """What `learn` returned, and how the player fares."""
    average = float(np.mean(player.recent)) if player.recent else math.nan
    loss, value_loss, norm = np.mean(results, axis=0).tolist()
    entropy = mean_entropy(logits.reshape(-1, logits.shape[-1]))
    return Record(update, player.steps, player.episodes, average, loss, value_loss, norm, entropy)


def expect_optimizer(agent: Agent, optimizer: Optimizer) -> None:
    """Raise ValueError unless the optimizer moves this agent."""
    if not isinstance(agent, Agent):
        raise ValueError(f"training takes an Agent, got {type(agent).__name__}")
    if not isinstance(optimizer, Optimizer) or optimizer.model is not agent:
        raise ValueError("training takes an optimizer of the whole agent, such as Adam(agent)")


def expect_rates(clip_norm: float | None, **rates: float) -> None:
    """Raise ValueError unless gamma and lam are in [0, 1], all other rates ≥ 0, and clip_norm is None or > 0."""
    for name, rate in rates.items():
        expect_number(name, rate, low=0, high=1 if name in ("gamma", "lam") else math.inf)
    if clip_norm is not None:
        expect_number("clip_norm", clip_norm, low=0, open_low=True)
