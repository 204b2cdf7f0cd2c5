"""The library's side of the contract: a layer, function or loss run at one point, forwards, backwards and nudged.

Symbols meet arrays by name: inputs by position, parameters by attribute path (`layers.0.W`). A row (1, n) in the
derivation may be a vector (n,) in the library. The library always gets copies: what it does to them must not reach the
expected values.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from chainrule.symbolic.matrices import Variable

STEP = 1e-5  # of the central differences
FILL = 0.5  # what gradients hold beforehand: `back` must add to it

Point = Mapping[Variable, np.ndarray]


def forward_and_back(derivation: Any, thing: Any, point: Point) -> tuple[np.ndarray, dict[Variable, np.ndarray]]:
    """(y, gradients by quantity). A loss is taken back twice, with dL = 1 and dL = 2, and the sum divided by three."""
    for path, v in derivation.params.items():
        array, gradient = parameter(thing, path)
        array[...] = fitted(point[v], array.shape, path)
        if v in derivation.gradients:
            gradient[...] = FILL
    y, back = thing(*(point[v].copy() for v in derivation.inputs))
    if derivation.upstream is None:
        calls, share = [back(), back(2.0)], 3
    else:
        calls, share = [back(point[derivation.upstream].reshape(np.shape(y)).copy())], 1
    gradients = {}
    for v, *dxs in zip(derivation.inputs, *(dx if isinstance(dx, tuple) else (dx,) for dx in calls), strict=False):
        if v in derivation.gradients and dxs[0] is not None:
            gradients[v] = fitted(np.sum(dxs, axis=0), v.sizes, f"d{v}") / share
    for path, v in derivation.params.items():
        if v in derivation.gradients:
            gradients[v] = fitted(parameter(thing, path)[1] - FILL, v.sizes, f"d{v}") / share
    missing = [str(v) for v in derivation.gradients if v not in gradients]
    if missing:
        raise ValueError(f"the library's back returns no gradient for {', '.join(missing)}")
    return np.asarray(y), gradients


def central_differences(derivation: Any, thing: Any, point: Point) -> dict[Variable, np.ndarray]:
    """dL/dv by nudging each entry of each quantity that has a gradient, L = Σ u ∘ y."""
    slopes = {v: np.empty(v.sizes) for v in derivation.gradients}
    for v, slope in slopes.items():
        for index in np.ndindex(*v.sizes):
            up, down = point[v].copy(), point[v].copy()
            up[index] += STEP
            down[index] -= STEP
            rise = loss(derivation, thing, {**point, v: up}) - loss(derivation, thing, {**point, v: down})
            slope[index] = rise / (2 * STEP)
    return slopes


def loss(derivation: Any, thing: Any, point: Point) -> float:
    """L at a point: Σ u ∘ y of the library's forward pass, or y itself where the derivation is of a loss."""
    for path, v in derivation.params.items():
        array, _ = parameter(thing, path)
        array[...] = point[v].reshape(array.shape)
    y = np.asarray(thing(*(point[v].copy() for v in derivation.inputs))[0])
    return float(y.item() if derivation.upstream is None else np.sum(point[derivation.upstream].reshape(y.shape) * y))


def parameter(layer: Any, path: str) -> tuple[np.ndarray, Any]:
    """(array, gradient or None) at an attribute path such as layers.0.W."""
    *parents, name = path.split(".")
    for part in parents:
        layer = layer[int(part)] if part.isdigit() else getattr(layer, part)
    return getattr(layer, name), getattr(layer, "d" + name, None)


def fitted(value: Any, shape: tuple, name: str) -> np.ndarray:
    """The array in another shape that differs by axes of length one only."""
    value, shape = np.asarray(value), tuple(int(n) for n in shape)
    if [n for n in value.shape if n != 1] != [n for n in shape if n != 1]:
        raise ValueError(f"{name}: the derivation and the library differ in shape: {value.shape} and {shape}")
    return value.reshape(shape)
