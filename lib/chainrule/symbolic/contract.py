"""The formula contract: what the page derives is what the library computes.

A derivation states an output, and for each quantity the closed formula of dL/d(quantity), where L = Σ u ∘ y and u is
the gradient that arrives from above (a loss is its own L). `check` then asks four questions at several shapes:

    proof         does differentiating y entry by entry give the closed formula, exactly?
    forward       does the library compute y?
    code          does the library's `back` compute the closed formula?
    differences   does the library's forward pass, nudged, change as the closed formula says?

The expected values come from SymPy alone; numbers enter only as random points, away from kinks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sympy as sp

from chainrule.layer import Layer
from chainrule.symbolic.matrices import SUMS_TO_ONE, Entries, Variable
from chainrule.symbolic.points import Evaluation
from chainrule.symbolic.render import CODE, DIFFERENCES, Checked
from chainrule.symbolic.zero import equal

POINTS = 2  # random points for each shape
_RECORD: list[Checked] = []


class FormulaError(AssertionError):
    """A formula and the library disagree: which `check`, at which `entry`, and the `numbers` there."""

    def __init__(self, check: str, entry: str, numbers: Mapping[str, Any], shape: Sequence[int]):
        self.check, self.entry, self.numbers = check, entry, dict(numbers)
        values = ", ".join(f"{k} {v:.10g}" if isinstance(v, float) else f"{k} {v}" for k, v in numbers.items())
        super().__init__(f"{check}: {entry} at sizes {tuple(shape)}: {values}")


@dataclass(frozen=True)
class Derivation:
    """An output and the closed formulas of its gradients.

    output     the matrix formula of y; for a loss a 1 × 1 formula such as total(…)
    inputs     the arguments of the library's function, in order; those without a gradient are constants (targets)
    gradients  {quantity: closed formula of dL/d(quantity)}
    params     {"W": W, "layers.0.b": b}: attribute path in the layer → matrix symbol
    upstream   the symbol for dL/dy, of y's shape; None for a loss
    where      {h: formula}: names for intermediate results, usable in every formula
    constants  {symbol: number} for scalars that the library fixes, such as a slope
    """

    output: Any
    inputs: Sequence[Variable]
    gradients: Mapping[Variable, Any]
    params: Mapping[str, Variable] = field(default_factory=dict)
    upstream: Variable | None = None
    where: Mapping[Variable, Any] = field(default_factory=dict)
    constants: Mapping[sp.Symbol, float] = field(default_factory=dict)

    def __post_init__(self):
        known = [*self.inputs, *self.params.values()]
        names = [str(v) for v in (*known, *([self.upstream] if self.upstream else []), *self.where, *self.constants)]
        if len(set(names)) < len(names):
            raise ValueError(f"two symbols of a derivation share a name: {', '.join(sorted(names))}")
        for q, formula in self.gradients.items():
            if q not in known:
                raise ValueError(f"a gradient is given for {q}, which is neither an input nor a parameter")
            if q.kind in SUMS_TO_ONE:
                raise ValueError(f"the rows of {q} add up to one, so its entries cannot change one at a time")
            if getattr(formula, "shape", (1, 1)) != q.shape:
                raise ValueError(f"dL/d{q} has shape {q.shape}, its formula {formula.shape}")
        shape = tuple(getattr(self.output, "shape", (1, 1)))
        if self.upstream is None and shape != (1, 1):
            raise ValueError(f"an output of shape {shape} needs an upstream gradient of that shape")
        if self.upstream is not None and self.upstream.shape != shape:
            raise ValueError(f"the output has shape {shape}, the upstream gradient {self.upstream.shape}")

    def explicit(self) -> tuple[sp.ImmutableMatrix, dict, dict]:
        """(y, derived gradients, closed formulas), all entry by entry."""
        entries = Entries(self.where)
        y = entries(self.output)
        loss = y[0, 0] if self.upstream is None else sp.Add(*entries(self.upstream).multiply_elementwise(y))
        derived = {q: q.free().applyfunc(lambda v: sp.diff(loss, v)) for q in self.gradients}
        return y, derived, {q: entries(formula) for q, formula in self.gradients.items()}


def check(derive: Callable[..., Derivation], build: Callable[..., Any], shapes: Sequence[tuple] = ((),)) -> Checked:
    """Hold a derivation against the library at every shape.

    derive   sizes → Derivation
    build    sizes → the library's layer, function, loss or model; layers are checked as a float64 copy
    shapes   one tuple of sizes for each comparison

    Returns an object that shows the checked formulas as a table, also kept in `checked()`.
    Raises  FormulaError that names the check, the entry and the numbers.
    """
    if not shapes:
        raise ValueError("check takes at least one tuple of sizes, got none")
    errors: dict[str, dict[str, float]] = {}
    for shape in shapes:
        derivation, thing = derive(*shape), build(*shape)
        thing = thing.astype(np.float64) if isinstance(thing, Layer) else thing
        y, derived, closed = derivation.explicit()
        evaluation = Evaluation(derivation, thing, y, derived, closed)
        rng = np.random.default_rng(0)
        for _ in range(POINTS):
            evaluation.draw(rng)
            compare_proof(derivation, evaluation, shape)
            compare_numbers(evaluation, shape, errors)
    result = Checked(derive, thing, tuple(map(tuple, shapes)), errors)
    _RECORD[:] = [r for r in _RECORD if r.name != result.name or r.library != result.library] + [result]
    return result


def compare_proof(derivation: Derivation, evaluation: Evaluation, shape: tuple) -> None:
    for q, formula in evaluation.closed.items():
        for i, j in np.ndindex(formula.shape):
            if (q, i, j) in evaluation.proven:
                continue
            if not equal(evaluation.derived[q][i, j], formula[i, j]):
                raise FormulaError("proof", f"d{q}[{i}, {j}]", evaluation.numbers(q, i, j), shape)
            evaluation.proven.add((q, i, j))


def compare_numbers(evaluation: Evaluation, shape: tuple, errors: dict) -> None:
    compare("forward", "y", evaluation.y, evaluation.library_y, CODE, lambda i, j: {
        "derivation": float(evaluation.y[i, j]), "library": float(evaluation.library_y[i, j])}, shape)
    for q in evaluation.closed:
        name = f"d{q}"
        numbers = lambda i, j, q=q: evaluation.numbers(q, i, j)  # noqa: E731
        worst = errors.setdefault(str(q), {"code": 0.0, "differences": 0.0})
        for kind, got, tol in (("code", evaluation.back, CODE), ("differences", evaluation.differences, DIFFERENCES)):
            error = compare(kind, name, evaluation.formula[q], got[q], tol, numbers, shape)
            worst[kind] = max(worst[kind], error)


def compare(kind, name, wanted, got, tol, numbers, shape) -> float:
    error = np.abs(wanted - got) / max(1.0, float(np.abs(wanted).max()))
    if not np.all(error < 10.0**tol):
        i, j = np.unravel_index(np.argmax(np.where(np.isnan(error), np.inf, error)), error.shape)
        raise FormulaError(kind, f"{name}[{i}, {j}]", numbers(i, j), shape)
    return float(error.max())


def checked() -> list[Checked]:
    """Every check that has passed in this session, for the ledger."""
    return list(_RECORD)
