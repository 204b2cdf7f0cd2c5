"""Functions with corners, all written with one switch.

|x|, sign x, max, Heaviside and case distinctions become polynomials in Step(a), which is 1 where a > 0
and 0 where a < 0.  What happens on a = 0 itself is left open: there the derivative is a convention.
"""

from collections.abc import Callable
from typing import Any

import sympy as sp


class Step(sp.Function):
    """1 where its argument is positive, 0 where it is negative."""

    @classmethod
    def eval(cls, a):
        if a.is_positive or a.is_negative:
            return sp.Integer(bool(a.is_positive))


def step(a: sp.Expr) -> sp.Expr:
    """Step with its argument brought to a normal form, so that Step(2 − 2x) and Step(x − 1) meet."""
    _, a = sp.expand(a).as_content_primitive()
    return 1 - Step(-a) if a.could_extract_minus_sign() else Step(a)


def largest(*values: sp.Expr) -> sp.Expr:
    """The maximum, one step for each value after the first."""
    top = values[0]
    for v in values[1:]:
        top += step(v - top) * (v - top)
    return top


def truth(condition: Any) -> sp.Expr:
    """A condition as 0 or 1; equality counts as false, for it holds on a kink only."""
    if condition in (True, False):
        return sp.Integer(bool(condition))
    if isinstance(condition, (sp.Gt, sp.Ge)):
        return step(condition.lhs - condition.rhs)
    if isinstance(condition, (sp.Lt, sp.Le)):
        return step(condition.rhs - condition.lhs)
    if isinstance(condition, (sp.Eq, sp.Ne)):
        return sp.Integer(isinstance(condition, sp.Ne))
    if isinstance(condition, sp.And):
        return sp.Mul(*map(truth, condition.args))
    if isinstance(condition, sp.Or):
        return 1 - sp.Mul(*(1 - truth(c) for c in condition.args))
    raise ValueError(f"cannot split into cases by {condition}")


def branches(*pairs: tuple) -> sp.Expr:
    """The expression of the first pair (expression, condition) whose condition holds; 0 where none does."""
    rest, value = sp.Integer(1), sp.Integer(0)
    for expression, condition in pairs:
        value += rest * truth(condition) * expression
        rest *= 1 - truth(condition)
    return value


RULES: dict[Any, Callable[..., sp.Expr]] = {
    sp.Abs: lambda a: a * (2 * step(a) - 1),
    sp.sign: lambda a: 2 * step(a) - 1,
    sp.Heaviside: lambda a, at_zero=None: step(a),
    sp.DiracDelta: lambda a, order=0: sp.Integer(0),
    sp.Max: largest,
    sp.Min: lambda *values: -largest(*(-v for v in values)),
    Step: step,
}


def with_steps(e: sp.Expr) -> sp.Expr:
    """The expression with every kink written by Step."""
    if not e.has(*RULES, sp.Piecewise):
        return e
    if isinstance(e, sp.Piecewise):
        return branches(*((with_steps(value), with_steps_inside(condition)) for value, condition in e.args))
    args = [with_steps(a) for a in e.args]
    return RULES[e.func](*args) if e.func in RULES else e.func(*args)


def with_steps_inside(condition: Any) -> Any:
    """The condition with every kink in what it compares written by Step."""
    if isinstance(condition, sp.core.relational.Relational):
        return condition.func(with_steps(condition.lhs), with_steps(condition.rhs))
    return condition.func(*map(with_steps_inside, condition.args)) if condition.args else condition


def as_piecewise(e: sp.Expr) -> sp.Expr:
    """The expression with every Step as a case distinction, which code can evaluate."""
    return e.replace(Step, lambda a: sp.Piecewise((1, a > 0), (0, True)))


def infeasible(conditions: tuple) -> bool:
    """True where the conditions (each > 0) surely contradict each other: one, or the sum of two, is not."""
    pairs = (a + b for i, a in enumerate(conditions) for b in conditions[:i])
    return any(c.is_nonpositive for c in (*conditions, *pairs))


def corners(*expressions: sp.Expr) -> list:
    """The quantities whose sign decides on which side of a kink a point lies."""
    return [s.args[0] for e in expressions for s in sorted(with_steps(e).atoms(Step), key=str)]
