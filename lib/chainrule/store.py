"""Keep a model: its parameters by name, and an optimizer's state beside them, in one .npz file.

The file is written under another name and moved into place, so a reader finds the old file or the new one, never
half of one. Loading checks every name, shape and dtype before it changes anything, and never unpickles.
"""

import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from chainrule.layer import Layer
from chainrule.optimizers import Optimizer

OPTIMIZER = "optimizer/"


def save(path: str | Path, model: Layer, optimizer: Optimizer | None = None) -> Path:
    """Write the model's parameters, and the optimizer's state, to `path`; returns it. Nothing else in it survives.

    Raises ValueError where model is not a layer; OSError where the folder cannot be written, the old file untouched.
    """
    if not isinstance(model, Layer):
        raise ValueError(f"save takes a layer, got {type(model).__name__}")
    path = Path(path)
    arrays: dict[str, Any] = model.params | _state(optimizer)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(temporary, "wb") as file:
            np.savez(file, **arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def load(path: str | Path, model: Layer, optimizer: Optimizer | None = None) -> None:
    """Read parameters into the model, and state into the optimizer, in place.

    Raises FileNotFoundError where there is no file; ValueError where it is not a saved model, or does not fit: the
    message names the parameter and both shapes, and neither model nor optimizer has changed.
    """
    if not isinstance(model, Layer):
        raise ValueError(f"load takes a layer, got {type(model).__name__}")
    found = _read(Path(path))
    wanted = model.params | _state(optimizer)
    if optimizer is None:
        found = {name: array for name, array in found.items() if not name.startswith(OPTIMIZER)}
    _expect_fit(Path(path), found, wanted)
    for name, array in wanted.items():
        array[...] = found[name]
    if optimizer is not None:
        optimizer.t = int(found[f"{OPTIMIZER}t"])


def _state(optimizer: Optimizer | None) -> dict[str, np.ndarray]:
    return {OPTIMIZER + name: array for name, array in optimizer.state.items()} if optimizer else {}


def _read(path: Path) -> dict[str, np.ndarray]:
    with open(path, "rb") as file:
        if not zipfile.is_zipfile(file):
            raise ValueError(f"{path.name} is not a saved model: it is not a .npz file")
        file.seek(0)
        try:
            arrays = dict(np.load(file, allow_pickle=False))
        except Exception as error:  # damaged bytes make zipfile and NumPy raise many kinds
            raise ValueError(f"{path.name} is not a saved model: {error}") from None
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray):
            raise ValueError(f"{path.name} is not a saved model: {name} in it is no array")
    return arrays


def _expect_fit(path: Path, found: Mapping[str, np.ndarray], wanted: Mapping[str, np.ndarray]) -> None:
    for name, array in wanted.items():
        if name not in found:
            raise ValueError(f"{path.name} does not fit: the model has {name} {array.shape}, the file does not")
    for name, array in found.items():
        if name not in wanted:
            raise ValueError(f"{path.name} does not fit: it holds {name} {array.shape}, the model does not")
    for name, array in wanted.items():
        for what in ("shape", "dtype"):
            here, there = getattr(array, what), getattr(found[name], what)
            if here != there:
                raise ValueError(f"{path.name} does not fit: {name} is {here} in the model, {there} in the file")
