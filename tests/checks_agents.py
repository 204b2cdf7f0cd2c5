"""What must hold of agents and their training, as functions of a module."""

from types import ModuleType

import numpy as np
from helpers import normal, rng
from numpy.testing import assert_allclose

from chainrule.activations import relu, softmax, tanh
from chainrule.combine import Sequential
from chainrule.dense import Dense
from chainrule.models.mlp import mlp
from chainrule.optimizers import SGD
from chainrule.rl import Agent, Vector
from chainrule.rl.spaces import Box, Discrete


class Clock:
    """Action 1 earns 1, action 0 nothing; each episode is over after `length` steps, in truth or cut off."""

    observation_space, action_space = Box(np.zeros(1, np.float32), np.ones(1, np.float32)), Discrete(2)

    def __init__(self, length: int = 1, cut: bool = False):
        self.length, self.cut, self.t = length, cut, 0

    def reset(self, *, seed=None, options=None):
        self.t = 0
        return np.ones(1, np.float32), {}

    def step(self, action):
        self.t += 1
        over = self.t == self.length
        return np.full(1, 1 + self.t / 8, np.float32), float(action), over and not self.cut, over and self.cut, {}


def clocks(n: int, cut: bool, length: int = 1) -> Vector:
    return Vector([Clock(length, cut) for _ in range(n)])


def small_agent(critic: bool = True) -> Agent:
    return Agent(Dense(1, 2, rng()), Dense(1, 1, rng(1)) if critic else None)


def trained(train, cut: bool, rate: float = 0.3, critic: bool = True, **options) -> tuple[float, float, list]:
    """(probability of action 1, value of the first observation, records) after training on clocks."""
    agent = small_agent(critic)
    agent.actor.b[...] = [1, 0]
    records = list(train(agent, clocks(8, cut), SGD(agent, rate), rng=rng(), **options))
    start = np.ones((1, 1), np.float32)
    return float(softmax(agent.actor(start)[0])[0][0, 1]), float(agent.values(start)[0]), records


def reinforce_learns_the_clock(m: ModuleType) -> None:
    for critic in (False, True):
        p, value, records = trained(m.reinforce, cut=False, critic=critic, updates=150, gamma=0.5, standardise=False)
        assert p > 0.9 and (not critic or abs(value - 1) < 0.15)
        assert [r.update for r in records] == list(range(1, 151)) and records[-1].step == records[-1].episodes == 1200
        assert records[0].average < 0.6 and records[-1].average > 0.85 and records[0].entropy > records[-1].entropy
    p, value, _ = trained(m.reinforce, cut=True, updates=150, gamma=0.5)
    assert p > 0.9 and value > 1.5  # cut off: more would have come


def actor_critic_learns_the_clock(m: ModuleType) -> None:
    options = {"steps": 2400, "horizon": 4, "gamma": 0.5, "entropy": 0.0}
    p, value, records = trained(m.actor_critic, cut=False, rate=0.3, **options)
    assert p > 0.9 and abs(value - 1) < 0.15 and len(records) == 75 and records[-1].step == 2400
    assert trained(m.actor_critic, cut=True, rate=0.3, **options)[1] > 1.5


def ppo_learns_the_clock(m: ModuleType) -> None:
    options = {"steps": 2400, "horizon": 4, "epochs": 3, "batch_size": 16, "gamma": 0.5, "entropy": 0.0}
    p, value, records = trained(m.ppo, cut=False, rate=0.3, **options)
    assert p > 0.9 and abs(value - 1) < 0.15 and len(records) == 75
    assert trained(m.ppo, cut=True, rate=0.3, **options)[1] > 1.5
    held = trained(m.ppo, cut=False, rate=0.3, **options | {"clip": 1e-3, "steps": 160})[0]
    assert held < trained(m.ppo, cut=False, rate=0.3, **options | {"clip": 10.0, "steps": 160})[0] - 0.005
    once = list(m.minibatches(7, 3, 2, rng()))
    assert [len(rows) for rows in once] == [3, 3, 1] * 2
    assert sorted(np.concatenate(once[:3])) == sorted(np.concatenate(once[3:])) == list(range(7))


def one_row_is_the_network(m: ModuleType) -> None:
    for network in (
        mlp([4, 5, 3], rng(), relu),
        mlp([4, 5, 6, 3], rng(), tanh),
        Sequential(relu, Dense(4, 3, rng(), bias=False)),
        Dense(4, 3, rng()),
    ):
        for array in network.params.values():
            array += 0.1
        x = normal(4, dtype=np.float32)
        was = x.copy()
        assert_allclose(m.one_row(network, x), network(x[None])[0][0], rtol=1e-5, atol=1e-6)
        assert np.array_equal(x, was)


