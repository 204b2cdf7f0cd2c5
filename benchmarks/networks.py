"""One full training step (forward, loss, backward, Adam) of the networks in the first chapters, against peers."""

from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from benchmarks.harness import Contestants
from benchmarks.workload import Step, Workload, torch_variants
from chainrule.activations import relu
from chainrule.data import digits, two_spirals
from chainrule.initializers import he
from chainrule.losses import cross_entropy
from chainrule.models.mlp import mlp
from chainrule.optimizers import Adam


class Task(NamedTuple):
    """A network and its batch."""

    sizes: tuple[int, ...]
    x: np.ndarray
    labels: np.ndarray


def workloads() -> list[Workload]:
    """The spirals in mini-batches and whole, and the digits."""
    x, labels = two_spirals(500, np.random.default_rng(0))
    pixels = digits()
    tasks = {
        ("a  2-64-64-2, batch 64", 5.0): Task((2, 64, 64, 2), x[:64], labels[:64]),
        ("a  2-64-64-2, batch 500", 2.1): Task((2, 64, 64, 2), x, labels),
        ("b  64-256-256-10, batch 128", 1.1): Task((64, 256, 256, 10), pixels.x_train[:128], pixels.y_train[:128]),
    }
    return [Workload(name, floor, flops(t), partial(contestants, t)) for (name, floor), t in tasks.items()]


def flops(task: Task) -> float:
    """Three products a layer (forward, dW, dx), two operations a multiplication."""
    return 6 * len(task.x) * sum(a * b for a, b in pairwise(task.sizes))


def library(task: Task) -> Step:
    """The step as a chapter writes it."""
    model = mlp(task.sizes, np.random.default_rng(0), relu, init=he)
    optimizer = Adam(model, lr=1e-3)

    def step() -> float:
        logits, back = model(task.x)
        loss, back_loss = cross_entropy(logits, task.labels)
        model.zero_grad()
        back(back_loss())
        optimizer.step()
        return float(loss)

    return step


def textbook(task: Task, dtype: type) -> Step:
    """Plain NumPy as most tutorials write it: an array for every intermediate, Adam parameter by parameter."""
    rng = np.random.default_rng(0)
    pairs = list(pairwise(task.sizes))
    params = [p for a, b in pairs for p in (rng.normal(0, (2 / a) ** 0.5, (a, b)).astype(dtype), np.zeros(b, dtype))]
    m, v = [np.zeros_like(p) for p in params], [np.zeros_like(p) for p in params]
    x, rows, count = task.x.astype(dtype), np.arange(len(task.x)), [0]

    def step() -> float:
        hidden = [x]
        for i in range(0, len(params), 2):
            z = hidden[-1] @ params[i] + params[i + 1]
            hidden.append(np.maximum(0, z) if i < len(params) - 2 else z)
        e = np.exp(hidden[-1] - np.max(hidden[-1], axis=1, keepdims=True))
        p = e / np.sum(e, axis=1, keepdims=True)
        loss = -np.mean(np.log(p[rows, task.labels]))
        delta = p.copy()
        delta[rows, task.labels] -= 1
        delta /= len(x)
        grads = [None] * len(params)
        for i in reversed(range(0, len(params), 2)):
            grads[i], grads[i + 1] = hidden[i // 2].T @ delta, np.sum(delta, axis=0)
            delta = (delta @ params[i].T) * (hidden[i // 2] > 0)
        count[0] += 1
        for i, g in enumerate(grads):
            m[i] = 0.9 * m[i] + 0.1 * g
            v[i] = 0.999 * v[i] + 0.001 * g**2
            params[i] -= 1e-3 * (m[i] / (1 - 0.9 ** count[0])) / (np.sqrt(v[i] / (1 - 0.999 ** count[0])) + 1e-8)
        return float(loss)

    return step


def scikit(task: Task) -> Step:
    """scikit-learn's MLPClassifier, one `partial_fit` on the same batch."""
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier(task.sizes[1:-1], batch_size=len(task.x), learning_rate_init=1e-3, alpha=0, random_state=0)
    classes = np.arange(task.sizes[-1])
    return lambda: model.partial_fit(task.x, task.labels, classes=classes)


def pytorch(task: Task, fused: bool) -> Step:
    """PyTorch eager, default or fused Adam."""
    import torch
    from torch import nn

    torch.manual_seed(0)
    layers: list[nn.Module] = []
    for a, b in pairwise(task.sizes):
        layers += [nn.Linear(a, b), nn.ReLU()]
    model = nn.Sequential(*layers[:-1])
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, fused=fused or None)
    x, labels = torch.from_numpy(task.x), torch.from_numpy(task.labels)

    def step() -> float:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def contestants(task: Task) -> Contestants:
    """Everyone who can run here; PyTorch is left out where it is not installed."""
    return {
        "chainrule": library(task),
        "textbook float32": textbook(task, np.float32),
        "textbook float64": textbook(task, np.float64),
        "scikit-learn": scikit(task),
        **torch_variants(partial(pytorch, task)),
    }


WORKLOADS = workloads()
