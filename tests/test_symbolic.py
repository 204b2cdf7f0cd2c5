"""The formula contract: derivations of every kind pass, and what it shows is what it checked."""

import numpy as np
import pytest
import sympy as sp
from derivations import ACTIVATIONS, CASES, dense, network, new_dense, new_network, rng

from chainrule.activations import relu
from chainrule.dense import Dense
from chainrule.symbolic import (
    Derivation, Undecided, check, checked, elementwise, entries, equal, hadamard, latex, matrix, ones, sigmoid, softmax, total,
)  # fmt: skip

x, y = sp.symbols("x y", real=True)
p, q = sp.symbols("p q", positive=True)
F = sp.Function("F", real=True)
E, L = sp.exp, sp.log


@pytest.mark.parametrize("name", CASES)
def test_derivation_code_and_differences_agree(name):
    derive, build, shapes = CASES[name]
    result = check(derive, build, shapes)
    assert set(result.errors) == {str(v) for v in derive(*shapes[0]).gradients}
    assert max(e for pair in result.errors.values() for e in pair.values()) < 1e-7


# --- the zero test -----------------------------------------------------------------------------

IDENTITIES = {
    "exp of a sum": (E(x + y), E(x) * E(y)),
    "exp of halves": (E(x / 2) * E(sp.Rational(1, 2)), E((x + 1) / 2)),
    "tanh and exp": (sp.tanh(x), (E(2 * x) - 1) / (E(2 * x) + 1)),
    "tanh and sigmoid": (sp.tanh(x), 2 * sigmoid(2 * x) - 1),
    "sigmoid of -x": (sigmoid(-x), 1 - sigmoid(x)),
    "tanh addition": (sp.tanh(x + y), (sp.tanh(x) + sp.tanh(y)) / (1 + sp.tanh(x) * sp.tanh(y))),
    "sigmoid of tanh": (sigmoid(sp.tanh(x)), 1 / (1 + E(-sp.tanh(x)))),
    "log of a product": (L(p * q), L(p) + L(q)),
    "log of a quotient": (L(p / q**2), L(p) - 2 * L(q)),
    "softplus": (L(1 + E(x)), x + L(1 + E(-x))),
    "softplus, slope": (sp.diff(L(1 + E(x)), x), sigmoid(x)),
    "stable bce": (L(1 + E(x)) - y * x, sp.Max(x, 0) - y * x + L(1 + E(-sp.Abs(x)))),
    "powers": (p**q * p**x, p ** (q + x)),
    "exp and log": (E(q * L(p)), p**q),
    "roots": ((sp.sqrt(x**2 + 1) + 1) * (sp.sqrt(x**2 + 1) - 1), x**2),
    "root of three halves": ((x**2 + 1) ** sp.Rational(-3, 2) * (x**2 + 1), 1 / sp.sqrt(x**2 + 1)),
    "cube root": (sp.cbrt(p + 1) ** 2 * sp.cbrt(p + 1), p + 1),
    "sine and cosine": (sp.sin(x + y) ** 2 + sp.cos(x + y) ** 2, sp.Integer(1)),
    "rotation": (sp.cos(x - y), sp.cos(x) * sp.cos(y) + sp.sin(x) * sp.sin(y)),
    "double angle": (sp.cos(2 * x), 1 - 2 * sp.sin(x) ** 2),
    "absolute value": (sp.Abs(x) * sp.sign(x), x),
    "maximum and minimum": (sp.Max(x, y) + sp.Min(x, y), x + y),
    "three-way maximum": (sp.Max(x, y, 0), sp.Max(sp.Max(y, 0), x)),
    "slope of a square": (sp.diff(sp.Max(0, x) ** 2, x), 2 * sp.Max(0, x)),
    "scaled step": (sp.Heaviside(4 * x - 2), sp.Heaviside(x - sp.Rational(1, 2))),
    "clip": (sp.Piecewise((x, sp.Abs(x) <= p), (p * sp.sign(x), True)), sp.Max(-p, sp.Min(x, p))),
    "chain rule in symbols": (sp.diff(sp.exp(F(x)), x), sp.exp(F(x)) * sp.diff(F(x), x)),
    "decimal": (0.1 * x, x / 10),
    "gaussian kl": (
        L(q) - L(p) + (p**2 + x**2) / (2 * q**2) - sp.Rational(1, 2),
        (p**2 / q**2 + x**2 / q**2 - 1) / 2 - L(p / q),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", IDENTITIES)
def test_equal_proves(name):
    a, b = IDENTITIES[name]
    assert equal(a, b)


@pytest.mark.parametrize("name", IDENTITIES)
@pytest.mark.parametrize("nudge", [lambda e: e * (1 + sp.Rational(1, 10**12)), lambda e: e + sp.Rational(1, 10**15)])
def test_equal_is_not_fooled_by_a_near_miss(name, nudge):
    a, b = (side.subs(F(x), x**2).doit() for side in map(sp.sympify, IDENTITIES[name]))
    assert not equal(nudge(a), b)


NEAR = {
    "root of a square": (sp.sqrt(x**2), x),
    "log of a square": (L(x**2), 2 * L(x)),
    "tanh without the two": (sp.tanh(x), (E(x) - 1) / (E(x) + 1)),
    "exp of a product": (E(x * y), E(x) * E(y)),
    "only on one side": (sp.Max(x, 0), x),
    "only in the middle": (sp.Max(-p, sp.Min(x, p)), x),
    "far from the origin": (sp.Piecewise((x, x < sp.Rational(14, 10)), (sp.Rational(14, 10), True)), x),
    "sign of a root": (sp.sqrt(p) * sp.sqrt(q), -sp.sqrt(p * q)),
    "erf and tanh": (sp.erf(x), sp.tanh(1.128 * x)),
}


@pytest.mark.parametrize("name", NEAR)
def test_equal_tells_apart(name):
    a, b = NEAR[name]
    try:
        assert not equal(a, b)
    except Undecided:
        pass  # raising is sound; saying equal would not be


def test_equal_raises_what_it_cannot_decide():
    with pytest.raises(Undecided, match="gamma"):
        equal(sp.gamma(x + 1), x * sp.gamma(x))
    with pytest.raises(Undecided, match="no finite value"):
        equal(1 / sp.Max(x - 10, 0), x)
    with pytest.raises(Undecided, match="not finite"):
        equal(sp.log(sp.Max(-p, 0)), x)
    with pytest.raises(Undecided, match=r"f\(x\)"):
        equal(sp.Function("f")(x), sp.Function("g")(x))
    with pytest.raises(Undecided):  # a difference below what numbers show is not called equality
        equal(x + sp.Rational(1, 10**50), x)


def test_equal_compares_matrices_of_one_shape():
    A, B = matrix("A", 2, 3), matrix("B", 3, 2)
    assert equal((A * B).T, B.T * A.T)
    assert not equal(A * B, B.T * A.T)
    with pytest.raises(ValueError, match=r"one shape, got \(2, 3\) and \(3, 2\)"):
        equal(A, B)


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
    return [sp.diff(loss, v) for v in xs], [gamma / (N * sigma) * (N * d - sum(ds) - v * inner) for d, v in zip(ds, hat)]


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


# --- what the page shows -----------------------------------------------------------------------


def test_the_shown_formula_is_the_checked_one_with_letters_for_sizes():
    result = check(dense, new_dense, [(2, 3, 2)])
    assert result.formula("W") == r"\frac{\partial L}{\partial W} = x^{\top} u"
    assert result.formula("b") == r"\frac{\partial L}{\partial b} = \mathbf{1}^{\top} u"
    assert result.formula("x") == r"\frac{\partial L}{\partial x} = u W^{\top}"
    assert result.formula() == r"y = x W + \mathbf{1} b"
    assert result.formula("W")._repr_latex_() == f"$\\displaystyle {result.formula('W')}$"
    with pytest.raises(ValueError, match="formulas for y, x, W, b; got 'V'"):
        result.formula("V")


def test_a_network_shows_its_intermediate_results():
    result = check(network, new_network, [(1, 1, 2, 1)])
    assert result.formula("da") == r"da = \left(dl W_{2}^{\top}\right) \circ \left(1 - h^{2}\right)"
    assert result.formula("dl") == r"dl = \frac{1}{N n_{out}} \left(\sigma\left(l\right) - t\right)"
    assert result.formula("y").startswith("L = ")


def test_the_table_is_markdown_with_bounds_and_no_digits_of_rounding():
    lines = check(dense, new_dense, [(2, 3, 2), (1, 2, 3)])._repr_markdown_().split("\n")
    assert lines[0] == "| quantity | formula | error against the library | against finite differences |"
    assert lines[2] == r"| $y$ | $x W + \mathbf{1} b$ | $< 10^{-12}$ | — |"
    assert lines[4] == r"| $\frac{\partial L}{\partial W}$ | $x^{\top} u$ | $< 10^{-12}$ | $< 10^{-7}$ |"
    assert lines[-1] == (
        "`Dense`: proven entry by entry for (N, n_in, n_out) = (2, 3, 2), (1, 2, 3), then compared at random points."
    )
    assert all(line.count("|") in (0, 5) for line in lines)


def test_vertical_bars_do_not_end_a_cell():
    def absolute(n):
        x, u = matrix("x", 1, n), matrix("u", 1, n)
        return Derivation(
            inputs=[x], output=elementwise(sp.Abs, x), upstream=u, gradients={x: hadamard(u, elementwise(sp.sign, x))}
        )

    result = check(absolute, lambda n: lambda x: (np.abs(x), lambda dy: dy * np.sign(x)), [(2,)])
    assert all(line.count("|") in (0, 5) for line in result._repr_markdown_().split("\n"))
    assert r"\lvert" in result._repr_markdown_()


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        (lambda a, b: hadamard(a, b) * ones(3, 1), r"\left(a \circ b\right) \mathbf{1}"),
        (lambda a, b: hadamard(a, a - b), r"a \circ \left(a - b\right)"),
        (lambda a, b: hadamard(a, b) - a, r"a \circ b - a"),
        (lambda a, b: (a + b).T * a, r"\left(a^{\top} + b^{\top}\right) a"),
        (lambda a, b: -a - 2 * b, r"-a - 2 b"),
        (lambda a, b: hadamard(a, elementwise(lambda v: 1 - v**2, b)), r"a \circ \left(1 - b^{2}\right)"),
        (lambda a, b: elementwise(lambda v: v**2, a + b), r"\left(a + b\right)^{2}"),
        (lambda a, b: elementwise(sp.tanh, a + b), r"\tanh{\left(a + b \right)}"),
        (lambda a, b: elementwise(sp.Heaviside, a), r"\left[a > 0\right]"),
        (lambda a, b: a * b.T * ones(2, 2), r"a b^{\top} \mathbf{1} \mathbf{1}^{\top}"),
        (lambda a, b: ones(2, 3) - a, r"\mathbf{1} - a"),
        (lambda a, b: sp.exp(x) * a - elementwise(lambda v: 1 - v, b), r"e^{x} a - \left(1 - b\right)"),
    ],
)
def test_latex_keeps_brackets_where_they_matter(formula, wanted):
    assert latex(formula(matrix("a", 2, 3), matrix("b", 2, 3))) == wanted


