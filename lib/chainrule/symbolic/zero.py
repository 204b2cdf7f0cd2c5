"""Is this expression that one? Decided exactly, cheaply, or not at all.

`simplify` may take a minute on one gradient of an LSTM. Here a difference is shown by a number, the value at a random
point, to 40 digits; equality by algebra, on each side of every kink, as described in `atoms`. Where neither succeeds,
`Undecided` is raised: this module never guesses.
"""

import random
from collections.abc import Iterator
from typing import Any

import mpmath
import sympy as sp
from sympy.core.function import AppliedUndef

from chainrule.symbolic.atoms import Atoms
from chainrule.symbolic.formulas import sigmoid
from chainrule.symbolic.kinks import Step, as_piecewise, infeasible, with_steps
from chainrule.symbolic.matrices import entries

REWRITTEN = ((), (sigmoid,), (sigmoid, sp.tanh, sp.sinh, sp.cosh, sp.coth))  # in exp, at each attempt


class Undecided(ArithmeticError):
    """Neither proven zero nor shown to differ; the message holds the expression."""


def equal(a: Any, b: Any) -> bool:
    """True where a = b for all values of their symbols, False where not; a, b expressions or matrices.

    Equality holds away from kinks (the corner of a ReLU).
    Raises  ValueError where the shapes differ, Undecided where neither can be shown.
    """
    a, b = entries(a), entries(b)
    if a.shape != b.shape:
        raise ValueError(f"equal compares matrices of one shape, got {a.shape} and {b.shape}")
    differences = [with_steps((p - q).doit()) for p, q in zip(a, b)]
    if differ_at_a_point(differences):
        return False
    for e in differences:
        if not all(proven_zero(case) for case in cases(e)):
            raise Undecided(f"neither proven zero nor shown to differ from it: {e}")
    return True


def cases(e: sp.Expr, holding: tuple = ()) -> Iterator[sp.Expr]:
    """The expression on each side of each of its kinks, sides that contradict each other left out."""
    steps = sorted((s for s in e.atoms(Step) if not s.args[0].has(Step)), key=str)
    if not steps:
        yield e
        return
    condition = steps[0].args[0]
    for value, above in ((1, condition), (0, -condition)):
        if not infeasible((*holding, above)):
            yield from cases(with_steps(e.xreplace({steps[0]: sp.Integer(value)})), (*holding, above))


def differ_at_a_point(expressions: list[sp.Expr]) -> bool:
    """Whether a value at a random point shows that one is not zero; functions without a definition have no values."""
    if any(e.has(sp.zoo, sp.nan, sp.oo) for e in expressions):
        raise Undecided(f"not finite: {expressions}")
    known = [e for e in expressions if e != 0 and not e.atoms(AppliedUndef, sp.Derivative, sp.Subs)]
    names = sorted(set().union(*(e.free_symbols for e in known)), key=str)
    f = sp.lambdify(names, [evaluable(e) for e in known], "mpmath", cse=True)
    wanted = 40 if any(e.has(Step) for e in known) else 3  # each kink has two sides to visit
    dice, finite = random.Random(0), 0
    with mpmath.workdps(60):
        for _ in range(10 * wanted):
            try:
                values = [abs(v) for v in f(*(_draw(s, dice) for s in names))]
            except (ZeroDivisionError, ValueError):
                continue
            if all(map(mpmath.isfinite, values)):
                finite += 1
                if any(v > mpmath.mpf("1e-40") for v in values):
                    return True
            if finite == wanted:
                return False
    raise Undecided(f"fewer than {wanted} finite values at {10 * wanted} points: {known}")


def evaluable(e: sp.Expr) -> sp.Expr:
    """The expression in functions that mpmath has."""
    return as_piecewise(e).replace(sigmoid, lambda x: 1 / (1 + sp.exp(-x))).xreplace({sp.zoo: sp.nan})


def _draw(symbol: sp.Symbol, dice: random.Random) -> mpmath.mpf:
    size = mpmath.mpf(dice.randint(2 * 10**8, 15 * 10**8)) / 10**9
    return size if symbol.is_positive or dice.random() < 0.5 else -size


def proven_zero(e: sp.Expr) -> bool:
    """First with σ and tanh as they stand, which is quick; then written in exp, which relates them to each other."""
    return any(Atoms(rewritten).vanishes(e) for rewritten in REWRITTEN if not rewritten or e.has(*rewritten))
