"""Derivations in SymPy, bound to the code that runs.

A derivation says what goes in, what comes out and its gradients; `check` holds it against a layer:

    from chainrule.symbolic import Derivation, check, hadamard, matrix, ones

    def dense(N, n_in, n_out):
        x, W, b = matrix("x", N, n_in), matrix("W", n_in, n_out), matrix("b", 1, n_out)
        u = matrix("u", N, n_out)  # dL/dy, from the layer above
        return Derivation(
            inputs=[x], params={"W": W, "b": b}, output=x * W + ones(N, 1) * b, upstream=u,
            gradients={x: u * W.T, W: x.T * u, b: ones(1, N) * u},
        )

    check(dense, lambda N, n_in, n_out: Dense(n_in, n_out, rng), [(2, 3, 2), (1, 2, 3)])
"""

from chainrule.symbolic.contract import Derivation, FormulaError, check, checked
from chainrule.symbolic.formulas import elementwise, hadamard, sigmoid, softmax, total
from chainrule.symbolic.matrices import entries, matrix, ones
from chainrule.symbolic.render import latex
from chainrule.symbolic.zero import Undecided, equal

__all__ = [
    "Derivation",
    "FormulaError",
    "Undecided",
    "check",
    "checked",
    "elementwise",
    "entries",
    "equal",
    "hadamard",
    "latex",
    "matrix",
    "ones",
    "sigmoid",
    "softmax",
    "total",
]
