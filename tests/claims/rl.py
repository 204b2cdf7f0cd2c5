"""What agents are promised to learn. CartPole's best is 500."""

import numpy as np

from chainrule.activations import tanh
from chainrule.combine import Sequential
from chainrule.models.mlp import mlp
from chainrule.optimizers import Adam
from chainrule.rl import (
    Agent,
    CartPole,
    GridWorld,
    VectorCartPole,
    actor_critic,
    dqn,
    evaluate,
    policy_evaluation,
    policy_iteration,
    ppo,
    q_learning,
    reinforce,
)
from chainrule.schedules import cosine
from claims import Claim

SCALES = np.array([1 / 2.4, 1 / 2, 1 / 0.21, 1 / 2], np.float32)  # of CartPole's observations


def scaled(x: np.ndarray) -> tuple:
    return x * SCALES, lambda dy: dy * SCALES


def agent_for_cartpole(rng: np.random.Generator) -> Agent:
    return Agent(mlp([4, 64, 2], rng), mlp([4, 64, 1], rng))


def evaluated(agent: Agent, rng: np.random.Generator) -> float:
    """The mean over 100 episodes of the policy as it was trained: its actions are drawn."""
    return float(evaluate(agent, VectorCartPole(100), rng, greedy=False).mean())


def with_reinforce(seed: int) -> float:
    rng = np.random.default_rng(seed)
    agent = agent_for_cartpole(rng)
    optimizer = Adam(agent, cosine(2e-2, 120))
    list(reinforce(agent, VectorCartPole(16), optimizer, updates=120, rng=rng))
    return evaluated(agent, rng)


def with_actor_critic(seed: int) -> float:
    rng = np.random.default_rng(seed)
    agent = agent_for_cartpole(rng)
    optimizer = Adam(agent, cosine(3e-3, 400_000 // (16 * 8)))
    list(actor_critic(agent, VectorCartPole(16), optimizer, steps=400_000, rng=rng))
    return evaluated(agent, rng)


def with_ppo(seed: int) -> float:
    rng = np.random.default_rng(seed)
    agent = agent_for_cartpole(rng)
    optimizer = Adam(agent, cosine(3e-3, 150_000 * 4 // 256))
    list(ppo(agent, VectorCartPole(16), optimizer, steps=150_000, rng=rng))
    return evaluated(agent, rng)


def with_dqn(seed: int) -> float:
    """The best mean of 100 episodes in a row while it learns, 3 % of its actions random; at 200 it stops."""
    rng = np.random.default_rng(seed)
    network, best = Sequential(scaled, *mlp([4, 64, 64, 2], rng, tanh)), 0.0
    records = dqn(
        network,
        CartPole(),
        Adam(network, 5e-4),
        steps=60_000,
        rng=rng,
        epsilon=lambda step: max(0.03, 1 - step / 3000),
        capacity=10_000,
        batch_size=128,
        learn_every=2,
        renew_every=200,
    )
    for record in records:
        if record.episode >= 100:
            best = max(best, record.average)
        if best >= 200:
            break
    return best


def with_a_table(seed: int) -> float:
    """How much less than the best policy Q-learning's is worth, in the cell where it is worst; it walks at random."""
    grid = GridWorld()
    return float(np.max(shortfall(grid, seed, episodes=1500, lr=0.5, epsilon=1.0)))


def on_ice(seed: int) -> float:
    """The same where every fifth step slips, from the start: cells that it hardly sees it hardly learns."""
    grid = GridWorld(slip=0.2)
    missing = shortfall(grid, seed, episodes=15_000, lr=lambda episode: 0.5 / (1 + episode / 500), epsilon=0.3)
    return float(missing[grid.start])


def shortfall(grid: GridWorld, seed: int, **options) -> np.ndarray:
    Q, gamma = np.zeros((grid.observation_space.n, grid.action_space.n)), 0.95
    list(q_learning(Q, grid, rng=np.random.default_rng(seed), gamma=gamma, **options))
    best = policy_iteration(grid.P, grid.R, gamma)[1]
    return best - policy_evaluation(grid.P, grid.R, Q.argmax(1), gamma)


CLAIMS = [
    Claim("CartPole: REINFORCE with a critic as baseline, 1920 episodes", with_reinforce, 475, "steps"),
    Claim("CartPole: actor–critic, 400,000 steps", with_actor_critic, 475, "steps"),
    Claim("CartPole: PPO, 150,000 steps", with_ppo, 475, "steps"),
    Claim("CartPole: DQN within 60,000 steps, 100 episodes in a row", with_dqn, 195, "steps"),
    Claim("Grid world: worth that Q-learning's policy lacks, any cell", with_a_table, 1e-9, at_most=True),
    Claim("Slippery grid world: worth that Q-learning's policy lacks, from the start", on_ice, 1e-9, at_most=True),
]
