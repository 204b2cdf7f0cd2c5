"""Keep a run: a model's arrays by name, the optimizer's state and the generators' beside them, in one .npz file.

A run that goes on from its file equals one that was never interrupted, bit for bit. The file is written under another
name and moved into place, so a reader finds the old file or the new one, never half of one. Loading checks every name,
shape and dtype before it changes anything, and never unpickles.
"""

import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from chainrule.layer import Layer
from chainrule.optimizers import Optimizer

OPTIMIZER, GENERATOR = "optimizer/", "generator/"
Generators = dict[str, np.random.Generator]


def save(path: str | Path, model: Layer, optimizer: Optimizer | None = None, **generators: np.random.Generator) -> Path:
    """Write to `path`, and return it: parameters and kept arrays, the states of the model's own generators and of those
    given by name (`rng=rng`), and the optimizer's state with its schedule's memory. Nothing else in the file survives.

    Raises ValueError where model is not a layer; OSError where the folder cannot be written, the old file untouched.
    """
    _expect_layer("save", model)
    path = Path(path)
    states = {GENERATOR + k: np.array(json.dumps(g.bit_generator.state)) for k, g in _named(model, generators).items()}
    arrays: dict[str, Any] = model.params | model.kept | _state(optimizer) | states
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


def load(path: str | Path, model: Layer, optimizer: Optimizer | None = None, **generators: np.random.Generator) -> None:
    """Read a saved run into the model, and into the optimizer and the generators where they are given, in place.

    Raises FileNotFoundError where there is no file; ValueError where it is not a saved model, or does not fit: the
    message names the array and both shapes, and nothing has changed.
    """
    _expect_layer("load", model)
    path = Path(path)
    found = _read(path)
    named = _named(model, generators)
    states = {k: _generator_state(path, k, found.pop(GENERATOR + k, None), g) for k, g in named.items()}
    skipped = (GENERATOR,) if optimizer else (GENERATOR, OPTIMIZER)
    found = {name: array for name, array in found.items() if not name.startswith(skipped)}
    wanted = model.params | model.kept
    _expect_fit(path, found, wanted | _state(optimizer))
    for name, array in wanted.items():
        array[...] = found[name]
    if optimizer is not None:
        optimizer.restore({name.removeprefix(OPTIMIZER): array for name, array in found.items()})
    for name, generator in named.items():
        generator.bit_generator.state = states[name]


def _state(optimizer: Optimizer | None) -> dict[str, np.ndarray]:
    return {OPTIMIZER + name: array for name, array in optimizer.state.items()} if optimizer else {}


def _named(model: Layer, given: Generators) -> Generators:
    """The generators of the model's layers by path, such as 'model.1.rng', and those that were given."""
    own = {
        f"model.{path}{key}": value
        for path, layer in model.walk()
        for key, value in vars(layer).items()
        if isinstance(value, np.random.Generator)
    }
    return own | given


def _generator_state(path: Path, name: str, found: np.ndarray | None, generator: np.random.Generator) -> dict:
    if found is None:
        raise ValueError(f"{path.name} does not fit: it holds no generator {name}")
    state, kind = json.loads(str(found)), type(generator.bit_generator).__name__
    if state["bit_generator"] != kind:
        raise ValueError(
            f"{path.name} does not fit: generator {name} is a {kind} here, a {state['bit_generator']} there"
        )
    return state


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


def _expect_layer(name: str, model: Layer) -> None:
    if not isinstance(model, Layer):
        raise ValueError(f"{name} takes a layer, got {type(model).__name__}")
