"""One full training step (forward, loss, backward, Adam) of the networks in the first chapters, against peers."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.harness import Contestants, medians, table
from chainrule.activations import relu
from chainrule.data import digits, two_spirals
from chainrule.initializers import he
from chainrule.losses import cross_entropy
from chainrule.models.mlp import mlp
from chainrule.optimizers import Adam

Step = Callable[[], object]


@dataclass(frozen=True)
class Workload:
    """A network, its data, and the least speed-up over the best PyTorch that the library promises."""

    name: str
    sizes: tuple[int, ...]
    x: np.ndarray
    labels: np.ndarray
    floor: float


def workloads() -> list[Workload]:
    """The spirals in mini-batches and whole, and the digits."""
    x, labels = two_spirals(500, np.random.default_rng(0))
    pixels = digits()
    return [
        Workload("a  2-64-64-2, batch 64", (2, 64, 64, 2), x[:64], labels[:64], 5.0),
        Workload("a  2-64-64-2, batch 500", (2, 64, 64, 2), x, labels, 2.1),
        Workload("b  64-256-256-10, batch 128", (64, 256, 256, 10), pixels.x_train[:128], pixels.y_train[:128], 1.1),
    ]


def library(work: Workload) -> Step:
    """The step as a chapter writes it."""
    model = mlp(work.sizes, np.random.default_rng(0), relu, init=he)
    optimizer = Adam(model, lr=1e-3)

    def step() -> float:
        logits, back = model(work.x)
        loss, back_loss = cross_entropy(logits, work.labels)
        model.zero_grad()
        back(back_loss())
        optimizer.step()
        return float(loss)

    return step


def textbook(work: Workload, dtype: type) -> Step:
    """Plain NumPy as most tutorials write it: an array for every intermediate, Adam parameter by parameter."""
    rng = np.random.default_rng(0)
    pairs = list(zip(work.sizes, work.sizes[1:], strict=False))
    params = [p for a, b in pairs for p in (rng.normal(0, (2 / a) ** 0.5, (a, b)).astype(dtype), np.zeros(b, dtype))]
    m, v = [np.zeros_like(p) for p in params], [np.zeros_like(p) for p in params]
    x, rows, count = work.x.astype(dtype), np.arange(len(work.x)), [0]

    def step() -> float:
        hidden = [x]
        for i in range(0, len(params), 2):
            z = hidden[-1] @ params[i] + params[i + 1]
            hidden.append(np.maximum(0, z) if i < len(params) - 2 else z)
        e = np.exp(hidden[-1] - np.max(hidden[-1], axis=1, keepdims=True))
        p = e / np.sum(e, axis=1, keepdims=True)
        loss = -np.mean(np.log(p[rows, work.labels]))
        delta = p.copy()
        delta[rows, work.labels] -= 1
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


def scikit(work: Workload) -> Step:
    """scikit-learn's MLPClassifier, one `partial_fit` on the same batch."""
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier(work.sizes[1:-1], batch_size=len(work.x), learning_rate_init=1e-3, alpha=0, random_state=0)
    classes = np.arange(work.sizes[-1])
    return lambda: model.partial_fit(work.x, work.labels, classes=classes)


def pytorch(work: Workload, threads: int, fused: bool) -> Step:
    """PyTorch eager, default or fused Adam."""
    import torch
    from torch import nn

    torch.manual_seed(0)
    layers: list[nn.Module] = []
    for a, b in zip(work.sizes, work.sizes[1:], strict=False):
        layers += [nn.Linear(a, b), nn.ReLU()]
    model = nn.Sequential(*layers[:-1])
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, fused=fused or None)
    x, labels = torch.from_numpy(work.x), torch.from_numpy(work.labels)

    def step() -> float:
        torch.set_num_threads(threads)
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def contestants(work: Workload) -> Contestants:
    """Everyone who can run here; PyTorch is left out where it is not installed."""
    warnings.filterwarnings("ignore", module="sklearn")
    found: Contestants = {
        "chainrule": library(work),
        "textbook float32": textbook(work, np.float32),
        "textbook float64": textbook(work, np.float64),
        "scikit-learn": scikit(work),
    }
    try:
        import torch  # noqa: F401
    except ModuleNotFoundError:
        return found
    for threads in (1, 2):
        for fused in (False, True):
            found[f"torch, {threads} thread{'s' * (threads > 1)}{', fused' * fused}"] = pytorch(work, threads, fused)
    return found


def report() -> str:
    """The table: milliseconds a step, and how many times the library's time each peer takes."""
    rows, verdicts = [], []
    for work in workloads():
        result = medians(contestants(work))
        ours = result["chainrule"]
        for name, seconds in result.items():
            rows.append((f"{work.name}  {name}", f"{seconds * 1e3:.3f}", f"{seconds / ours:.2f}"))
        torch_best = min((s for name, s in result.items() if name.startswith("torch")), default=None)
        if torch_best is None:
            verdicts.append(
                f"{work.name}: PyTorch is not installed (pip install -e '.[bench]'), so its floor is not tried"
            )
        else:
            said = "holds" if torch_best / ours >= work.floor else "MISSED"
            verdicts.append(
                f"{work.name}: best PyTorch ÷ chainrule = {torch_best / ours:.2f}, floor {work.floor}: {said}"
            )
    return table("One training step", ("workload", "ms", "÷ chainrule"), rows) + "\n".join(verdicts) + "\n"
