"""What a model knows besides its parameters, running statistics and the states of its generators, outlives a file, an
early stop and a split over workers.
"""

import numpy as np
import pytest
from helpers import normal, rng

from chainrule.activations import relu
from chainrule.attention.positions import LearntPositions
from chainrule.combine import Sequential
from chainrule.dense import Dense
from chainrule.dropout import Dropout, SpatialDropout
from chainrule.embedding import Embedding, TiedOutput
from chainrule.losses import cross_entropy, mse
from chainrule.normalization import BatchNorm, LayerNorm
from chainrule.optimizers import Adam, Muon
from chainrule.store import load, save
from chainrule.train import fit, replica

X, T = normal(24, 5, dtype=np.float32), normal(24, 1, seed=1, dtype=np.float32)
IDS = rng(2).integers(0, 7, (12, 6))


def features(seed: int) -> Sequential:
    """Batch norm and dropout between dense layers."""
    generator = rng(seed)
    parts = Dense(5, 8, generator), BatchNorm(8), relu, Dropout(0.3, generator), Dense(8, 1, generator), BatchNorm(1)
    return Sequential(*parts)


def tokens(seed: int) -> Sequential:
    """Ids in, the scores of ids out, by one table; places are dropped whole."""
    generator, table = rng(seed), Embedding(7, 8, rng(seed), padding=0, std=0.3)
    middle = LearntPositions(6, 8, generator), SpatialDropout(0.2, generator), LayerNorm(8), Dense(8, 8, generator)
    return Sequential(table, *middle, TiedOutput(table))


RUNS = {
    "features": (features, mse, (X, T), lambda model: Adam(model, 1e-2)),
    "tokens": (tokens, cross_entropy, (IDS, IDS), lambda model: Muon(model, 1e-2)),
}


def state(model) -> list[np.ndarray]:
    return [*model.params.values(), *model.kept.values()]


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("name", RUNS)
def test_a_resumed_run_equals_an_uninterrupted_one(tmp_path, name, workers):
    make, loss, data, optimizer_of = RUNS[name]

    def train(model, optimizer, generator, epochs):
        for _ in fit(model, loss, data, optimizer, epochs=epochs, rng=generator, batch_size=6, workers=workers):
            pass

    whole, order = make(0), rng(3)
    optimizer = optimizer_of(whole)
    train(whole, optimizer, order, 2)
    path = save(tmp_path / "run.npz", whole, optimizer, order=order)
    train(whole, optimizer, order, 2)

    other, elsewhere = make(8), rng(9)
    resumed = optimizer_of(other)
    load(path, other, resumed, order=elsewhere)
    train(other, resumed, elsewhere, 2)
    assert all(np.array_equal(a, b) for a, b in zip(state(whole), state(other), strict=True))
    assert np.array_equal(whole(data[0])[0], other(data[0])[0])


def test_running_statistics_decide_what_a_loaded_model_says(tmp_path):
    model, other = features(0), features(1)
    for _ in fit(model, mse, (X, T), Adam(model, 1e-2), epochs=3, rng=rng(), batch_size=8):
        pass
    load(save(tmp_path / "model.npz", model), other)
    assert list(model.kept) == [f"layers.{i}.running_{what}" for i in (1, 5) for what in ("mean", "var")]
    assert np.array_equal(model.evaluate()(X)[0], other.evaluate()(X)[0])
    other.layers[1].running_var *= 2
    assert not np.allclose(model(X)[0], other(X)[0])


def test_the_next_mask_is_the_one_that_would_have_come(tmp_path):
    layer, other = Dropout(0.5, rng(1)), Dropout(0.5, rng(2))
    layer(X)
    load(save(tmp_path / "dropout.npz", layer), other)
    assert np.array_equal(layer(X)[0], other(X)[0])


def test_early_stopping_brings_back_the_statistics_of_its_best_epoch():
    """The loss on the validation data is that of evaluation: of the best parameters *with their statistics*."""
    model = features(0)
    held_out = normal(16, 5, seed=5, dtype=np.float32), normal(16, 1, seed=6, dtype=np.float32)
    records = fit(model, mse, (X, T), Adam(model, 0.1), epochs=40, rng=rng(), validation=held_out, patience=5)
    best = min(record.validation for record in records)
    assert float(mse(model.evaluate()(held_out[0])[0], held_out[1])[0]) == best


def test_replicas_keep_statistics_and_draw_masks_of_their_own():
    model = Sequential(BatchNorm(5), Dropout(0.5, rng()))
    twin = replica(model)
    mean = model[0].running_mean.copy()
    twin(X)
    assert np.array_equal(model[0].running_mean, mean) and twin[0].running_mean.any()
    assert twin[0].gamma is not model[0].gamma and np.shares_memory(twin[0].gamma, model[0].gamma)
    assert twin[1].rng is not model[1].rng
