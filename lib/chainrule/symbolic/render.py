"""How a checked derivation looks on the page: formulas and a table, all printed from the object that was checked."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import sympy as sp
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE, precedence_traditional

from chainrule.symbolic.formulas import Elementwise, Hadamard

CODE, DIFFERENCES = -12, -7  # powers of ten: the largest relative error against `back`, and against differences

PRODUCT, POWER = PRECEDENCE["Mul"], PRECEDENCE["Pow"]


class Printer(LatexPrinter):
    """SymPy's LaTeX in the author's order, with xᵀ for a transpose, 𝟏 for ones, f(x) for f applied to each entry."""

    def __init__(self, names: dict | None = None):
        super().__init__({"order": "none", "symbol_names": names or {}})

    def _print_MatMul(self, e):
        scalar, factors = e.as_coeff_matrices()
        sign = "-" if scalar.could_extract_minus_sign() else ""
        scalar = -scalar if sign else scalar
        number = self.parenthesize(scalar, PRODUCT) if scalar.is_Add else self._print(scalar)
        return sign + f"{number} " * (scalar != 1) + " ".join(self._factor(a, alone=len(factors) == 1) for a in factors)

    def _factor(self, m: sp.MatrixExpr, alone: bool) -> str:
        if isinstance(m, sp.OneMatrix) and 1 not in m.shape:
            return r"\mathbf{1} \mathbf{1}^{\top}"
        return self.parenthesize(m, PRODUCT, strict=alone or not isinstance(m, Hadamard))

    def _print_Hadamard(self, e):
        parts = map(unrolled, e.args)
        return r" \circ ".join(self.parenthesize(a, PRODUCT, strict=not isinstance(a, sp.MatMul)) for a in parts)

    def _print_MatPow(self, e):
        product = unrolled(e)
        return super()._print_MatPow(e) if product is e else self._print(product)

    def _print_MatAdd(self, e):
        text = ""
        for term in map(self._print, sorted(e.args, key=reading_order)):
            minus = term.startswith("-")
            text += (" - " if minus else " + ") + term.removeprefix("-").lstrip()
        return text.removeprefix(" + ").replace(" - ", "-", text.startswith(" - "))

    def _print_Heaviside(self, e):
        return rf"\left[{self._print(e.args[0])} > 0\right]"

    def _print_Transpose(self, e):
        return rf"{self.parenthesize(e.arg, POWER)}^{{\top}}"

    def _print_OneMatrix(self, e):
        return r"\mathbf{1}^{\top}" if e.rows == 1 and e.cols != 1 else r"\mathbf{1}"

    def _print_Elementwise(self, e):
        (variable,), body = e.function.variables, e.function.expr
        inner = self._print(e.matrix)
        if not e.matrix.is_symbol and any(variable in a.args for a in sp.preorder_traversal(body) if not a.is_Function):
            inner = rf"\left({inner}\right)"
        return Printer({variable: inner}).doprint(body)

    def parenthesize(self, item: Any, level: int, is_neg: bool = False, strict: bool = False) -> str:
        """LaTeX of a part, in brackets where it binds less tightly than its surroundings, `level`."""
        if isinstance(item, (Elementwise, Hadamard)):
            own = PRODUCT if isinstance(item, Hadamard) else precedence_traditional(item.function.expr)
            text = self._print(item)
            return rf"\left({text}\right)" if own < level or (own == level and not strict) else text
        return super().parenthesize(unrolled(item), level, is_neg, strict)


def unrolled(m: Any) -> Any:
    """W W for SymPy's power of a matrix: in the book's notation W² squares each entry."""
    if not (isinstance(m, sp.MatPow) and m.exp.is_Integer and m.exp.is_positive):
        return m
    factors = m.base.args if isinstance(m.base, sp.MatMul) else (m.base,)
    return sp.MatMul(*factors * int(m.exp))


def reading_order(term: sp.MatrixExpr) -> tuple:
    """A constant first, then the shortest, a repeated row (𝟏 b) late, what is subtracted last."""
    scalar, product = unrolled(term).as_coeff_mmul()
    factors = product.args if isinstance(product, sp.MatMul) else (product,)
    constant, repeated = (isinstance(factors[0], sp.OneMatrix) and n for n in (len(factors) == 1, len(factors) > 1))
    return scalar.could_extract_minus_sign(), not constant, repeated, len(factors)


def latex(e: Any) -> str:
    """LaTeX of a matrix formula or an expression, in the book's notation."""
    return Printer().doprint(e)


