"""Ten steps of PyTorch's optimizers, kept as arrays: run this file, with torch installed, to make optimizers.npz anew.

L(θ) = Σ ½ θ² − ⅕ cos 5θ, so that gradients are θ + sin 5θ: of either sign, and never small for long.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from chainrule.dense import Dense

FILE = Path(__file__).with_name("optimizers.npz")
STEPS = 10


class Case(NamedTuple):
    """The same optimizer here and in PyTorch."""

    ours: str
    options: dict
    theirs: str
    their_options: dict


CASES = {
    "sgd": Case("SGD", {"lr": 0.05}, "SGD", {"lr": 0.05}),
    "momentum": Case("SGD", {"lr": 0.05, "momentum": 0.9}, "SGD", {"lr": 0.05, "momentum": 0.9}),
    "nesterov": Case(
        "SGD",
        {"lr": 0.05, "momentum": 0.8, "nesterov": True},
        "SGD",
        {"lr": 0.05, "momentum": 0.8, "nesterov": True},
    ),
    "adagrad": Case("AdaGrad", {"lr": 0.1}, "Adagrad", {"lr": 0.1}),
    "rmsprop": Case("RMSprop", {"lr": 0.02, "rho": 0.9}, "RMSprop", {"lr": 0.02, "alpha": 0.9}),
    "adam": Case("Adam", {"lr": 0.1, "betas": (0.8, 0.95)}, "Adam", {"lr": 0.1, "betas": (0.8, 0.95)}),
    "adamw": Case("AdamW", {"lr": 0.1, "weight_decay": 0.3}, "AdamW", {"lr": 0.1, "weight_decay": 0.3}),
    "adamw by default": Case("AdamW", {"lr": 0.1}, "AdamW", {"lr": 0.1}),
    "adam, large eps": Case("Adam", {"eps": 0.1, "lr": 0.1}, "Adam", {"eps": 0.1, "lr": 0.1}),
}


def start() -> np.ndarray:
    """The parameters before the first step."""
    return np.linspace(-2, 2, 16)


def run(optimizer: type, case: Case) -> np.ndarray:
    """(STEPS, 16): the parameters after each step of one of our optimizers."""
    layer = Dense(3, 4, np.random.default_rng(0), dtype=np.float64)
    theta, gradient = layer.flat()
    theta[:] = start()
    moves, path = optimizer(layer, **case.options), []
    for _ in range(STEPS):
        gradient[:] = theta + np.sin(5 * theta)
        moves.step()
        path.append(theta.copy())
    return np.array(path)


def run_pytorch(case: Case) -> np.ndarray:
    """The same, by PyTorch and its own gradients."""
    import torch

    theta = torch.tensor(start(), requires_grad=True)
    moves, path = getattr(torch.optim, case.theirs)([theta], **case.their_options), []
    for _ in range(STEPS):
        moves.zero_grad()
        (0.5 * theta**2 - torch.cos(5 * theta) / 5).sum().backward()
        moves.step()
        path.append(theta.detach().numpy().copy())
    return np.array(path)


def reference(name: str) -> np.ndarray:
    """What is in the file."""
    with np.load(FILE) as file:
        return file[name]


if __name__ == "__main__":
    np.savez_compressed(FILE, **{name: run_pytorch(case) for name, case in CASES.items()})
