"""Is this expression that one? Decided exactly, cheaply, or not at all.

`simplify` may take a minute on one gradient of an LSTM. Here a difference is shown by a number, the value at a random
point, to 40 digits; equality by algebra, on each side of every kink, as described in `atoms`. Where neither succeeds,
`Undecided` is raised: this module never guesses.
"""

import random

import mpmath
import sympy as sp
from sympy.core.function import AppliedUndef

from chainrule.symbolic.atoms import Atoms
from chainrule.symbolic.kinks import Step, as_piecewise, infeasible, with_steps
from chainrule.symbolic.formulas import sigmoid
from chainrule.symbolic.matrices import entries

REWRITTEN = ((), (sigmoid,), (sigmoid, sp.tanh, sp.sinh, sp.cosh, sp.coth))  # in exp, at each attempt


class Undecided(ArithmeticError):
    """Neither proven zero nor shown to differ; the message holds the expression."""


def equal(a, b) -> bool:
    """True where a = b for all values of their symbols, False where not; a, b expressions or matrices.

    Equality holds away from kinks (the corner of a ReLU).
    Raises  ValueError where the shapes differ, Undecided where neither can be shown.
    """
    a, b = entries(a), entries(b)
    if a.shape != b.shape:
        raise ValueError(f"equal compares matrices of one shape, got {a.shape} and {b.shape}")
    return all(is_zero(p - q) for p, q in zip(a, b))


def is_zero(e: sp.Expr) -> bool:
    """True where e vanishes identically (away from kinks), False where it does not; see `equal`."""
    e = with_steps(sp.sympify(e).doit())
    if e.has(sp.zoo, sp.nan, sp.oo):
        raise Undecided(f"not finite: {e}")
    if e.is_Rational:
        return e == 0
    if differs_at_a_point(e):
        return False
    if all(proven_zero(case) for case in cases(e)):
        return True
    raise Undecided(f"neither proven zero nor shown to differ from it: {e}")


def cases(e, holding=()):
    """The expression on each side of each of its kinks, sides that contradict each other left out."""
    steps = sorted((s for s in e.atoms(Step) if not s.args[0].has(Step)), key=str)
    if not steps:
        yield e
        return
    condition = steps[0].args[0]
    for value, above in ((1, condition), (0, -condition)):
        if not infeasible((*holding, above)):
            yield from cases(with_steps(e.xreplace({steps[0]: sp.Integer(value)})), (*holding, above))


def differs_at_a_point(e) -> bool:
    """Whether a value at a random point shows that e is not zero; functions without a definition have no values."""
    if e.atoms(AppliedUndef, sp.Derivative, sp.Subs):
        return False
    names = sorted(e.free_symbols, key=str)
    f = sp.lambdify(names, as_piecewise(e).replace(sigmoid, lambda x: 1 / (1 + sp.exp(-x))), "mpmath", cse=True)
    dice, finite = random.Random(0), 0
    with mpmath.workdps(60):
        for _ in range(20):
            try:
                value = abs(f(*(draw(s, dice) for s in names)))
            except (ZeroDivisionError, ValueError):
                continue
            if mpmath.isfinite(value):
                finite += 1
                if value > mpmath.mpf("1e-40"):
                    return True
            if finite == 3:
                return False
    raise Undecided(f"no finite value at any of 20 points: {e}")


def draw(symbol, dice):
    size = mpmath.mpf(dice.randint(2 * 10**8, 15 * 10**8)) / 10**9
    return size if symbol.is_positive or dice.random() < 0.5 else -size


def proven_zero(e) -> bool:
    """First with σ and tanh as they stand, which is quick; then written in exp, which relates them to each other."""
    return any(Atoms(rewritten).vanishes(e) for rewritten in REWRITTEN if not rewritten or e.has(*rewritten))
