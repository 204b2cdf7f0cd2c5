"""A derivation and the library, both at one random point: the numbers that a check compares."""

from typing import Any

import numpy as np
import sympy as sp

from chainrule.symbolic.formulas import sigmoid
from chainrule.symbolic.kinks import as_piecewise, corners, with_steps
from chainrule.symbolic.library import central_differences, fitted, forward_and_back
from chainrule.symbolic.matrices import Variable

CLEARANCE = 1e-3  # how far, at least, a random point stays from every kink


class Evaluation:
    """A derivation at one shape, entry by entry (`derived`, `closed`), and at random points (`at`)."""

    def __init__(self, derivation: Any, thing: Any):
        self.derivation, self.thing = derivation, thing
        self.y, self.derived, self.closed = derivation.explicit()
        self.variables = [*derivation.inputs, *derivation.params.values()]
        self.variables += [derivation.upstream] if derivation.upstream else []
        self.evaluate = self.compiled()

    def compiled(self) -> Any:
        """One function of all free entries and constants for all formulas and for the distances to all kinks."""
        free = [s for v in self.variables for s in v.free()]
        matrices = [self.y, *self.derived.values(), *self.closed.values()]
        unknown = set().union(*(m.free_symbols for m in matrices)) - {*free, *self.derivation.constants}
        if unknown:
            raise ValueError(f"no input, parameter or constant gives a value to {sorted(map(str, unknown))}")
        kinks = corners(*(e for m in (self.y, *self.closed.values()) for e in m))
        lists = [*([evaluable(e) for e in m] for m in matrices), [evaluable(k) for k in kinks]]
        return sp.lambdify([*free, *self.derivation.constants], lists, modules="math", cse=True)

    def at(self, rng: np.random.Generator) -> dict[Any, dict[str, np.ndarray]]:
        """At a random point, what each side says about "y" and about each gradient: {quantity: {side: array}}."""
        point, (y, *values) = self.point_off_kinks(rng)
        library_y, back = forward_and_back(self.derivation, self.thing, point)
        differences = central_differences(self.derivation, self.thing, point)
        y = np.reshape(y, self.y.shape)
        sides: dict[Any, dict[str, np.ndarray]] = {"y": {"formula": y, "library": fitted(library_y, y.shape, "y")}}
        for k, v in enumerate(self.closed):
            derivative, formula = (np.array(values[i], float).reshape(v.sizes) for i in (k, k + len(self.closed)))
            sides[v] = {
                "derivative": derivative, "formula": formula, "library": back[v], "differences": differences[v]
            }  # fmt: skip
        return sides

    def point_off_kinks(self, rng: np.random.Generator) -> tuple[dict, list]:
        """({variable: array}, the values of all formulas there), at least CLEARANCE away from every kink.

        Raises  ValueError where 1000 random points all come closer.
        """
        constants = [float(c) for c in self.derivation.constants.values()]
        for _ in range(1000):
            point = {v: sample(v, rng) for v in self.variables}
            free = np.concatenate([value[:, : v.free().shape[1]].ravel() for v, value in point.items()])
            *values, kinks = self.evaluate(*free.tolist(), *constants)
            if all(abs(k) > CLEARANCE for k in kinks):
                return point, values
        raise ValueError("no random point keeps clear of the kinks in 1000 draws")


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
    """The expression in functions that Python's math module has."""
    return as_piecewise(with_steps(e)).replace(sigmoid, lambda x: 1 / (1 + sp.exp(-x)))
