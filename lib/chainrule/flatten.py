"""One vector for a whole model.

Depth-first order makes every subtree one slice of the vector, so an optimizer can be given a whole model or any
part of it, and freezing is a matter of which part it is given.
"""

from collections.abc import Collection
from itertools import pairwise

import numpy as np

from chainrule.layer import Layer
from chainrule.tree import with_tuples


def flatten(root: Layer) -> None:
    """Move every parameter below root into one vector and every gradient into another; W and dW become views."""
    tree = list(root.walk())
    layers = [layer for _, layer in tree]
    for path, layer in tree:
        if layer._root is not None and not any(layer._root is other for other in layers):
            raise ValueError(
                f"{path}{layer.label()} already belongs to another model's vector; "
                "build this model from a copy of it (copy.deepcopy)"
            )
    _expect_one_dtype(root)
    lay_out(root, _joined(root.params.values()), _joined(root.grads.values()))


def lay_out(root: Layer, theta: np.ndarray, dtheta: np.ndarray) -> None:
    """Make every parameter below root a view of theta, and every gradient one of dtheta, in depth-first order."""
    layers = [layer for _, layer in root.walk()]
    spans: dict[int, list[tuple[int, int]]] = {id(layer): [] for layer in layers}
    start = 0
    for layer in layers:
        for name in layer.names:
            shape, stop = getattr(layer, name).shape, start + getattr(layer, name).size
            vars(layer)[name] = theta[start:stop].reshape(shape)
            vars(layer)["d" + name] = dtheta[start:stop].reshape(shape)
            spans[id(layer)].append((start, stop))
            start = stop
    for layer in layers:
        vars(layer).update({key: with_tuples(value) for key, value in vars(layer).items()})  # lists that grew by append
        layer._root, layer._layers = root, tuple(below for _, below in layer.walk())
        layer._flat = _slice(theta, dtheta, [span for below in layer._layers for span in spans[id(below)]])


def _slice(theta: np.ndarray, dtheta: np.ndarray, spans: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray] | None:
    """The part of both vectors that the spans cover, or None unless each begins where the one before it ends."""
    if any(before[1] != after[0] for before, after in pairwise(spans)):
        return None
    part = slice(spans[0][0], spans[-1][1]) if spans else slice(0, 0)
    return theta[part], dtheta[part]


def _joined(arrays: Collection[np.ndarray]) -> np.ndarray:
    return np.concatenate([a.ravel() for a in arrays]) if arrays else np.zeros(0, np.float32)


def _expect_one_dtype(root: Layer) -> None:
    first = None
    for name, array in root.params.items():
        first = first or (name, array.dtype)
        if array.dtype != first[1]:
            raise ValueError(f"one vector takes one dtype: {first[0]} is {first[1]}, {name} is {array.dtype}")
