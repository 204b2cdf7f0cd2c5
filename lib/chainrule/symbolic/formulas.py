"""Words that derivations in deep learning need and SymPy lacks: ∘, entry-by-entry functions, σ, softmax, sums."""

from collections.abc import Callable

import sympy as sp

from chainrule.symbolic.matrices import Entries, Formula


class Hadamard(Formula):
    """a ∘ b, in the order in which it was written (SymPy's own class sorts its factors)."""

    def in_entries(self, entries: Entries) -> sp.ImmutableMatrix:
        factors = [entries(f) for f in self.args]
        return sp.ImmutableMatrix(*factors[0].shape, lambda i, j: sp.Mul(*(f[i, j] for f in factors)))


def hadamard(*factors: sp.MatrixExpr) -> sp.MatrixExpr:
    """The product entry by entry, a ∘ b. Raises ValueError where the shapes differ."""
    if len({m.shape for m in factors}) != 1:
        raise ValueError(f"hadamard multiplies matrices of one shape, got {[m.shape for m in factors]}")
    return Hadamard(*factors)


class Elementwise(Formula):
    """A function of one variable applied to each entry."""

    matrix = property(lambda self: self.args[0], doc="The matrix whose entries are its arguments.")
    function = property(lambda self: self.args[1], doc="The function, a Lambda of one variable.")

    def in_entries(self, entries: Entries) -> sp.ImmutableMatrix:
        return entries(self.matrix).applyfunc(self.function)


def elementwise(function: Callable, m: sp.MatrixExpr) -> sp.MatrixExpr:
    """The function applied to each entry of m: `elementwise(sp.tanh, x)`, `elementwise(lambda v: sp.Max(v, 0), x)`."""
    v = sp.Dummy("v", real=True)
    return Elementwise(m, sp.Lambda(v, function(v)))


class softmax(Formula):
    """Each row of s as probabilities:  exp s / Σ exp s."""

    def in_entries(self, entries: Entries) -> sp.ImmutableMatrix:
        weights = entries(self.args[0]).applyfunc(sp.exp)
        return sp.ImmutableMatrix(*weights.shape, lambda i, j: weights[i, j] / sum(weights[i, :]))

    def _latex(self, printer):
        return rf"\operatorname{{softmax}}\left({printer._print(self.args[0])}\right)"


class total(Formula):
    """The sum of all entries, as a 1 × 1 matrix: how a loss is written."""

    shape = property(lambda self: (sp.S.One, sp.S.One), doc="(1, 1)")

    def in_entries(self, entries: Entries) -> sp.ImmutableMatrix:
        return sp.ImmutableMatrix([[sp.Add(*entries(self.args[0]))]])

    def _latex(self, printer):
        return rf"\sum \left({printer._print(self.args[0])}\right)"


class sigmoid(sp.Function):
    """σ(x) = 1 / (1 + e⁻ˣ);  σ' = σ (1 − σ)."""

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return self * (1 - self)

    def _eval_is_positive(self):
        return self.args[0].is_real

    def _eval_is_real(self):
        return self.args[0].is_real

    def _eval_rewrite_as_exp(self, x, **_):
        return 1 / (1 + sp.exp(-x))

    def _latex(self, printer, exp=None):
        power = f"^{{{exp}}}" if exp else ""
        return rf"\sigma{power}\left({printer._print(self.args[0])}\right)"
