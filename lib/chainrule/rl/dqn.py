"""Deep Q-learning: a network in place of the table. Two things keep it from chasing itself: it learns from a memory of
past steps, and its targets come from a copy of itself that is renewed only now and then.
"""

import copy
import math
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.arrays import expect_generator, expect_number, expect_positive_int
from chainrule.layer import Layer
from chainrule.losses import Loss, huber
from chainrule.optimizers import Optimizer
from chainrule.rl.policy import one_row
from chainrule.rl.q_learning import Number, at
from chainrule.rl.replay import Replay, Steps
from chainrule.train.clipping import clipper


@dataclass(frozen=True)
class DQNRecord:
    """Where training stands after an episode: its number from 1, its total reward, the mean of the last 100 totals, the
    steps taken so far, the mean loss of its steps of learning (nan before the first), and the last ε.
    """

    episode: int
    total: float
    average: float
    step: int
    loss: float
    epsilon: float


def td_loss(Q: np.ndarray, actions: np.ndarray, targets: np.ndarray) -> Loss:
    """L = mean of huber(Q(s, a) − y) over the actions taken;  dQ is 0 for all other actions.

    Q (N, A), actions (N,), targets y (N,), constants. Source: Mnih et al. (2015), algorithm 1, its clipped error.
    """
    rows = np.arange(len(actions))
    loss, back_huber = huber(Q[rows, actions], targets)

    def backward(dloss: float = 1.0) -> np.ndarray:
        dQ = np.zeros_like(Q)
        dQ[rows, actions] = back_huber(dloss)
        return dQ

    return loss, backward


def td_targets(network: Layer, target: Layer, steps: Steps, gamma: float, double: bool) -> np.ndarray:
    """y = r + γ max_a' Q'(s', a'), Q' the target network; r alone after a true end.

    With double, Q' judges the action that the network itself would take: r + γ Q'(s', argmax_a' Q(s', a')), which is
    less optimistic. van Hasselt, Guez & Silver (2016), eq. 4.
    """
    after = target(steps.reached)[0]
    chosen = (network(steps.reached)[0] if double else after).argmax(1)
    worth = after[np.arange(len(after)), chosen]
    return steps.rewards + after.dtype.type(gamma) * worth * ~steps.terminated


def td_step(
    network: Layer,
    target: Layer,
    batch: Steps,
    optimizer: Optimizer,
    gamma: float,
    double: bool = True,
    clip_norm: float | None = None,
) -> float:
    """One optimizer step of the network towards `td_targets`; returns the loss."""
    Q, back = network(batch.observations)
    loss, back_loss = td_loss(Q, batch.actions, td_targets(network, target, batch, gamma, double))
    network.zero_grad()
    back(back_loss())
    clipper(clip_norm, None)(network.flat()[1])
    optimizer.step()
    return float(loss)


def dqn(
    network: Layer,
    environment: Any,
    optimizer: Optimizer,
    *,
    steps: int,
    rng: np.random.Generator,
    gamma: float = 0.99,
    epsilon: Number = 0.1,
    capacity: int = 50_000,
    batch_size: int = 64,
    warmup: int = 1000,
    learn_every: int = 1,
    renew_every: int = 500,
    double: bool = True,
    clip_norm: float | None = 10.0,
) -> Iterator[DQNRecord]:
    """Train, yielding a `DQNRecord` per episode.

    network       observations (N, …) → Q (N, actions);  environment  a single one, CartPole() or Gymnasium's
    steps         environment steps in all; the last episode may be left unfinished
    epsilon       probability of a random action, a number or a function of the step, 1, 2, …
    warmup        steps to play before learning begins, one step of learning every `learn_every`
    renew_every   steps after which the network is copied into the target network
    Source  Mnih et al. (2015), algorithm 1.
    Raises  ValueError at once for arguments that make no sense.
    """
    sizes = {"steps": steps, "capacity": capacity, "batch_size": batch_size, "warmup": warmup}
    for name, value in (sizes | {"learn_every": learn_every, "renew_every": renew_every}).items():
        expect_positive_int(name, value)
    expect_number("gamma", gamma, low=0, high=1)
    expect_generator(rng)
    if not isinstance(optimizer, Optimizer) or optimizer.model is not network:
        raise ValueError("dqn takes an optimizer of the network, such as Adam(network)")
    network.flat()
    target = copy.deepcopy(network)
    memory = Replay(capacity, environment.observation_space.shape, network.flat()[0].dtype)

    def learn() -> float:
        return td_step(network, target, memory.sample(batch_size, rng), optimizer, gamma, double, clip_norm)

    def after(step: int) -> list[float]:
        """What follows a step of play: the losses of a step of learning, if it is time for one."""
        losses = [learn()] if step >= warmup and step % learn_every == 0 else []
        if step % renew_every == 0:
            target.flat()[0][...] = network.flat()[0]
        return losses

    return _episodes(network, environment, memory, after, steps, epsilon, rng)


def _episodes(
    network: Layer,
    environment: Any,
    memory: Replay,
    after: Callable[[int], list[float]],
    steps: int,
    epsilon: Number,
    rng: np.random.Generator,
) -> Iterator[DQNRecord]:
    losses: list[float] = []
    totals: deque[float] = deque(maxlen=100)
    observation, total, episode = environment.reset(seed=int(rng.integers(2**31)))[0], 0.0, 0
    for step in range(1, steps + 1):
        chance = at(epsilon, step)
        if rng.random() < chance:
            action = int(rng.integers(environment.action_space.n))
        else:
            action = int(one_row(network, observation).argmax())
        reached, reward, terminated, truncated, _ = environment.step(action)
        memory.add(observation, action, reward, reached, terminated)
        observation, total = reached, total + reward
        losses += after(step)
        if terminated or truncated:
            totals.append(total)
            episode += 1
            loss = float(np.mean(losses)) if losses else math.nan
            yield DQNRecord(episode, total, float(np.mean(totals)), step, loss, chance)
            observation, total, losses = environment.reset()[0], 0.0, []