def actions_have_their_probabilities(m: ModuleType) -> None:
    logits = np.log([1.0, 5, 2]).astype(np.float32)
    agent = m.Agent(Dense(1, 3, rng()))
    agent.actor.W, agent.actor.b = logits[None] - 7, [7, 7, 7]
    one, many, start = rng(1), rng(2), np.ones(1, np.float32)
    shares = np.bincount([agent.act(start, one) for _ in range(4000)], minlength=3) / 4000
    assert_allclose(shares, [1 / 8, 5 / 8, 2 / 8], atol=0.03)
    drawn = m.draw(np.tile(logits + 900, (4000, 1)), many)
    assert_allclose(np.bincount(drawn, minlength=3) / 4000, [1 / 8, 5 / 8, 2 / 8], atol=0.03)
    assert agent.greedy(start) == 1
    points = (np.arange(100) + 0.5) / 100
    assert np.bincount([m.pick([3.0, 3 + np.log(3)], u) for u in points]).tolist() == [25, 75]
    assert [m.pick(far, 0.5) for far in ([0.0, 2000], [2000.0, 0], [0.0, 2000, 0], [-1.0, -3000, -3000])] == [
        1,
        0,
        1,
        0,
    ]


def a_player_keeps_count(m: ModuleType) -> None:
    agent = small_agent()
    agent.actor.b[...] = [-50, 50]
    player = m.Player(agent, clocks(2, cut=True, length=3), rng())
    played = player.play(5)
    assert played.rewards.shape == (5, 2) and played.actions.tolist() == [[1, 1]] * 5
    assert played.observations[:, 0, 0].tolist() == [1, 1.125, 1.25, 1, 1.125]
    assert played.reached[:, 0, 0].tolist() == [1.125, 1.25, 1.375, 1.125, 1.25]
    assert played.over[:, 0].tolist() == [False, False, True, False, False] and not played.terminated.any()
    assert (player.steps, player.episodes, list(player.recent)) == (10, 2, [3, 3])
    assert player.play(1).over.all() and list(player.recent) == [3] * 4
    mixed = m.Player(agent, Vector([Clock(2), Clock(5)]), rng())
    mixed.play(1)
    played, mask = mixed.play_episodes()
    assert played.over[:, 0].tolist() == [False, True, False, True, False]
    assert mask.sum(0).tolist() == [2, 5] and mask[:2].all() and list(mixed.recent) == [2, 2, 5]
    assert m.evaluate(agent, Vector([Clock(2), Clock(5)]), rng()).tolist() == [2, 5]


def one_step_of_learning(m: ModuleType) -> None:
    x, z = np.array([[1.0], [2], [-1]], np.float32), np.array([[1, -2], [0.5, 0], [0, 3]], np.float32)
    returns, limits = np.array([3.0, 4, 5]), (None, 0.5)
    for limit in limits:
        agent = small_agent()
        before = agent.flat()[0].copy()
        agent.flat()[1][...] = 7  # left over from somewhere
        error = agent.critic(x)[0] - returns[:, None].astype("f")
        expected = np.concatenate([(x.T @ z).ravel(), z.sum(0), (x.T @ error)[0] / 3, error.sum(0) / 3])
        norm = np.linalg.norm(expected)
        found = m.learn(agent, SGD(agent, 0.1), x, lambda logits: (2.0, lambda: z), returns, 0.5, limit)
        scale = 1 if limit is None else limit / norm
        assert_allclose(agent.flat()[0], before - 0.1 * scale * expected, rtol=1e-4, atol=1e-5)
        assert_allclose(found, (2, np.mean(error * error), norm), rtol=1e-5)


def environments_in_step(m: ModuleType) -> None:
    class Seeds(Clock):
        """A clock that shows its seed."""

        def reset(self, *, seed=None, options=None):
            super().reset()
            self.seed = self.seed if seed is None else seed
            return np.full(1, self.seed, np.float32), {}

    together = m.Vector([Seeds(1), Seeds(3, cut=True), Seeds(2)])
    assert together.reset(seed=5)[0].tolist() == [[5], [6], [7]]
    first = together.step(np.array([1, 0, 1]))
    assert first[0].tolist() == [[5], [1.125], [1.125]] and first[1].tolist() == [1, 0, 1]
    assert first[2].tolist() == [True, False, False] and first[4]["final_obs"].tolist() == [[1.125]] * 3
    second, third = (together.step(np.array([0, 1, 1])) for _ in range(2))
    assert second[0].tolist() == [[5], [1.25], [7]] and third[0].tolist() == [[5], [6], [1.125]]
    assert third[3].tolist() == [False, True, False] and third[4]["final_obs"].tolist() == [[1.125], [1.375], [1.125]]
    assert "final_obs" not in m.Vector([Clock(9)]).step([1])[4]
