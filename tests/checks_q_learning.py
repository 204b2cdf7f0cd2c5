"""What must hold of learning what actions are worth, by table and by network, as functions of a module."""

from types import ModuleType

import numpy as np
from checks_agents import Clock
from helpers import normal, rng
from numpy.testing import assert_allclose

from chainrule.check import gradcheck
from chainrule.dense import Dense
from chainrule.optimizers import SGD


def q_learning_by_hand(m: ModuleType) -> None:
    class Line:
        """0 → 1 → 2 whatever is done; rewards 1 and 2; the end at 2 is true, or cut off."""

        def __init__(self, cut):
            self.cut = cut

        def reset(self, *, seed=None, options=None):
            self.state = 0
            return 0, {}

        def step(self, action):
            self.state += 1
            over = self.state == 2
            return self.state, float(self.state), over and not self.cut, over and self.cut, {}

    for cut, expected in ((False, [0.5 * 1 + 0.5 * 0.5 * 10, 0.5 * 10 + 1]), (True, [3, 0.5 * 10 + 1 + 0.25 * 40])):
        Q = np.array([[0.0], [10], [40]])
        (episode,) = m.q_learning(Q, Line(cut), episodes=1, rng=rng(), gamma=0.5, lr=0.5)
        assert_allclose(Q[:2, 0], expected)
        assert (episode.episode, episode.total, episode.length, episode.step) == (1, 3, 2, 2)
    drawn = rng()
    assert {m.best(np.array([1.0, 3, 3]), drawn) for _ in range(50)} == {1, 2}


def dqn_targets_and_loss(m: ModuleType) -> None:
    ones, flags = np.ones((2, 1), np.float32), np.array([False, True])
    batch = m.Steps(ones, np.array([0, 1]), np.array([1, 2], np.float32), ones, flags)
    network, target = Dense(1, 2, rng()), Dense(1, 2, rng())
    network.W, target.W = [[5, 3]], [[7, 10]]
    assert_allclose(m.td_targets(network, target, batch, 0.5, double=False), [1 + 0.5 * 10, 2])
    assert_allclose(m.td_targets(network, target, batch, 0.5, double=True), [1 + 0.5 * 7, 2])
    Q = np.array([[1.0, 2], [3, 4]])
    loss, back = m.td_loss(Q, np.array([1, 0]), np.array([2.5, 9.0]))
    assert_allclose(loss, (0.125 + 5.5) / 2)
    assert_allclose(back(), [[0, -0.25], [-0.5, 0]])
    gradcheck(m.td_loss, normal(5, 3), rng=rng(1), actions=np.array([0, 2, 1, 1, 0]), targets=normal(5, seed=1))


def dqn_learns_the_clock(m: ModuleType) -> None:
    for cut, expected in ((False, [0, 1]), (True, [1, 2])):
        network = Dense(1, 2, rng())
        options = {"steps": 1500, "gamma": 0.5, "epsilon": 0.5, "warmup": 20, "batch_size": 16, "renew_every": 50}
        records = list(m.dqn(network, Clock(cut=cut), SGD(network, 0.05), rng=rng(), **options, double=False))
        Q = network(np.ones((1, 1), np.float32))[0][0]
        after = network(np.full((1, 1), 1.125, np.float32))[0][0].max()
        if cut:
            expected = 0.5 * after + np.array([0, 1])
        assert_allclose(Q, expected, atol=0.1)
        assert records[-1].step == 1500 and records[-1].epsilon == 0.5 and np.isnan(records[0].loss)


def replay_keeps_the_last(m: ModuleType) -> None:
    memory = m.Replay(3, (2,))
    for i in range(5):
        memory.add(np.full(2, i), i, 10 * i, np.full(2, i + 1), i == 4)
    assert len(memory) == 3
    steps = memory.sample(200, rng())
    assert set(steps.actions) == {2, 3, 4}
    assert (steps.observations == steps.actions[:, None]).all() and (steps.rewards == 10 * steps.actions).all()
    assert (steps.reached == steps.observations + 1).all() and (steps.terminated == (steps.actions == 4)).all()
