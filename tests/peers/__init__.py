"""The library beside PyTorch: outputs, and the gradient of every input and parameter, in float64.

Each module of this package lists what it compares in PEERS. What PyTorch gave is kept in an .npz file of the same name
(`python -m peers NAME` in this folder's parent makes it anew), so that the comparison needs no PyTorch; where it is
installed, PyTorch is asked again, also about the random options of RANDOM.
"""

import copy
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from chainrule.layer import Layer

try:
    import torch
    import torch.nn.functional as F
except ModuleNotFoundError:
    torch = F = None

HERE = Path(__file__).parent
Arrays = dict[str, np.ndarray]


class Peer(NamedTuple):
    """The same thing here and in PyTorch.

    subject   the public name it is evidence for
    ours      () → (layer or function, inputs, options)
    theirs    (*inputs, **parameters) → output or outputs; tensors in our layout, dots in names become underscores
    """

    subject: str
    ours: Callable[[], tuple[Any, tuple, dict]]
    theirs: Callable[..., Any]


def topics() -> dict[str, ModuleType]:
    """Every module of this package that compares something."""
    names = [info.name for info in iter_modules([str(HERE)]) if not info.name.startswith("_")]
    return {name: import_module(f"peers.{name}") for name in names}


def given(peer: Peer) -> tuple[Any, list, dict]:
    """The layer in float64 with every parameter drawn anew (a bias of zero would hide its sign), inputs, options."""
    f, inputs, options = peer.ours()
    if isinstance(f, Layer):
        f = f.astype(np.float64)
        rng = np.random.default_rng(7)
        for array in f.params.values():
            array[...] = rng.normal(0, 0.6, array.shape)
    return f, [_as_float64(x) for x in inputs], options


def run_ours(peer: Peer) -> Arrays:
    """{'y0': output, 'dx0': gradient of the first input, 'W': parameter's gradient, …}."""
    f, inputs, options = given(peer)
    ys, back = f(*inputs, **options)
    ys = ys if isinstance(ys, tuple) else (ys,)
    dxs = back(*(_upstream(np.asarray(y), i) for i, y in enumerate(ys)))
    dxs = dxs if isinstance(dxs, tuple) else (dxs,)
    found = {f"y{i}": np.asarray(y) for i, y in enumerate(ys)}
    found |= {f"dx{i}": dx for i, dx in enumerate(dxs) if dx is not None}
    return found | (copy.deepcopy(f.grads) if isinstance(f, Layer) else {})


def run_theirs(peer: Peer) -> Arrays:
    """The same from PyTorch, its gradients by its own automatic differentiation."""
    f, inputs, _ = given(peer)
    xs = [torch.tensor(x, requires_grad=x.dtype.kind == "f") for x in inputs]
    weights = f.params if isinstance(f, Layer) else {}
    params = {name: torch.tensor(array, requires_grad=True) for name, array in weights.items()}
    ys = peer.theirs(*xs, **{name.replace(".", "_"): p for name, p in params.items()})
    ys = ys if isinstance(ys, tuple) else (ys,)
    leaves = {f"dx{i}": x for i, x in enumerate(xs) if x.requires_grad} | params
    upstream = [torch.tensor(_upstream(y.detach().numpy(), i)) for i, y in enumerate(ys)]
    grads = torch.autograd.grad(ys, list(leaves.values()), upstream, allow_unused=True)
    found = {f"y{i}": y.detach().numpy() for i, y in enumerate(ys)}
    return found | {k: g.numpy() for k, g in zip(leaves, grads, strict=True) if g is not None}


def difference(ours: Arrays, theirs: Arrays) -> float:
    """The largest |ours − theirs| / max(1, |theirs|) over all arrays that PyTorch gave."""
    missing = theirs.keys() - ours.keys()
    assert not missing, f"PyTorch gives {sorted(missing)}, and we do not"
    assert {k for k, g in ours.items() if k not in theirs and np.any(g)} == set()
    worst = 0.0
    for name, there in theirs.items():
        assert ours[name].shape == there.shape, f"{name} is {ours[name].shape} here, {there.shape} in PyTorch"
        if there.size:
            worst = max(worst, float(np.max(np.abs(ours[name] - there) / np.maximum(1, np.abs(there)))))
    return worst


def kept(topic: str, case: str) -> Arrays:
    """What PyTorch gave when the file was made."""
    with np.load(HERE / f"{topic}.npz") as file:
        return {key.split("|")[1]: file[key] for key in file.files if key.split("|")[0] == case}


def _upstream(y: np.ndarray, i: int) -> np.ndarray:
    return np.random.default_rng(100 + i).standard_normal(y.shape)


def _as_float64(x: Any) -> np.ndarray:
    x = np.asarray(x)
    return x.astype(np.float64) if x.dtype.kind == "f" else x
