"""PPO: use each rollout for several epochs of mini-batches, and let no step's probability move far while doing so."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from chainrule.arrays import expect_number, expect_positive_int
from chainrule.optimizers import Optimizer
from chainrule.rl.actor_critic import expect_critic, flattened, judged
from chainrule.rl.advantages import standardised
from chainrule.rl.improve import Record, expect_optimizer, expect_rates, learn, record
from chainrule.rl.objectives import clipped_surrogate, log_probabilities
from chainrule.rl.policy import Agent
from chainrule.rl.rollout import Player


def ppo(
    agent: Agent,
    environments: Any,
    optimizer: Optimizer,
    *,
    steps: int,
    rng: np.random.Generator,
    horizon: int = 128,
    epochs: int = 4,
    batch_size: int = 256,
    gamma: float = 0.99,
    lam: float = 0.95,
    clip: float = 0.2,
    entropy: float = 0.01,
    value_weight: float = 0.5,
    clip_norm: float | None = 0.5,
) -> Iterator[Record]:
    """Train, yielding a `Record` per update: `horizon` steps of each environment, then `epochs` over what was played.

    steps        environment steps in all, rounded up to whole updates
    batch_size   steps in one mini-batch; its advantages are standardised
    clip         how far a ratio of probabilities may move before its step gives no gradient
    Source  Schulman et al. (2017), algorithm 1, with a critic of its own.
    Raises  ValueError at once for arguments that make no sense, such as an agent without a critic.
    """
    expect_optimizer(agent, optimizer)
    expect_critic("ppo", agent)
    sizes = {"steps": steps, "horizon": horizon, "epochs": epochs, "batch_size": batch_size}
    for name, value in sizes.items():
        expect_positive_int(name, value)
    expect_number("clip", clip, low=0, open_low=True)
    expect_rates(clip_norm, gamma=gamma, lam=lam, entropy=entropy, value_weight=value_weight)
    player = Player(agent, environments, rng)
    return _records(player, optimizer, sizes, gamma, lam, clip, entropy, value_weight, clip_norm)


def _records(
    player: Player,
    optimizer: Optimizer,
    sizes: dict[str, int],
    gamma: float,
    lam: float,
    clip: float,
    entropy: float,
    value_weight: float,
    clip_norm: float | None,
) -> Iterator[Record]:
    update = 0
    while player.steps < sizes["steps"]:
        played, update = player.play(sizes["horizon"]), update + 1
        advantages, returns = (a.ravel() for a in judged(player.agent, played, gamma, lam))
        observations, actions, logits = map(flattened, (played.observations, played.actions, played.logits))
        old_log_p, results = log_probabilities(logits, actions), []
        for chosen in minibatches(len(actions), sizes["batch_size"], sizes["epochs"], player.rng):
            objective = partial(
                clipped_surrogate,
                actions=actions[chosen],
                advantages=standardised(advantages[chosen]),
                old_log_p=old_log_p[chosen],
                clip=clip,
                entropy=entropy,
            )
            batch = observations[chosen], objective, returns[chosen]
            results.append(learn(player.agent, optimizer, *batch, value_weight, clip_norm))
        yield record(update, player, logits, results)


def minibatches(n: int, size: int, epochs: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Row numbers in random order, `size` at a time, every row once an epoch."""
    for _ in range(epochs):
        order = rng.permutation(n)
        yield from (order[start : start + size] for start in range(0, n, size))
