import copy
import os
import stat

import numpy as np
import pytest
from helpers import LAYERS, normal, rng, step_once

from chainrule.dense import Dense, LowRank
from chainrule.losses import mse
from chainrule.models.mlp import mlp
from chainrule.optimizers import SGD, Adam, Muon
from chainrule.store import load, save
from chainrule.train import fit


def values(model, optimizer=None) -> dict[str, np.ndarray]:
    return copy.deepcopy(model.params | (optimizer.state if optimizer else {}))


def same(a: dict, b: dict) -> bool:
    return a.keys() == b.keys() and all(np.array_equal(v, b[k]) and v.dtype == b[k].dtype for k, v in a.items())


@pytest.mark.parametrize("name", ["Dense", "LoRA", "mlp", "tied, noisy", "Scale"])
@pytest.mark.parametrize("flat", [False, True])
def test_what_was_saved_comes_back(tmp_path, name, flat):
    model, other = LAYERS[name](), LAYERS[name]()
    for i, array in enumerate(other.params.values()):
        array[...] = i
    if flat:
        theta = other.flat()[0]
    path = save(tmp_path / "model.npz", model)
    load(path, other)
    assert same(values(other), values(model)) and path == tmp_path / "model.npz"
    assert not flat or np.array_equal(theta, model.flat()[0])


@pytest.mark.parametrize("make", [Adam, Muon, lambda m: SGD(m, 0.1, momentum=0.9)], ids=["Adam", "Muon", "momentum"])
def test_a_resumed_run_equals_an_uninterrupted_one(tmp_path, make):
    x, t = normal(20, 3, dtype=np.float32), normal(20, 1, seed=1, dtype=np.float32)

    def train(model, optimizer, seed):
        for _ in fit(model, mse, (x, t), optimizer, epochs=5, rng=rng(seed), batch_size=6):
            pass

    model = mlp([3, 8, 1], rng())
    optimizer = make(model)
    train(model, optimizer, 1)
    save(tmp_path / "run.npz", model, optimizer)
    train(model, optimizer, 2)
    resumed = mlp([3, 8, 1], rng(9))
    other = make(resumed)
    load(tmp_path / "run.npz", resumed, other)
    assert other.t == 20
    train(resumed, other, 2)
    assert same(values(model, optimizer), values(resumed, other))


def test_the_optimizers_state_may_be_left_in_the_file_but_not_made_up(tmp_path):
    model = Dense(3, 2, rng())
    save(tmp_path / "both.npz", model, Adam(model))
    load(tmp_path / "both.npz", model)
    save(tmp_path / "model.npz", model)
    with pytest.raises(ValueError, match=r"the model has optimizer/t \(\), the file does not"):
        load(tmp_path / "model.npz", model, Adam(model))


@pytest.mark.parametrize("moment", ["savez", "replace"])
def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, moment):
    model = Dense(3, 2, rng())
    path = save(tmp_path / "model.npz", model)
    old = path.read_bytes()

    def fails(file, *_, **__):
        if moment == "savez":
            file.write(b"half a model")
        raise OSError("no space left on device")

    monkeypatch.setattr(np if moment == "savez" else os, moment, fails)
    with pytest.raises(OSError, match="no space left"):
        save(path, model)
    assert path.read_bytes() == old and os.listdir(tmp_path) == ["model.npz"]


def test_a_saved_file_is_readable_like_any_other_file(tmp_path):
    (tmp_path / "plain").write_text("")
    path = save(tmp_path / "model.npz", Dense(3, 2, rng()))
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)
    assert os.listdir(tmp_path).count("model.npz") == 1 and len(os.listdir(tmp_path)) == 2


@pytest.mark.parametrize(
    ("saved", "message"),
    [
        (lambda: mlp([3, 4, 2], rng()), r"layers\.0\.W is \(3, 5\) in the model, \(3, 4\) in the file"),
        (lambda: mlp([3, 5, 3], rng()), r"layers\.2\.W is \(5, 2\) in the model, \(5, 3\) in the file"),
        (lambda: mlp([3, 5, 2], rng(), dtype=np.float64), r"layers\.0\.W is float32 in the model, float64 in the file"),
        (lambda: mlp([3, 5, 2, 2], rng()), r"it holds layers\.4\.W \(2, 2\), the model does not"),
        (lambda: Dense(3, 2, rng()), r"the model has layers\.0\.W \(3, 5\), the file does not"),
        (lambda: LowRank(3, 2, 1, rng()), r"the model has layers\.0\.W \(3, 5\), the file does not"),
    ],
)
def test_a_file_that_does_not_fit_changes_nothing(tmp_path, saved, message):
    model = mlp([3, 5, 2], rng())
    optimizer = Adam(model)
    step_once(model, optimizer, normal(4, 3, dtype=np.float32))
    before, other = values(model, optimizer), saved()
    save(tmp_path / "other.npz", other, Adam(other))
    with pytest.raises(ValueError, match=r"other\.npz does not fit: " + message):
        load(tmp_path / "other.npz", model, optimizer)
    assert same(values(model, optimizer), before)


def test_another_optimizers_state_does_not_fit(tmp_path):
    model = Dense(3, 2, rng())
    save(tmp_path / "m.npz", model, Adam(model))
    with pytest.raises(ValueError, match=r"it holds optimizer/m \(8,\), the model does not"):
        load(tmp_path / "m.npz", model, SGD(model, 0.1, momentum=0.9))


@pytest.mark.parametrize("function", [save, load])
def test_only_layers(tmp_path, function):
    with pytest.raises(ValueError, match=f"{function.__name__} takes a layer, got dict"):
        function(tmp_path / "model.npz", {"W": np.ones(3)})
    assert not os.listdir(tmp_path)
