"""One action of a small policy: forward pass and sample, which a game asks for thousands of times, row by row."""

import numpy as np

from benchmarks.harness import Contestants
from benchmarks.workload import Step, Workload
from chainrule.activations import relu
from chainrule.models.mlp import mlp
from chainrule.rl import Agent

SIZES = (4, 64, 2)
OBSERVATION = np.array([0.01, -0.2, 0.03, 0.3], np.float32)


def workloads() -> list[Workload]:
    """CartPole's policy."""
    return [Workload("g  policy 4-64-2, one action", 8.0, 2 * (4 * 64 + 64 * 2), contestants)]


def contestants() -> Contestants:
    """The library, textbook NumPy, and PyTorch as its tutorials write it and at its leanest."""
    rng = np.random.default_rng(0)
    agent = Agent(mlp(SIZES, rng, relu))
    agent.flat()
    return {"chainrule": lambda: agent.act(OBSERVATION, rng), "textbook": textbook(rng)} | pytorch()


def textbook(rng: np.random.Generator) -> Step:
    """Softmax and `choice`."""
    W1, W2 = rng.standard_normal((4, 64)).astype("f"), rng.standard_normal((64, 2)).astype("f")
    b1, b2 = np.zeros(64, "f"), np.zeros(2, "f")

    def step() -> int:
        z = np.maximum(OBSERVATION @ W1 + b1, 0) @ W2 + b2
        p = np.exp((z - z.max()).astype(float))
        return int(rng.choice(2, p=p / p.sum()))

    return step


def pytorch() -> Contestants:
    """One thread; with a distribution, and with `multinomial` in inference mode. Empty where it is missing."""
    try:
        import torch
    except ModuleNotFoundError:
        return {}
    from torch import nn

    model = nn.Sequential(nn.Linear(4, 64), nn.ReLU(), nn.Linear(64, 2))

    def distribution() -> int:
        torch.set_num_threads(1)
        with torch.no_grad():
            return torch.distributions.Categorical(logits=model(torch.from_numpy(OBSERVATION))).sample().item()

    def multinomial() -> int:
        torch.set_num_threads(1)
        with torch.inference_mode():
            return torch.multinomial(torch.softmax(model(torch.from_numpy(OBSERVATION)), 0), 1).item()

    return {"torch, Categorical": distribution, "torch, multinomial": multinomial}


WORKLOADS = workloads()
