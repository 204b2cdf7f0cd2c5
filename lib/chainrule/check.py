"""Does `back` tell the truth? Compare it with differences of the forward pass.

For a random weighting u of the output, L = ⟨u, y⟩ is a number, and along any direction v of any array a

    ⟨dL/da, v⟩  =  (L(a + ε v) − L(a − ε v)) / 2ε  +  O(ε²).

One random direction sees an error in any entry; a few make sure. The same call holds the layer to its contract.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.arrays import expect_generator
from chainrule.layer import Layer

EPSILON = 1e-5


def gradcheck(
    f: Callable[..., tuple],
    *inputs: Any,
    rng: np.random.Generator,
    tol: float = 1e-6,
    directions: int = 3,
    **options: Any,
) -> dict[str, float]:
    """Check every gradient of a layer, function, loss or model in float64; returns {name: relative error}.

    f        anything called as `y, back = f(*inputs, **options)`; a layer is checked as a float64 copy of itself.
             Where y is a tuple of arrays, back takes a gradient for each
    inputs   arrays; those for which `back` returns a gradient are checked, later ones are constants
    rng      draws u and the directions; a layer's own generators are replayed, so noise repeats

    Raises AssertionError that names the array and both numbers where a gradient is wrong, and where f breaks the
    contract: it writes into an input or into dy, sets dW instead of adding, returns a gradient of another shape or
    dtype, or trains a frozen layer.
    """
    expect_generator(rng)
    if isinstance(f, Layer):
        f = f.astype(np.float64)
    arrays = [_as_float64(x) for x in inputs]
    call = _joined(_replayed(f, arrays, options))
    y, back = call()
    u = rng.standard_normal(np.shape(y))
    gradients = _input_gradients(back, u, arrays)
    pairs = {f"input {i}": (x, dx) for i, (x, dx) in enumerate(zip(arrays, gradients, strict=False)) if dx is not None}
    if isinstance(f, Layer):
        pairs |= _parameter_gradients(f, call, u, rng)
    _expect_kept_contract(call, u, arrays)

    errors: dict[str, float] = {}
    for name, (a, da) in pairs.items():
        if np.shape(da) != a.shape or np.asarray(da).dtype != np.float64:
            raise AssertionError(f"{name} is float64 {a.shape}, its gradient {np.asarray(da).dtype} {np.shape(da)}")
        errors[name] = max(_error(name, a, da, lambda: np.sum(u * call()[0]), rng, tol) for _ in range(directions))
    return errors


def _error(
    name: str, a: np.ndarray, da: np.ndarray, loss: Callable[[], float], rng: np.random.Generator, tol: float
) -> float:
    v, keep = rng.standard_normal(a.shape), a.copy()
    a[...] = keep + EPSILON * v
    up = loss()
    a[...] = keep - EPSILON * v
    numeric = (up - loss()) / (2 * EPSILON)
    a[...] = keep
    exact = np.sum(da * v)
    error = abs(numeric - exact) / max(1.0, abs(numeric))
    if not error < tol:
        raise AssertionError(f"{name}: backward gives {exact:.8g} along a random direction, differences {numeric:.8g}")
    return float(error)


def _input_gradients(back: Callable, u: np.ndarray, arrays: list) -> tuple:
    dxs = back(u)
    dxs = dxs if isinstance(dxs, tuple) else (dxs,)
    for i, (x, dx) in enumerate(zip(arrays, dxs, strict=False)):
        if (dx is None) != (np.asarray(x).dtype.kind not in "f"):
            raise AssertionError(f"input {i} is {np.asarray(x).dtype}, its gradient {type(dx).__name__}")
    return dxs


def _parameter_gradients(layer: Layer, call: Callable, u: np.ndarray, rng: np.random.Generator) -> dict:
    """{name: (array, gradient)}, measured as what `back` adds to gradients that already hold numbers."""
    before = {name: rng.standard_normal(g.shape) for name, g in layer.grads.items()}
    for name, g in layer.grads.items():
        g[...] = before[name]
    with layer.frozen():
        call()[1](u)
    if any(np.any(g != before[name]) for name, g in layer.grads.items()):
        raise AssertionError(
            f"{layer.label()}: back adds to dW although the layer is frozen: "
            "skip the weight gradients in backward while self._frozen is True"
        )
    call()[1](u)
    return {name: (layer.params[name], g - before[name]) for name, g in layer.grads.items()}


def _expect_kept_contract(call: Callable, u: np.ndarray, arrays: list) -> None:
    keep, dy = [np.copy(a) for a in arrays], u.copy()
    y, back = call()
    first = np.copy(y)
    back(dy)
    for i, (a, was) in enumerate(zip(arrays, keep, strict=True)):
        if not np.array_equal(a, was):
            raise AssertionError(f"input {i} is written to")
    if not np.array_equal(dy, u):
        raise AssertionError("back writes into dy")
    call()[1](u)
    if not np.array_equal(y, first):
        raise AssertionError("the output is overwritten by a later call")


def _joined(call: Callable[[], tuple]) -> Callable[[], tuple]:
    """A call whose several outputs, if it has them, are one vector."""

    def joined() -> tuple:
        ys, back = call()
        if not isinstance(ys, tuple):
            return ys, back
        cuts = np.cumsum([y.size for y in ys])[:-1]

        def backward(u: np.ndarray) -> Any:
            return back(*(part.reshape(y.shape) for part, y in zip(np.split(u, cuts), ys, strict=True)))

        return np.concatenate([y.ravel() for y in ys]), backward

    return joined


def _replayed(f: Callable, arrays: list, options: dict) -> Callable[[], tuple]:
    """A call of f in which each layer's generator draws the same numbers every time."""
    layers = [layer for _, layer in f.walk()] if isinstance(f, Layer) else []
    generators = [v for layer in layers for v in vars(layer).values() if isinstance(v, np.random.Generator)]
    states = [g.bit_generator.state for g in generators]

    def call() -> tuple:
        for generator, state in zip(generators, states, strict=True):
            generator.bit_generator.state = state
        return f(*arrays, **options)

    return call


def _as_float64(x: Any) -> np.ndarray:
    x = np.array(x)
    return x.astype(np.float64) if x.dtype.kind == "f" else x