def test_a_derivation_that_counts_over_its_sizes_is_shown_at_the_first():
    def doubled(n):
        x, u = matrix("x", 1, n), matrix("u", 1, n)
        return Derivation(inputs=[x], output=sum((x for _ in range(n)), 0 * x), upstream=u, gradients={x: n * u})

    result = check(doubled, lambda n: lambda x: (n * x, lambda dy: n * dy), [(2,), (3,)])
    assert result.formula("x") == r"\frac{\partial L}{\partial x} = 2 u"


def test_passed_checks_are_recorded_once_each():
    check(dense, new_dense, [(2, 3, 2)])
    check(dense, new_dense, [(1, 2, 3)])
    records = [r for r in checked() if r.name == "dense"]
    assert [(r.library, r.shapes) for r in records] == [("Dense", ((1, 2, 3),))]


# --- mapping, kinks, bad input -----------------------------------------------------------------


def test_the_callers_layer_is_left_alone():
    layer = Dense(3, 2, rng())
    before = layer.W.copy()
    check(dense, lambda N, n_in, n_out: layer, [(2, 3, 2)])
    assert layer.W.dtype == np.float32
    assert np.array_equal(layer.W, before)
    assert not layer.dW.any()


def test_points_keep_clear_of_kinks_inside_a_composition():
    def shifted(n):
        x, u = matrix("x", 1, n), matrix("u", 1, n)
        kinked = lambda v: sp.Max(v**3 - sp.Rational(1, 2), 0)  # noqa: E731
        slope = lambda v: sp.Piecewise((3 * v**2, v**3 > sp.Rational(1, 2)), (0, True))  # noqa: E731
        return Derivation(
            inputs=[x], output=elementwise(kinked, x), upstream=u, gradients={x: hadamard(u, elementwise(slope, x))}
        )

    def library(x):
        y, back = relu(x**3 - 0.5)
        return y, lambda dy: 3 * x**2 * back(dy)

    check(shifted, lambda n: library, [(9,)])


