"""Learning from reward: environments to act in, what states are worth, and agents that find out by trying.

Environments have Gymnasium's interface, so its own can take the place of ours. Every training is a generator of
records, as `train.fit` is, and draws from the generator it is given.
"""

from chainrule.rl.actor_critic import actor_critic
from chainrule.rl.advantages import gae, returns_to_go, standardised
from chainrule.rl.cartpole import CartPole, VectorCartPole
from chainrule.rl.dqn import dqn, td_loss, td_targets
from chainrule.rl.gridworld import GridWorld
from chainrule.rl.objectives import clipped_surrogate, policy_gradient
from chainrule.rl.policy import Agent
from chainrule.rl.ppo import ppo
from chainrule.rl.q_learning import q_learning
from chainrule.rl.reinforce import reinforce
from chainrule.rl.replay import Replay
from chainrule.rl.rollout import Player, Rollout, evaluate
from chainrule.rl.values import greedy, policy_evaluation, policy_iteration, q_values, value_iteration
from chainrule.rl.vector import Vector

__all__ = [
    "Agent",
    "CartPole",
    "GridWorld",
    "Player",
    "Replay",
    "Rollout",
    "Vector",
    "VectorCartPole",
    "actor_critic",
    "clipped_surrogate",
    "dqn",
    "evaluate",
    "gae",
    "greedy",
    "policy_evaluation",
    "policy_gradient",
    "policy_iteration",
    "ppo",
    "q_learning",
    "q_values",
    "reinforce",
    "returns_to_go",
    "standardised",
    "td_loss",
    "td_targets",
    "value_iteration",
]
