"""What recurrent networks learn: to add two numbers far apart, and to write a sequence from end to start."""

import numpy as np

from chainrule.combine import Sequential
from chainrule.data.sequences import adding_problem, reversal
from chainrule.dense import Dense
from chainrule.losses import mse
from chainrule.models.seq2seq import Seq2Seq
from chainrule.optimizers import Adam
from chainrule.recurrent import GRU, LSTM, RNN, last_step
from chainrule.schedules import cosine
from chainrule.train import fit
from claims import Claim


def adding(cell: type, lr: float, seed: int) -> float:
    """The squared error on 1000 new sequences of 50 steps after 500 steps of training; answering 1 has 0.167."""
    rng = np.random.default_rng(seed)
    model = Sequential(cell(2, 32, rng), last_step, Dense(32, 1, rng))
    data, (x, target) = adding_problem(6400, 50, rng), adding_problem(1000, 50, rng)
    for _ in fit(model, mse, data, Adam(model, lr), epochs=5, batch_size=64, rng=rng, clip_norm=1.0):
        pass
    return float(mse(model(x)[0], target)[0])


def reversing(seed: int) -> float:
    """Per cent of new sequences, of 1 to 10 of 10 symbols, that come out wholly right, each token fed back."""
    rng = np.random.default_rng(seed)
    pairs, others = reversal(6000, rng, longest=10), reversal(2000, rng, longest=10)
    seen = {tuple(source) for source in pairs.sources}
    new = [tuple(source) not in seen for source in others.sources]
    source, target = others.sources[new], others.targets[new, 1:]
    model = Seq2Seq(13, 13, 32, 64, rng)
    data = (pairs.sources, pairs.targets[:, :-1]), pairs.targets[:, 1:]
    optimizer = Adam(model, cosine(5e-3, 8 * 94))
    for _ in fit(model, model.loss, data, optimizer, epochs=8, batch_size=64, rng=rng, clip_norm=1.0):
        pass
    written = model.decode(source, target.shape[1])
    wanted = np.where(target == model.pad, model.end, target)[:, : written.shape[1]]
    return 100 * float((written == wanted).all(1).mean())


CLAIMS = [
    Claim(
        "Adding problem, T = 50: squared error of an LSTM", lambda seed: adding(LSTM, 1e-2, seed), 0.01, at_most=True
    ),
    Claim("Adding problem, T = 50: squared error of a GRU", lambda seed: adding(GRU, 1e-2, seed), 0.01, at_most=True),
    Claim(
        "Adding problem, T = 50: squared error of a plain RNN, equal steps, the best of three learning rates",
        lambda seed: min(adding(RNN, lr, seed) for lr in (1e-3, 3e-3, 1e-2)),
        0.1,
    ),
    Claim("Reversing sequences with additive attention: new ones wholly right", reversing, 99, "%"),
]
