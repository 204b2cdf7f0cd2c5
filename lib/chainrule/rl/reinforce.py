"""REINFORCE: play whole episodes, then make each action that brought more reward than expected more probable."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from chainrule.arrays import expect_positive_int
from chainrule.optimizers import Optimizer
from chainrule.rl.advantages import returns_to_go, standardised
from chainrule.rl.improve import Record, expect_optimizer, expect_rates, learn, record
from chainrule.rl.objectives import policy_gradient
from chainrule.rl.policy import Agent
from chainrule.rl.rollout import Player


def reinforce(
    agent: Agent,
    environments: Any,
    optimizer: Optimizer,
    *,
    updates: int,
    rng: np.random.Generator,
    gamma: float = 0.99,
    entropy: float = 0.0,
    standardise: bool = True,
    value_weight: float = 0.5,
    clip_norm: float | None = None,
) -> Iterator[Record]:
    """Train, yielding a `Record` per update, which is one whole episode in each environment and one optimizer step.

    An action's weight is G_t − V(s_t): the discounted rewards from it on, less the critic's guess (the baseline), or
    G_t alone without a critic. An episode that is cut off goes on with the critic's guess. The factor γᵗ of the exact
    gradient of the discounted reward is left out, as is usual.
    standardise   bring each update's weights to mean 0 and standard deviation 1
    Source  Williams (1992); Sutton & Barto (2018), section 13.4.
    Raises  ValueError at once for arguments that make no sense.
    """
    expect_optimizer(agent, optimizer)
    expect_positive_int("updates", updates)
    expect_rates(clip_norm, gamma=gamma, entropy=entropy, value_weight=value_weight)
    return _records(
        Player(agent, environments, rng), optimizer, updates, gamma, entropy, standardise, value_weight, clip_norm
    )


def _records(
    player: Player,
    optimizer: Optimizer,
    updates: int,
    gamma: float,
    entropy: float,
    standardise: bool,
    value_weight: float,
    clip_norm: float | None,
) -> Iterator[Record]:
    agent = player.agent
    for update in range(1, updates + 1):
        played, mask = player.play_episodes()
        guesses = agent.values(played.reached)
        returns = returns_to_go(played.rewards, guesses, played.terminated, played.over, gamma)[mask]
        observations = played.observations[mask]
        weights = returns - agent.values(observations)
        if standardise:
            weights = standardised(weights)
        objective = partial(policy_gradient, actions=played.actions[mask], advantages=weights, entropy=entropy)
        result = learn(agent, optimizer, observations, objective, returns, value_weight, clip_norm)
        yield record(update, player, played.logits[mask], [result])
