"""Derivations of chapters to come, within reach of the zero test: LSTM, batch norm, attention, softmax, GELU."""

import pytest
import sympy as sp

from chainrule.symbolic import entries, equal, hadamard, matrix, ones, sigmoid, softmax, total

x = sp.Symbol("x", real=True)


def lstm():
    """h' of an LSTM cell: (15 derived gradients, 15 closed formulas)."""
    x, h, c = sp.symbols("x h c", real=True)
    w = sp.symbols("w_i w_f w_o w_g", real=True)
    r = sp.symbols("u_i u_f u_o u_g", real=True)
    b = sp.symbols("b_i b_f b_o b_g", real=True)
    a = [w[k] * x + r[k] * h + b[k] for k in range(4)]
    i, f, o, g = sigmoid(a[0]), sigmoid(a[1]), sigmoid(a[2]), sp.tanh(a[3])
    c1 = f * c + i * g
    t = sp.tanh(c1)
    dc = o * (1 - t**2)
    d = [dc * g * i * (1 - i), dc * c * f * (1 - f), t * o * (1 - o), dc * i * (1 - g**2)]
    formulas = [sum(w[k] * d[k] for k in range(4)), sum(r[k] * d[k] for k in range(4)), dc * f]
    formulas += [dk * v for v in (x, h, 1) for dk in d]
    return [sp.diff(o * t, v) for v in (x, h, c, *w, *r, *b)], formulas


def batch_norm(N=4):
    xs, ds = sp.symbols(f"x1:{N + 1}", real=True), sp.symbols(f"d1:{N + 1}", real=True)
    gamma, eps = sp.symbols("gamma epsilon", positive=True)
    mean = sum(xs) / N
    sigma = sp.sqrt(sum((v - mean) ** 2 for v in xs) / N + eps)
    hat = [(v - mean) / sigma for v in xs]
    loss = sum(d * gamma * v for d, v in zip(ds, hat))
    inner = sum(d * v for d, v in zip(ds, hat))
    return [sp.diff(loss, v) for v in xs], [
        gamma / (N * sigma) * (N * d - sum(ds) - v * inner) for d, v in zip(ds, hat)
    ]


def attention():
    Q, K, V, u = (matrix(name, 2, 2) for name in "QKVu")
    A = softmax(Q * K.T / sp.sqrt(2))
    dA = u * V.T
    dS = hadamard(A, dA - hadamard(dA, A) * ones(2, 2)) / sp.sqrt(2)
    loss = entries(total(hadamard(u, A * V)))[0, 0]
    derived = [sp.diff(loss, v) for m in (Q, K, V) for v in entries(m)]
    return derived, [*entries(dS * K), *entries(dS.T * Q), *entries(A.T * u)]


def softmax_hessian():
    z, t = entries(matrix("z", 1, 3)), entries(matrix("t", 1, 3, "distribution"))
    p = entries(softmax(z))
    loss = -sum(ti * sp.log(pi) for ti, pi in zip(t, p))
    return list(sp.hessian(loss, list(z))), list(sp.diag(*p) - p.T * p)


@pytest.mark.parametrize("derivation", [lstm, batch_norm, attention, softmax_hessian])
def test_derivations_of_later_chapters(derivation):
    derived, formulas = derivation()
    assert equal(sp.Matrix(derived), sp.Matrix(formulas))
    for k, formula in enumerate(formulas):
        if formula != 0:
            assert not equal(derived[k], -formula)


def test_gelu_tanh_slope_in_two_forms():
    c, k = sp.sqrt(2 / sp.pi), sp.Rational(44715, 10**6)
    s = c * (x + k * x**3)
    slope = sp.diff(x / 2 * (1 + sp.tanh(s)), x)
    assert equal(slope, (1 + sp.tanh(s)) / 2 + x / 2 * (1 - sp.tanh(s) ** 2) * c * (1 + 3 * k * x**2))
    assert equal(slope, sigmoid(2 * s) + 2 * x * sigmoid(2 * s) * (1 - sigmoid(2 * s)) * c * (1 + 3 * k * x**2))
