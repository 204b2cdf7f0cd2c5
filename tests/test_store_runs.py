"""A run that stops, is saved, and goes on elsewhere, equals one that never stopped: bit for bit."""

import numpy as np
import pytest
from helpers import Noise, normal, rng

from chainrule.activations import tanh
from chainrule.combine import Sequential
from chainrule.dense import Dense
from chainrule.losses import mse
from chainrule.optimizers import SGD, Adam
from chainrule.schedules import OnPlateau, chain, constant, warmup
from chainrule.store import load, save
from chainrule.train import fit

X, T = normal(20, 3, dtype=np.float32), normal(20, 1, seed=1, dtype=np.float32)


class Average(Sequential):
    """A layer with a running mean, which its output follows: state that no optimizer sees."""

    def __init__(self, *layers):
        super().__init__(*layers)
        self.keep(mean=np.zeros(3, np.float32))

    def forward(self, x: np.ndarray) -> tuple:
        if self.training:
            self.mean = 0.9 * self.mean + 0.1 * x.mean(0)
        return super().forward(x - self.mean)


def model(seed: int) -> Average:
    return Average(Noise(seed), Dense(3, 6, rng(seed)), tanh, Dense(6, 1, rng(seed)))


SCHEDULES = {
    "a number": lambda: 1e-2,
    "on plateau": lambda: OnPlateau(1e-2, factor=0.5, patience=0, margin=0.2),
    "inside others": lambda: warmup(3, chain((9, constant(0.01)), (9, OnPlateau(0.01, patience=0, margin=0.2)))),
}


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_resumed_run_equals_an_uninterrupted_one(tmp_path, schedule, workers):
    def train(net, optimizer, generator, epochs):
        for _ in fit(net, mse, (X, T), optimizer, epochs=epochs, rng=generator, batch_size=6, workers=workers):
            pass

    whole, generator = model(0), rng(3)
    optimizer = Adam(whole, SCHEDULES[schedule]())
    train(whole, optimizer, generator, 4)
    save(tmp_path / "run.npz", whole, optimizer, order=generator)
    train(whole, optimizer, generator, 5)

    other, elsewhere = model(8), rng(9)
    resumed = Adam(other, SCHEDULES[schedule]())
    load(tmp_path / "run.npz", other, resumed, order=elsewhere)
    train(other, resumed, elsewhere, 5)
    for key, array in (whole.params | whole.kept | optimizer.state).items():
        assert np.array_equal(array, (other.params | other.kept | resumed.state)[key]), key
    assert optimizer.rate == resumed.rate and whole.mean.any()
    assert generator.bit_generator.state == elsewhere.bit_generator.state


def test_a_plateaus_memory_is_worth_saving():
    """Without it the rates above would differ: the schedule has lowered its rate by then."""
    net, rate = model(0), OnPlateau(1e-2, factor=0.5, patience=0, margin=0.2)
    for _ in fit(net, mse, (X, T), SGD(net, rate), epochs=4, rng=rng()):
        pass
    assert rate.lr < 1e-2


def test_what_the_file_lacks_is_said_and_nothing_changes(tmp_path):
    net = model(0)
    path = save(tmp_path / "model.npz", net)
    noisier = Average(Noise(1), Dense(3, 6, rng()), Noise(2), Dense(6, 1, rng()))
    for change, message in (
        (lambda: load(path, model(1), order=rng()), "it holds no generator order"),
        (lambda: load(path, noisier), r"it holds no generator model\.layers\.2\.rng"),
        (lambda: load(path, model(1), order=np.random.Generator(np.random.MT19937(0))), "it holds no generator order"),
    ):
        with pytest.raises(ValueError, match=r"model\.npz does not fit: " + message):
            change()
    path = save(tmp_path / "run.npz", net, order=rng())
    other = model(1)
    before = other.flat()[0].copy()
    with pytest.raises(ValueError, match="generator order is a MT19937 here, a PCG64 there"):
        load(path, other, order=np.random.Generator(np.random.MT19937(0)))
    assert np.array_equal(other.flat()[0], before)
    load(path, other)
    assert np.array_equal(other.flat()[0], net.flat()[0])
