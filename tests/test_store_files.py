"""Files that are not models, or no longer."""

import os
import zipfile

import numpy as np
import pytest
from helpers import rng

from chainrule.dense import Dense
from chainrule.store import load, save


def unchanged(model: Dense) -> bool:
    fresh = Dense(*model.W.shape, rng())
    return np.array_equal(model.W, fresh.W) and np.array_equal(model.b, fresh.b)


class Trap:
    """An object whose unpickling would be noticed."""

    def __reduce__(self):
        return os.mkdir, ("trap",)


def broken_files(folder):
    """(what it is, path) of files that are no models."""
    cut = save(folder / "cut.npz", Dense(3, 2, rng()))
    cut.write_bytes(cut.read_bytes()[:200])
    (folder / "empty.npz").touch()
    (folder / "text.npz").write_text("W = 3")
    np.save(folder / "array.npy", np.ones(3))
    np.savez(folder / "objects.npz", W=np.array([Trap()], dtype=object))
    with zipfile.ZipFile(folder / "zip.npz", "w") as file:
        file.writestr("W.npy", "no array")
    return sorted(folder.iterdir())


def test_files_that_are_not_models(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    model = Dense(3, 2, rng())
    paths = broken_files(tmp_path)
    assert len(paths) == 6
    for path in paths:
        with pytest.raises(ValueError, match=f"{path.name} is not a saved model: "):
            load(path, model)
    assert unchanged(model) and not (tmp_path / "trap").exists()
    with pytest.raises(FileNotFoundError, match="nowhere"):
        load(tmp_path / "nowhere.npz", model)
    with pytest.raises(FileNotFoundError):
        save(tmp_path / "no such folder" / "model.npz", model)


def test_damaged_bytes_are_noticed_or_harmless(tmp_path):
    model = Dense(2, 1, rng())
    path = save(tmp_path / "model.npz", model)
    whole = path.read_bytes()
    for i in range(0, len(whole), 3):
        path.write_bytes(whole[:i] + bytes([whole[i] ^ 64]) + whole[i + 1 :])
        try:
            load(path, model)
        except ValueError as error:
            assert "model.npz" in str(error)
        assert unchanged(model)
