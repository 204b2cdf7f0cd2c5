"""A quotient of polynomials in place of an expression.

Each function value (e^x, √v, erf z) becomes a symbol of its own, after e^(a + 2b) has been split into e^a (e^b)² and
log(p q) into log p + log q. If the numerator of what is left expands to nothing, the expression is zero, whatever the
symbols stand for. The converse does not hold: two function values may be related in a way that is not known here.
"""

import random
from typing import Any

import sympy as sp


class Atoms:
    """A table of the function values in an expression, each replaced by a symbol."""

    def __init__(self, rewritten: tuple):
        self.rewritten, self.table, self.roots, self.known = rewritten, {}, {}, {}
        self.units = {}  # m -> the largest c with every e^(k m) in sight a whole power of e^(c m)
        self.exponent, self.argument = {}, {}  # symbol of exp(m) -> m, symbol of log(a) -> a

    def _symbol(self, key: Any, real: bool | None = None, positive: bool | None = None) -> sp.Dummy:
        if key not in self.table:
            self.table[key] = sp.Dummy(real=real or positive, positive=positive)
        return self.table[key]

    def vanishes(self, e: sp.Expr) -> bool:
        """Whether the expression, written in its atoms, is zero; False means that this does not show it."""
        units = None
        while units != self.units:  # a unit found late changes what was built on the earlier one
            units, self.known = dict(self.units), {}
            quotient = self._rational(e)
        if not self.roots and not at_random_integers(quotient):
            return False
        top = numerator(quotient)
        for root, (degree, base) in reversed(self.roots.items()):
            if top.has(root):
                terms = sp.Poly(top, root).terms()
                top = numerator(sp.Add(*(c * root ** (k % degree) * base ** (k // degree) for (k,), c in terms)))
        return top == 0

    def _rational(self, e: sp.Expr) -> sp.Expr:
        """The expression as a quotient of polynomials in its atoms."""
        if e not in self.known:
            self.known[e] = self._translate(e)
        return self.known[e]

    def _translate(self, e: sp.Expr) -> sp.Expr:
        if e.is_Float:
            return sp.Rational(str(e))
        if e.is_Symbol or e.is_Rational:
            return e
        if e.is_Add or e.is_Mul:
            return e.func(*(self._rational(a) for a in e.args))
        if isinstance(e, sp.exp):
            return sp.Mul(*(self._exponential(t) for t in sp.Add.make_args(sp.expand(self._rational(e.args[0])))))
        if e.is_Pow:
            return self._power(*e.args)
        if isinstance(e, sp.log):
            return self._logarithm(self._rational(e.args[0]))
        if isinstance(e, self.rewritten):
            return self._rational(e.rewrite(sp.exp, deep=False))
        inner = [sp.expand(self._rational(a)) for a in e.args] if isinstance(e, sp.Function) else e.args
        if isinstance(e, (sp.sin, sp.cos)):
            return sp.expand_trig(e.func(*inner)).replace(sp.sin, self._sine).replace(sp.cos, self._cosine)
        return self._symbol((e.func, *inner), real=e.is_real or None, positive=e.is_positive or None)

    def _sine(self, a: sp.Expr) -> sp.Expr:
        return self._symbol(("sin", a), real=a.is_real or None)

    def _cosine(self, a: sp.Expr) -> sp.Expr:
        return self._root(1 - self._sine(a) ** 2, 2, a)

    def _power(self, base: sp.Expr, exponent: sp.Expr) -> sp.Expr:
        if exponent.is_Integer:
            return self._rational(base) ** exponent
        if exponent.is_Rational:
            return self._root(sp.cancel(self._rational(base)), exponent.q, positive=base.is_positive) ** exponent.p
        if base.is_positive:
            return self._rational(sp.exp(exponent * sp.log(base)))
        return self._symbol(sp.Pow(self._rational(base), self._rational(exponent), evaluate=False))

    def _root(self, base: sp.Expr, degree: int, label: Any = None, positive: bool | None = None) -> sp.Dummy:
        """A symbol r with r^degree = base."""
        r = self._symbol(("root", base, degree, label), positive=positive or None)
        self.roots.setdefault(r, (degree, base))
        return r

    def _exponential(self, term: sp.Expr) -> sp.Expr:
        """e^(c m), c a fraction, as a whole power of a symbol."""
        c, m = term.as_coeff_Mul()
        if m in self.argument:  # e^(c log a) = a^c
            base = self.argument[m]
            return base**c if c.is_Integer else self._root(base, c.q, positive=True) ** c.p
        unit = self.units[m] = sp.gcd(c, self.units.get(m, c))
        base = self._symbol(("exp", m, unit), positive=m.is_real or None)
        self.exponent[base] = unit * m
        return base ** (c / unit)

    def _logarithm(self, a: sp.Expr) -> sp.Expr:
        """log (p q) = log p + log q for positive factors, log e^m = m."""
        parts = sp.expand_log(sp.log(sp.factor(sp.together(a))))
        return parts.replace(sp.log, self._atomic_logarithm)

    def _atomic_logarithm(self, a: sp.Expr) -> sp.Expr:
        if a in self.exponent and a.is_positive:
            return self.exponent[a]
        symbol = self._symbol(("log", a), real=a.is_positive or None)
        if a.is_positive:
            self.argument[symbol] = a
        return symbol


def at_random_integers(quotient: sp.Expr) -> bool:
    """Whether it vanishes at one point: spares expanding the numerator where it cannot."""
    dice = random.Random(0)
    value = quotient.xreplace({s: sp.Integer(dice.randint(10**3, 10**4)) for s in quotient.free_symbols})
    return value == 0 or not value.is_Rational


def numerator(e: sp.Expr) -> sp.Expr:
    """The numerator over one common denominator, expanded."""
    return sp.expand(sp.fraction(sp.together(e))[0])
