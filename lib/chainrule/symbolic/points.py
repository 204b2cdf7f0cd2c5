"""A derivation and a library callable, both evaluated at one random point.

Symbols meet arrays by name: inputs by position, parameters by attribute path (`layers.0.W`). A row (1, n) in the
derivation may be a vector (n,) in the library.
"""

from typing import Any

import numpy as np
import sympy as sp

from chainrule.layer import Layer
from chainrule.symbolic.kinks import as_piecewise, corners, with_steps
from chainrule.symbolic.formulas import sigmoid
from chainrule.symbolic.matrices import Variable

STEP = 1e-5  # of the central differences
CLEARANCE = 1e-3  # how far, at least, a random point stays from every kink


class Evaluation:
    """All the numbers of one shape: `draw` a point, then compare `formula`, `back` and `differences`."""

    def __init__(self, derivation, thing: Any, y, derived: dict, closed: dict):
        self.derivation, self.thing, self.derived, self.closed = derivation, thing, derived, closed
        self.variables = [*derivation.inputs, *derivation.params.values()]
        self.variables += [derivation.upstream] if derivation.upstream else []
        free = [s for v in self.variables for s in v.free()]
        matrices = [y, *derived.values(), *closed.values()]
        unknown = set().union(*(m.free_symbols for m in matrices)) - {*free, *derivation.constants}
        if unknown:
            raise ValueError(f"no input, parameter or constant gives a value to {sorted(map(str, unknown))}")
        kinks = corners(*(e for m in (y, *closed.values()) for e in m))
        self.evaluate = sp.lambdify(
            [*free, *derivation.constants],
            [*([evaluable(e) for e in m] for m in matrices), [evaluable(k) for k in kinks]],
            modules="math",
            cse=True,
        )
        self.shapes = [m.shape for m in matrices]
        self.proven: set = set()

    def draw(self, rng: np.random.Generator) -> None:
        """Go to a random point off every kink and evaluate everything there."""
        for _ in range(1000):
            point = {v: sample(v, rng) for v in self.variables}
            free = np.concatenate([value[:, : v.free().shape[1]].ravel() for v, value in point.items()])
            *values, kinks = self.evaluate(*free.tolist(), *map(float, self.derivation.constants.values()))
            if all(abs(k) > CLEARANCE for k in kinks):
                break
        else:
            raise ValueError("no random point keeps clear of the kinks in 1000 draws")
        y, *rest = (np.array(v, dtype=np.float64).reshape(s) for v, s in zip(values, self.shapes, strict=True))
        self.y, names = y, list(self.closed)
        self.derivative = dict(zip(names, rest[: len(names)], strict=True))
        self.formula = dict(zip(names, rest[len(names) :], strict=True))
        self.run_library(point)

    def run_library(self, point: dict) -> None:
        d = self.derivation
        for path, v in d.params.items():
            array, _ = parameter(self.thing, path)
            array[...] = fitted(point[v], array.shape, path)
        inputs = [point[v].copy() for v in d.inputs]
        y, back = self.call(inputs)
        self.library_y = fitted(y, self.y.shape, "y")
        weight = point[d.upstream] if d.upstream else np.ones((1, 1))
        before = {path: self.fill_gradient(path) for path in d.params}
        # the library gets copies: what it does to them must not reach the expected values
        dxs = back() if d.upstream is None else back(weight.reshape(np.shape(y)).copy())
        dxs = dxs if isinstance(dxs, tuple) else (dxs,)
        self.back = {v: fitted(dx, v.shape, f"d{v}") for v, dx in zip(d.inputs, dxs, strict=False) if v in self.closed}
        for path, v in d.params.items():
            if v in self.closed:
                self.back[v] = fitted(parameter(self.thing, path)[1] - before[path], v.shape, f"d{v}")
        missing = [str(v) for v in self.closed if v not in self.back]
        if missing:
            raise ValueError(f"the library's back returns no gradient for {', '.join(missing)}")
        self.differences = self.central_differences(point, weight)

    def fill_gradient(self, path: str):
        """Gradients start from numbers, not zeros: `back` must add to what is there."""
        gradient = parameter(self.thing, path)[1]
        if gradient is not None:
            gradient[...] = 0.5
        return 0.5

    def central_differences(self, point: dict, weight: np.ndarray) -> dict:
        paths = {v: path for path, v in self.derivation.params.items()}

        def loss(v, value) -> float:
            if v in paths:
                array, _ = parameter(self.thing, paths[v])
                array[...] = value.reshape(array.shape)
            inputs = [value if w is v else point[w].copy() for w in self.derivation.inputs]
            return float(np.sum(weight * np.reshape(self.call(inputs)[0], weight.shape)))

        slopes = {}
        for v in self.closed:
            slopes[v] = np.empty(v.sizes)
            for index in np.ndindex(*v.sizes):
                nudge = np.zeros(v.sizes)
                nudge[index] = STEP
                slopes[v][index] = (loss(v, point[v] + nudge) - loss(v, point[v] - nudge)) / (2 * STEP)
            loss(v, point[v])  # puts a parameter back
        return slopes

    def call(self, inputs: list) -> tuple:
        return self.thing(*inputs)

    def numbers(self, v: Variable, i: int, j: int) -> dict[str, float]:
        """What each side says about one entry."""
        sides = {"derivative": self.derivative, "formula": self.formula, "library": self.back}
        return {name: float(side[v][i, j]) for name, side in (*sides.items(), ("differences", self.differences))}


def sample(v: Variable, rng: np.random.Generator) -> np.ndarray:
    """Random entries of the variable's kind, of moderate size."""
    rows, cols = v.sizes
    if v.kind == "real":
        return rng.uniform(0.2, 1.5, (rows, cols)) * rng.choice((-1.0, 1.0), (rows, cols))
    if v.kind == "one-hot":
        return np.eye(cols)[rng.integers(cols, size=rows)]
    value = rng.uniform(0.1, 0.9, (rows, cols))
    return value / value.sum(1, keepdims=True) if v.kind == "distribution" else value


def evaluable(e: sp.Expr) -> sp.Expr:
    return as_piecewise(with_steps(e)).replace(sigmoid, lambda x: 1 / (1 + sp.exp(-x)))


def parameter(layer: Layer, path: str) -> tuple[np.ndarray, np.ndarray | None]:
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
