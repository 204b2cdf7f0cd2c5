"""The losses of policy gradients, PPO and DQN beside PyTorch's distributions and its automatic differentiation."""

import numpy as np
from helpers import rng

from chainrule.activations import log_softmax
from chainrule.losses import mse
from chainrule.rl import clipped_surrogate, policy_gradient, td_loss
from peers import F, Peer, torch


def steps(n: int, k: int, draw: np.random.Generator) -> tuple:
    return 2 * draw.standard_normal((n, k)), draw.integers(0, k, n), draw.standard_normal(n)


def gradient(n: int, k: int, entropy: float, draw: np.random.Generator) -> Peer:
    logits, actions, advantages = steps(n, k, draw)

    def theirs(z):
        policy = torch.distributions.Categorical(logits=z)
        gain = torch.tensor(advantages) * policy.log_prob(torch.tensor(actions))
        return -(gain + entropy * policy.entropy()).mean()

    options = {"actions": actions, "advantages": advantages, "entropy": entropy}
    return Peer("policy_gradient", lambda: (policy_gradient, (logits,), options), theirs)


def clipped(n: int, k: int, clip: float, entropy: float, draw: np.random.Generator) -> Peer:
    logits, actions, advantages = steps(n, k, draw)
    old = log_softmax(logits)[0][np.arange(n), actions] + 0.4 * draw.standard_normal(n)

    def theirs(z):
        policy, gain = torch.distributions.Categorical(logits=z), torch.tensor(advantages)
        ratio = torch.exp(policy.log_prob(torch.tensor(actions)) - torch.tensor(old))
        least = torch.minimum(ratio * gain, ratio.clamp(1 - clip, 1 + clip) * gain)
        return -least.mean() - entropy * policy.entropy().mean()

    options = {"actions": actions, "advantages": advantages, "old_log_p": old, "clip": clip, "entropy": entropy}
    return Peer("clipped_surrogate", lambda: (clipped_surrogate, (logits,), options), theirs)


def whole_objective(n: int, k: int, draw: np.random.Generator) -> Peer:
    """PPO's loss of logits and values: clipped surrogate, entropy bonus and half the squared error of the critic."""
    logits, actions, advantages = steps(n, k, draw)
    old = log_softmax(logits)[0][np.arange(n), actions] + 0.4 * draw.standard_normal(n)
    returns, values = draw.normal(0, 2, (2, n))

    def objective(z, v):
        loss, back = clipped_surrogate(z, actions, advantages, old, clip=0.2, entropy=0.01)
        value_loss, back_value = mse(v, returns)
        return loss + 0.5 * value_loss, lambda dloss: (back(dloss), back_value(0.5 * dloss))

    def theirs(z, v):
        policy, gain = torch.distributions.Categorical(logits=z), torch.tensor(advantages)
        ratio = torch.exp(policy.log_prob(torch.tensor(actions)) - torch.tensor(old))
        least = torch.minimum(ratio * gain, ratio.clamp(0.8, 1.2) * gain)
        return -least.mean() + 0.5 * F.mse_loss(v, torch.tensor(returns)) - 0.01 * policy.entropy().mean()

    return Peer("clipped_surrogate", lambda: (objective, (logits, values), {}), theirs)


def td(n: int, k: int, draw: np.random.Generator) -> Peer:
    Q, actions, targets = steps(n, k, draw)

    def theirs(q):
        return F.huber_loss(q[torch.arange(n), torch.tensor(actions)], torch.tensor(targets))

    return Peer("td_loss", lambda: (td_loss, (Q,), {"actions": actions, "targets": targets}), theirs)


PEERS = {
    "policy gradient": gradient(9, 4, 0.0, rng(0)),
    "policy gradient, entropy": gradient(7, 2, 0.3, rng(1)),
    "PPO": clipped(40, 3, 0.2, 0.0, rng(2)),
    "PPO, entropy": clipped(20, 4, 0.1, 0.2, rng(3)),
    "PPO, entropy and critic": whole_objective(30, 3, rng(4)),
    "DQN": td(9, 3, rng(5)),
}


def random_gradient(draw: np.random.Generator) -> Peer:
    return gradient(*draw.integers(1, 9, 2).tolist(), float(draw.uniform(0, 1)), draw)


def random_clipped(draw: np.random.Generator) -> Peer:
    return clipped(*draw.integers(1, 30, 2).tolist(), float(draw.uniform(0.01, 0.5)), float(draw.uniform(0, 1)), draw)


def random_td(draw: np.random.Generator) -> Peer:
    return td(*draw.integers(1, 9, 2).tolist(), draw)


def random_whole(draw: np.random.Generator) -> Peer:
    return whole_objective(*draw.integers(1, 9, 2).tolist(), draw)


RANDOM = [random_gradient, random_clipped, random_td, random_whole]
