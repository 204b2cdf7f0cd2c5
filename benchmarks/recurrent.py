"""One full training step (forward, loss, backward, Adam) of recurrent networks, here and in PyTorch."""

import numpy as np

from benchmarks.harness import Contestants
from benchmarks.workload import Step, Workload, torch_variants
from chainrule.combine import Sequential
from chainrule.dense import Dense
from chainrule.losses import cross_entropy, mse
from chainrule.models.charlm import CharLM
from chainrule.optimizers import Adam
from chainrule.recurrent import LSTM, last_step
from chainrule.train import DataParallel


def lstm_flops(n_in: int, n_hidden: int, steps: int, batch: int) -> float:
    """Of the products of one pass there and back: [x, h, 1] with four gates, three times."""
    return 3 * 2 * 4 * n_hidden * (n_in + n_hidden + 1) * steps * batch


def regression() -> Contestants:
    """d1: 20 steps of one number, the next one predicted from the last state of 32 units; batch 64."""
    rng = np.random.default_rng(0)
    x, t = rng.standard_normal((64, 20, 1)).astype(np.float32), rng.standard_normal((64, 1)).astype(np.float32)
    model = Sequential(LSTM(1, 32, rng), last_step, Dense(32, 1, rng))
    optimizer = Adam(model, lr=1e-3)

    def step() -> float:
        y, back = model(x)
        loss, back_loss = mse(y, t)
        model.zero_grad()
        back(back_loss())
        optimizer.step()
        return float(loss)

    return {"chainrule": step} | torch_variants(lambda fused: _torch_regression(x, t, fused))


def characters() -> Contestants:
    """d2: 64 characters, embedding 32, LSTM of 128 units, 64 steps; batch 32, in two Python threads or one."""
    rng = np.random.default_rng(0)
    ids = rng.integers(0, 64, (32, 65))
    x, t = ids[:, :-1], ids[:, 1:]

    def stepper(workers: int) -> Step:
        model = CharLM(64, 32, 128, np.random.default_rng(0))
        parallel, optimizer = DataParallel(model, cross_entropy, workers=workers), Adam(model, lr=1e-3)

        def step() -> float:
            loss = parallel(x, t)
            optimizer.step()
            return loss

        return step

    ours = {"chainrule": stepper(2), "one thread": stepper(1)}
    return ours | torch_variants(lambda fused: _torch_characters(x, t, fused))


def _torch_regression(x: np.ndarray, t: np.ndarray, fused: bool) -> Step:
    import torch

    torch.manual_seed(0)
    lstm, dense = torch.nn.LSTM(1, 32, batch_first=True), torch.nn.Linear(32, 1)
    optimizer = torch.optim.Adam([*lstm.parameters(), *dense.parameters()], 1e-3, fused=fused or None)
    given, wanted = torch.from_numpy(x), torch.from_numpy(t)

    def step() -> float:
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(dense(lstm(given)[0][:, -1]), wanted)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def _torch_characters(x: np.ndarray, t: np.ndarray, fused: bool) -> Step:
    import torch

    torch.manual_seed(0)
    table, lstm, dense = torch.nn.Embedding(64, 32), torch.nn.LSTM(32, 128, batch_first=True), torch.nn.Linear(128, 64)
    parameters = [*table.parameters(), *lstm.parameters(), *dense.parameters()]
    optimizer = torch.optim.Adam(parameters, 1e-3, fused=fused or None)
    given, wanted = torch.from_numpy(x), torch.from_numpy(t).reshape(-1)

    def step() -> float:
        optimizer.zero_grad()
        logits = dense(lstm(table(given))[0]).reshape(-1, 64)
        loss = torch.nn.functional.cross_entropy(logits, wanted)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


WORKLOADS = [
    Workload("d1 LSTM 1 → 32, T 20, batch 64", 1.3, lstm_flops(1, 32, 20, 64), regression),
    Workload(
        "d2 char-LSTM V 64, E 32, H 128, T 64, batch 32",
        0.52,
        lstm_flops(32, 128, 64, 32) + 3 * 2 * 128 * 64 * 64 * 32,
        characters,
    ),
]