def test_bad_derivations_are_refused_with_names():
    x, W, u = matrix("x", 2, 3), matrix("W", 3, 2), matrix("u", 2, 2)
    good = {"inputs": [x], "params": {"W": W}, "output": x * W, "upstream": u, "gradients": {W: x.T * u}}
    with pytest.raises(ValueError, match=r"dL/dW has shape \(3, 2\), its formula \(2, 3\)"):
        Derivation(**{**good, "gradients": {W: u.T * x}})
    with pytest.raises(ValueError, match="given for u, which is neither"):
        Derivation(**{**good, "gradients": {u: u}})
    with pytest.raises(ValueError, match=r"output of shape \(2, 2\) needs an upstream"):
        Derivation(**{**good, "upstream": None})
    with pytest.raises(ValueError, match=r"output has shape \(2, 2\), the upstream gradient \(2, 3\)"):
        Derivation(**{**good, "upstream": matrix("u", 2, 3)})
    with pytest.raises(ValueError, match="share a name"):
        Derivation(**{**good, "upstream": matrix("W", 2, 2)})
    t = matrix("t", 2, 3, "one-hot")
    with pytest.raises(ValueError, match="add up to one"):
        Derivation(inputs=[t], output=total(t), gradients={t: ones(2, 3)})
    with pytest.raises(ValueError, match="kind is one of real, positive"):
        matrix("t", 2, 3, "integer")
    with pytest.raises(ValueError, match="one shape"):
        hadamard(x, W)
    with pytest.raises(ValueError, match="at least one tuple"):
        check(dense, new_dense, [])
    with pytest.raises(ValueError, match=r"at most 10 .* got x"):
        entries(matrix("x", 11, 2))


def test_what_does_not_fit_the_library_is_named():
    with pytest.raises(ValueError, match=r"W: the derivation and the library differ in shape: \(3, 2\) and \(2, 3\)"):
        check(dense, lambda N, n_in, n_out: Dense(n_out, n_in, rng()), [(2, 3, 2)])

    def unknown(n):
        x, u, s = matrix("x", 1, n), matrix("u", 1, n), sp.Symbol("s")
        return Derivation(inputs=[x], output=s * x, upstream=u, gradients={x: s * u})

    with pytest.raises(ValueError, match=r"gives a value to \['s'\]"):
        check(unknown, lambda n: relu, [(2,)])


def test_every_activation_of_the_library_without_its_own_case_is_listed():
    assert set(ACTIVATIONS) | {"tanh", "softmax"} >= {"sigmoid", "relu", "leaky_relu", "elu", "softplus", "gelu", "silu"}
