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


def check(
    derive: Callable[..., Derivation],
    build: Callable[..., Any],
    shapes: Sequence[tuple] = ((),),
    of: Callable[..., Any] | None = None,
) -> Checked:
    """Hold a derivation against the library at every shape.

    derive   sizes → Derivation
    build    sizes → the library's layer, function, loss or model; layers are checked as a float64 copy, and the
             `back` of a loss is called as back() and as back(2.0)
    shapes   one tuple of sizes for each comparison
    of       the library's layer or function that is named beside the formulas, where `build` wraps it

    Returns an object that shows the checked formulas as a table, also kept in `checked()`.
    Raises  FormulaError that names the check, the entry and the numbers; ValueError where `of` is a layer that is not
            part of what is built.
    """
    if not shapes:
        raise ValueError("check takes at least one tuple of sizes, got none")
    errors: dict[str, dict[str, float]] = {}
    for shape in shapes:
        thing = build(*shape)
        thing = thing.astype(np.float64) if isinstance(thing, Layer) else thing
        if isinstance(of, type) and not any(isinstance(part, of) for part in getattr(thing, "layers_below", ())):
            raise ValueError(f"of={of.__name__} names no layer of what is checked, {type(thing).__name__}")
        evaluation = Evaluation(derive(*shape), thing)
        rng = np.random.default_rng(0)
        points = [evaluation.at(rng) for _ in range(POINTS)]
        _compare_proof(evaluation, points[0], shape)
        for sides in points:
            _compare_numbers(sides, shape, errors)
    result = Checked(derive, of or thing, tuple(map(tuple, shapes)), errors)
    _RECORD[:] = [r for r in _RECORD if (r.name, r.library) != (result.name, result.library)] + [result]
    return result


def _compare_proof(evaluation: Evaluation, sides: dict, shape: tuple) -> None:
    for q, formula in evaluation.closed.items():
        derived = evaluation.derived[q]
        if not equal(derived, formula):
            entry = next(ij for ij in np.ndindex(formula.shape) if not equal(derived[ij], formula[ij]))
            raise _disagreement("proof", q, sides[q], entry, shape)


def _compare_numbers(sides: dict, shape: tuple, errors: dict) -> None:
    _compare("forward", "y", sides["y"], "library", CODE, shape)
    for q, values in sides.items():
        if q != "y":
            code = _compare("code", q, values, "library", CODE, shape)
            differences = _compare("differences", q, values, "differences", DIFFERENCES, shape)
            worst = errors.setdefault(str(q), {"code": 0.0, "differences": 0.0})
            worst.update(code=max(worst["code"], code), differences=max(worst["differences"], differences))


def _compare(kind: str, q: Any, values: dict, side: str, power: int, shape: tuple) -> float:
    """The largest error of one side against the formula, relative to the largest entry where that exceeds one."""
    wanted = values["formula"]
    error = np.abs(wanted - values[side]) / max(1.0, float(np.abs(wanted).max()))
    if not np.all(error < 10.0**power):
        worst = np.argmax(np.where(np.isnan(error), np.inf, error))
        raise _disagreement(kind, q, values, np.unravel_index(worst, error.shape), shape)
    return float(error.max())


def _disagreement(kind: str, q: Any, values: dict, index: tuple, shape: tuple) -> FormulaError:
    name = "y" if q == "y" else f"d{q}"
    numbers = {side: float(array[index]) for side, array in values.items()}
    return FormulaError(kind, f"{name}[{', '.join(map(str, index))}]", numbers, shape)


def checked() -> list[Checked]:
    """Every check that has passed since the kernel started, for the ledger."""
    return list(_RECORD)
