import numpy as np
import pytest
from checks_agents import Clock, clocks, small_agent
from helpers import rng

from chainrule.dense import Dense
from chainrule.optimizers import SGD
from chainrule.rl import (
    Agent,
    CartPole,
    GridWorld,
    Replay,
    Vector,
    VectorCartPole,
    actor_critic,
    clipped_surrogate,
    dqn,
    gae,
    policy_evaluation,
    policy_gradient,
    ppo,
    q_learning,
    reinforce,
    value_iteration,
)

AGENT, Z = small_agent(), np.zeros((3, 2), np.float32)
A, G = np.zeros(3, int), np.zeros(3)
P, R = np.ones((2, 1, 2)) / 2, np.zeros((2, 1))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: CartPole().reset(), r"CartPole: the first reset takes a seed, reset\(seed=0\)"),
        (lambda: CartPole().step(0), r"CartPole: no episode is running; call reset\(\) first"),
        (lambda: CartPole().step(2), "CartPole takes action 0 or 1, got 2"),
        (lambda: VectorCartPole(2).step(np.zeros(2, int)), "VectorCartPole: no episode is running"),
        (lambda: VectorCartPole(2).step(np.zeros(3, int)), "VectorCartPole takes 2 actions 0 or 1, got"),
        (lambda: VectorCartPole(0), "VectorCartPole num_envs takes a positive integer, got 0"),
        (lambda: Vector([]), "Vector takes at least one environment"),
        (lambda: Vector([Clock()]).step([0, 1]), "Vector takes 1 actions, got 2"),
        (lambda: GridWorld(("S.", "..S")), "GridWorld takes rows of one length"),
        (lambda: GridWorld(("S.", "SG")), "GridWorld takes rows of one length made of"),
        (lambda: GridWorld(slip=2), r"GridWorld slip takes a number in \[0, 1\], got 2"),
        (lambda: GridWorld().step(4), "GridWorld takes action 0 to 3, got 4"),
        (lambda: GridWorld().step(0), "GridWorld: no episode is running"),
        (lambda: GridWorld().reset(seed=0, options={"cell": 4}), "GridWorld starts on free ground, got cell 4"),
        (lambda: value_iteration(P, R, 1.0), r"gamma takes a number in \[0, 1\), got 1"),
        (lambda: value_iteration(P, R[:1], 0.5), r"P takes \(S, A, S\) and R \(S, A\), got \(2, 1, 2\) and \(1, 1\)"),
        (lambda: value_iteration(2 * P, R, 0.5), "P takes probabilities"),
        (lambda: policy_evaluation(P, R, np.ones((2, 2)), 0.5), r"policy takes actions \(2,\) or probabilities"),
        (lambda: gae(G, G, G, A > 0, A[:2] > 0), "gae takes five arrays of one shape"),
        (lambda: gae(G, G, G, A > 0, A > 0, lam=2), r"lam takes a number in \[0, 1\], got 2"),
        (lambda: policy_gradient(Z, A, G[:2]), r"advantages takes floating-point numbers \(3,\), got float64 \(2,\)"),
        (lambda: policy_gradient(Z, A + 2, G), "actions takes 0 to 1, got 2 to 2"),
        (lambda: policy_gradient(Z, G, G), r"actions takes integers \(3,\), got float64"),
        (lambda: policy_gradient(Z[0], A, G), r"logits takes an array \(N, actions\), got \(2,\)"),
        (lambda: clipped_surrogate(Z, A, G, G, clip=0), "clipped_surrogate clip takes a finite number > 0, got 0"),
        (lambda: Agent(3), "Agent takes a layer for its actor, got int"),
        (lambda: Agent(Dense(1, 2, rng()), 3), "Agent takes a layer for its critic, got int"),
        (lambda: Replay(3, ()).sample(2, rng()), "Replay is empty"),
        (lambda: ppo(AGENT, Clock(), SGD(AGENT, 1), steps=1, rng=rng()), "training takes environments in step"),
        (lambda: ppo(AGENT, clocks(1, False), SGD(AGENT.actor, 1), steps=1, rng=rng()), "an optimizer of the whole"),
        (lambda: ppo(small_agent(False), clocks(1, False), SGD(AGENT, 1), steps=1, rng=rng()), "training takes an opt"),
        (lambda: reinforce(AGENT, clocks(1, False), SGD(AGENT, 1), updates=0, rng=rng()), "updates takes a positive"),
        (lambda: actor_critic(AGENT, clocks(1, False), SGD(AGENT, 1), steps=9, rng=0), "rng takes a np.random"),
        (lambda: ppo(AGENT, clocks(1, False), SGD(AGENT, 1), steps=1, rng=rng(), lam=2), r"lam takes a number in"),
        (lambda: ppo(AGENT, clocks(1, False), SGD(AGENT, 1), steps=1, rng=rng(), entropy=-1), "entropy takes a finite"),
        (lambda: q_learning(np.zeros(3), GridWorld(), episodes=1, rng=rng()), r"table \(S, A\), got \(3,\)"),
        (lambda: dqn(AGENT, CartPole(), SGD(AGENT.actor, 1), steps=1, rng=rng()), "dqn takes an optimizer of the"),
    ],
)
def test_wrong_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_actor_critic_and_ppo_need_a_critic():
    agent = small_agent(critic=False)
    for train in (actor_critic, ppo):
        with pytest.raises(ValueError, match=r"takes an agent with a critic: Agent\(actor, critic\)"):
            train(agent, clocks(1, False), SGD(agent, 1), steps=1, rng=rng())