class Formula(str):
    """LaTeX source that a notebook shows as a displayed formula."""

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self}$"


class Checked:
    """A derivation that has passed every check. Displays as a table; `formula("W")` gives one line of it."""

    def __init__(self, derive: Callable, library: Any, shapes: Sequence[tuple], errors: dict):
        self.name, self.derive = derive.__name__, derive
        name = getattr(library, "__name__", type(library).__name__)
        self.library = self.name if name == "<lambda>" else name
        self.shapes, self.errors = shapes, errors
        self.derivation = with_symbolic_sizes(derive, shapes[0])

    def formula(self, name: str | None = None) -> Formula:
        """The formula of dL/d(name), of the intermediate result `name`, or without a name of the output."""
        d = self.derivation
        if name is None and d.output in d.where:
            name = str(d.output)
        if name is None:
            return Formula(f"{'L' if d.upstream is None else 'y'} = {latex(d.output)}")
        for q, formula in d.gradients.items():
            if str(q) == name:
                return Formula(rf"\frac{{\partial L}}{{\partial {latex(q)}}} = {latex(formula)}")
        for q, formula in d.where.items():
            if str(q) == name:
                return Formula(f"{latex(q)} = {latex(formula)}")
        names = [str(q) for q in (*d.gradients, *d.where)]
        raise ValueError(f"{self.name} has formulas for {', '.join(names)}; got {name!r}")

    def _repr_markdown_(self) -> str:
        """A table of quantity, formula and the bounds that the errors were held to.

        Bounds and not errors: the last digits differ between processors, and the page must not.
        """
        lines = ["| quantity | formula | error against the library | against finite differences |", "|:--|:--|:--|:--|"]
        code, differences = f"$< 10^{{{CODE}}}$", f"$< 10^{{{DIFFERENCES}}}$"
        d, nothing = self.derivation, "—"
        rows = [(q, code if q == d.output else nothing, nothing) for q in d.where]
        rows += [(None, code, nothing)] * (d.output not in d.where)
        rows += [(q, code, differences) for q in d.gradients]
        for q, *bounds in rows:
            left, right = self.formula(q and str(q)).split(" = ", 1)
            lines.append(f"| {' | '.join([cell(left), cell(right), *bounds])} |")
        return "\n".join([*lines, "", self._summary()])

    def __repr__(self) -> str:
        names = ", ".join(f"d{q}" for q in self.derivation.gradients)
        return f"{names}: errors below 1e{CODE} (library) and 1e{DIFFERENCES} (differences). {self._summary()}"

    def _summary(self) -> str:
        sizes = ", ".join(str(s[0] if len(s) == 1 else s) for s in self.shapes if s)
        proven = f"proven entry by entry for ({', '.join(_parameters(self.derive))}) = {sizes}" if sizes else "proven"
        return f"`{self.library}`: {proven}, then compared at random points."


def _parameters(derive: Callable) -> list[str]:
    return list(inspect.signature(derive).parameters)


def with_symbolic_sizes(derive: Callable, shape: Sequence[int]) -> Any:
    """The derivation for sizes N, n_in, …; one that counts over its sizes is shown at the first shape instead."""
    try:
        return derive(*sp.symbols(_parameters(derive)[: len(shape)], integer=True, positive=True))
    except (TypeError, ValueError):
        return derive(*shape)


def cell(formula: str) -> str:
    """A formula for a table's cell, which a vertical bar would end."""
    return r"$\displaystyle " + formula.replace("|", r"\vert ") + "$"
