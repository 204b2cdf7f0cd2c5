"""What must hold of values, advantages and losses of reinforcement learning, as functions of a module."""

from types import ModuleType

import numpy as np
from helpers import normal, rng
from numpy.testing import assert_allclose

from chainrule.activations import log_softmax
from chainrule.check import gradcheck
from chainrule.rl import GridWorld


def values_of_two_states(m: ModuleType) -> None:
    """From 0: stay for 0, or go to 1 for −1. In 1: stay for 2, or go back for 5. γ = ½: to go and stay is 1 in 0."""
    P, R = np.zeros((2, 2, 2)), np.array([[0.0, -1], [2, 0.5]])
    P[0, 0, 0] = P[0, 1, 1] = P[1, 0, 1] = P[1, 1, 0] = 1
    sweeps = list(m.value_iteration(P, R, 0.5, tol=1e-10))
    assert [sweep.V.tolist() for sweep in sweeps[:2]] == [[0, 2], [0, 3]]
    assert [sweep.step for sweep in sweeps] == list(range(1, len(sweeps) + 1)) and sweeps[1].change == 1
    assert_allclose(sweeps[-1].V, [1, 4], atol=1e-10)
    assert sweeps[-2].change * 0.5 > 1e-10 * 0.5
    assert m.greedy(P, R, np.array([1.0, 4]), 0.5).tolist() == [1, 0]
    assert_allclose(m.q_values(P, R, np.array([1.0, 4]), 0.5), [[0.5, 1], [4, 1]])
    assert_allclose(m.policy_evaluation(P, R, np.array([0, 0]), 0.5), [0, 4])
    assert_allclose(m.policy_evaluation(P, R, np.array([[0.5, 0.5], [1, 0]]), 0.5), [2 / 3, 4])
    policy, V = m.policy_iteration(P, R, 0.5)
    assert policy.tolist() == [1, 0] and np.allclose(V, [1, 4])


def values_agree_on_the_grid(m: ModuleType) -> None:
    grid = GridWorld(slip=0.2)
    sweeps = list(m.value_iteration(grid.P, grid.R, 0.9, tol=1e-9))
    best = m.policy_evaluation(grid.P, grid.R, m.greedy(grid.P, grid.R, sweeps[-1].V, 0.9), 0.9)
    assert_allclose(sweeps[-1].V, best, atol=1e-9)
    assert_allclose(m.policy_iteration(grid.P, grid.R, 0.9)[1], best, atol=1e-12)
    far = [np.abs(sweep.V - best).max() for sweep in sweeps]
    assert all(b <= 0.9 * a + 1e-12 for a, b in zip(far, far[1:]))


def _steps(seed: int = 0) -> tuple:
    """Rewards, values, next values, terminated, over: 9 steps of 3 environments, some of which end."""
    over = rng(seed).random((9, 3)) < 0.3
    terminated = over & (rng(seed + 1).random((9, 3)) < 0.5)
    return *(normal(9, 3, seed=seed + i) for i in (2, 3, 4)), terminated, over


def gae_by_hand(m: ModuleType) -> None:
    rewards, values, after = np.array([1.0, 2, 4]), np.array([10.0, 20, 30]), np.array([20.0, 30, 40])
    ends = {
        (False, False): [1 + 10 - 10, 2 + 15 - 20, 4 + 20 - 30],
        (True, True): [1 + 10 - 10, 2 - 20, 4 + 20 - 30],
        (False, True): [1 + 10 - 10, 2 + 15 - 20, 4 + 20 - 30],  # cut off: the critic's 30 counts
    }
    for (terminated, over), (a, b, c) in ends.items():
        flags = np.array([False, terminated, False]), np.array([False, over, False])
        b += 0 if over else 0.1 * c
        assert_allclose(m.gae(rewards, values, after, *flags, gamma=0.5, lam=0.2), [a + 0.1 * b, b, c])


def gae_between_its_ends(m: ModuleType) -> None:
    rewards, values, after, terminated, over = steps = _steps()
    after[:-1] = np.where(over[:-1], after[:-1], values[1:])
    errors = rewards + 0.9 * np.where(terminated, 0, after) - values
    assert_allclose(m.gae(*steps, gamma=0.9, lam=0.0), errors)
    returns = m.returns_to_go(rewards, after, terminated, over, gamma=0.9)
    assert_allclose(m.gae(*steps, gamma=0.9, lam=1.0), returns - values)
    tail = np.where(terminated, 0, after)
    for t in range(9):
        later = tail[t] if t == 8 else np.where(over[t], tail[t], returns[t + 1])
        assert_allclose(returns[t], rewards[t] + 0.9 * later)


LOGITS, ACTIONS, GAINS = normal(7, 4), rng(1).integers(0, 4, 7), normal(7, seed=2)


def policy_gradient_loss(m: ModuleType) -> None:
    gradcheck(m.policy_gradient, LOGITS, rng=rng(1), actions=ACTIONS, advantages=GAINS, entropy=0.3)
    z, l2 = np.log([[1.0, 3], [2, 2]]), np.log(2)  # ¼ ¾, ½ ½
    loss = m.policy_gradient(z, np.array([1, 0]), np.array([2.0, 4]), entropy=0.5)[0]
    h = 2 * l2 - 0.75 * np.log(3)
    assert_allclose(loss, -(2 * np.log(0.75) - 4 * l2) / 2 - 0.5 * (h + l2) / 2)
    assert_allclose(m.mean_entropy(z), (h + l2) / 2)
    assert_allclose(m.log_probabilities(z, np.array([1, 0])), np.log([0.75, 0.5]))


def clipped_loss(m: ModuleType) -> None:
    chosen = log_softmax(LOGITS)[0][np.arange(7), ACTIONS]
    old = chosen + np.array([-0.5, -0.5, -0.05, 0.05, 0.5, 0.5, 0.0])  # ratios above, near and below 1
    for gains in (GAINS, -GAINS):
        options = {"actions": ACTIONS, "advantages": gains, "old_log_p": old, "clip": 0.2, "entropy": 0.3}
        gradcheck(m.clipped_surrogate, LOGITS, rng=rng(1), **options)
    z, old = np.zeros((4, 2)), np.log([0.25, 0.25, 1.0, 1.0])  # ratios 2, 2, ½, ½
    gains = np.array([1.0, -1, 1, -1])
    loss, back = m.clipped_surrogate(z, np.zeros(4, int), gains, old, clip=0.2)
    assert_allclose(loss, -(1.2 - 2 + 0.5 - 0.8) / 4)
    assert_allclose(back()[:, 0], [0, 1 / 4, -0.25 / 4, 0])


def at_first_the_ratio_is_one(m: ModuleType) -> None:
    old = log_softmax(LOGITS)[0][np.arange(7), ACTIONS]
    clipped = m.clipped_surrogate(LOGITS, ACTIONS, GAINS, old, entropy=0.1)[1]()
    assert_allclose(clipped, m.policy_gradient(LOGITS, ACTIONS, GAINS, entropy=0.1)[1](), atol=1e-15)
