"""Matrix formulas that can be read and also be taken apart.

A formula such as xᵀ u is written once, with matrix symbols, and prints as a person would write it.
`entries` turns the same formula into a small matrix of ordinary SymPy expressions, one for each entry,
which can be differentiated, compared and evaluated.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import sympy as sp
from sympy.core.symbol import Str
from sympy.matrices.expressions.matexpr import MatrixElement

KINDS = {
    "real": "any real number",
    "positive": "above zero",
    "unit": "between zero and one",
    "distribution": "positive, each row adds up to one",
    "one-hot": "a single one in each row, zero elsewhere",
}

SUMS_TO_ONE = ("distribution", "one-hot")


class Variable(sp.MatrixSymbol):
    """A named matrix whose entries are of one `kind`: they are declared, proven and drawn as such."""

    def __new__(cls, name, rows, cols, kind=Str("real")):
        return sp.Basic.__new__(cls, Str(str(name)), sp.sympify(rows), sp.sympify(cols), Str(str(kind)))

    @property
    def kind(self) -> str:
        """One of KINDS."""
        return self.args[3].name

    def symbol(self, i: int, j: int) -> sp.Symbol:
        """Entry (i, j), declared real or positive."""
        return sp.Symbol(f"{self.name}_{i}{j}", **({"real": True} if self.kind == "real" else {"positive": True}))

    @property
    def sizes(self) -> tuple[int, int]:
        """(rows, columns) as numbers. Raises ValueError where one is a letter or above ten."""
        if not all(n.is_Integer and n <= 10 for n in self.shape):
            raise ValueError(
                f"entries are written out for at most 10 rows and columns, got {self.name} of {self.shape}"
            )
        return int(self.rows), int(self.cols)

    def free(self) -> sp.ImmutableMatrix:
        """The entries that may be chosen: all, or all but the last column where rows add up to one."""
        rows, cols = self.sizes
        return sp.ImmutableMatrix(rows, cols - (self.kind in SUMS_TO_ONE), self.symbol)

    def entries(self) -> sp.ImmutableMatrix:
        """All entries; where rows add up to one, the last column is what the others leave."""
        if self.kind not in SUMS_TO_ONE:
            return self.free()
        first = self.free()
        return first.row_join(sp.ImmutableMatrix(self.sizes[0], 1, lambda i, _: 1 - sum(first[i, :])))


def matrix(name: str, rows: Any, cols: Any, kind: str = "real") -> Variable:
    """A matrix symbol (rows, cols).

    kind    "real", "positive", "unit", "distribution" (rows add up to one) or "one-hot".
    Raises  ValueError for any other kind.
    """
    if kind not in KINDS:
        raise ValueError(f"matrix {name!r}: kind is one of {', '.join(KINDS)}, got {kind!r}")
    return Variable(name, rows, cols, kind)


def ones(rows: Any, cols: Any) -> sp.MatrixExpr:
    """The matrix (rows, cols) of ones: ones(1, N) * x adds up the rows, ones(N, 1) * b repeats a row."""
    return sp.OneMatrix(rows, cols)


class Formula(sp.MatrixExpr):
    """A kind of matrix formula that SymPy lacks; subclasses say how to write out its entries."""

    shape = property(lambda self: self.args[0].shape, doc="(rows, columns): those of its first argument.")

    def in_entries(self, entries: "Entries") -> sp.ImmutableMatrix:
        """The entries, given `entries`, which writes out the arguments: what a subclass defines."""
        raise NotImplementedError

    def _entry(self, i, j, **_):
        return entries(self)[i, j]


class Entries:
    """Entry-by-entry form of formulas, where the names in `where` stand for other formulas."""

    def __init__(self, where: Mapping = MappingProxyType({})):
        self.where, self.known = where, {}

    def __call__(self, e: Any) -> sp.ImmutableMatrix:
        e = sp.sympify(e)
        if e not in self.known:
            self.known[e] = self._expand(e)
        return self.known[e]

    def _expand(self, e: sp.Basic) -> sp.ImmutableMatrix:
        if e in self.where:
            return self(self.where[e])
        if isinstance(e, Variable):
            return e.entries()
        if isinstance(e, (sp.MatAdd, sp.MatMul)):
            parts = [self(a) if getattr(a, "is_Matrix", False) else a for a in e.args]
            return sum(parts[1:], parts[0]) if isinstance(e, sp.MatAdd) else sp.ImmutableMatrix(sp.prod(parts))
        if isinstance(e, sp.MatPow):  # SymPy's own form of W W
            if not (e.exp.is_Integer and e.exp.is_positive):
                raise ValueError(f"entries are written out for whole positive powers of a matrix, got {e}")
            return sp.ImmutableMatrix(sp.prod([self(e.base)] * int(e.exp)))
        if isinstance(e, sp.Transpose):
            return self(e.arg).T
        if isinstance(e, Formula):
            return e.in_entries(self)
        if not getattr(e, "is_Matrix", False):
            return self._elements(sp.ImmutableMatrix([[e]]))
        return self._elements(e.as_explicit())

    def _elements(self, m: sp.ImmutableMatrix) -> sp.ImmutableMatrix:
        """Replace x[0, 1], written by hand, by that entry of x."""
        return m.xreplace({e: self(e.parent)[e.i, e.j] for e in m.atoms(MatrixElement)})


def entries(e: Any, where: Mapping = MappingProxyType({})) -> sp.ImmutableMatrix:
    """The formula as an explicit matrix of expressions; a scalar becomes a 1 × 1 matrix."""
    return Entries(where)(e)
