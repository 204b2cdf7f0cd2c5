"""The formula contract: derivations of every kind pass, symbols find their arrays, and bad ones are refused."""

from dataclasses import replace

import numpy as np
import pytest
import sympy as sp
from derivations import CASES, dense, new_dense, rng

from chainrule.activations import relu
from chainrule.combine import Sequential
from chainrule.dense import Dense, LowRank
from chainrule.symbolic import (
    Derivation,
    check,
    checked,
    elementwise,
    entries,
    equal,
    hadamard,
    latex,
    matrix,
    ones,
    total,
)
from chainrule.symbolic.points import CLEARANCE, Evaluation


@pytest.mark.parametrize("name", CASES)
def test_derivation_code_and_differences_agree(name):
    derive, build, shapes = CASES[name]
    result = check(derive, build, shapes)
    assert set(result.errors) == {str(v) for v in derive(*shapes[0]).gradients}
    assert max(e for pair in result.errors.values() for e in pair.values()) < 1e-7


def test_passed_checks_are_recorded_once_each():
    check(dense, new_dense, [(2, 3, 2)])
    check(dense, new_dense, [(1, 2, 3)])
    records = [r for r in checked() if r.name == "dense"]
    assert [(r.library, r.shapes) for r in records] == [("Dense", ((1, 2, 3),))]


def in_a_sequence(N, n_in, n_out):
    return Sequential(new_dense(N, n_in, n_out))


def test_a_wrapped_layer_is_named_for_itself():
    def derive(N, n_in, n_out):
        inner = dense(N, n_in, n_out)
        return replace(inner, params={f"layers.0.{path}": symbol for path, symbol in inner.params.items()})

    assert "`Dense`: proven entry by entry" in repr(check(derive, in_a_sequence, [(2, 3, 2)], of=Dense))


def test_a_layer_that_is_not_in_what_is_checked_is_not_named():
    with pytest.raises(ValueError, match="of=LowRank names no layer of what is checked, Dense"):
        check(dense, new_dense, [(2, 3, 2)], of=LowRank)


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


def test_random_points_keep_their_distance():
    def kinked(n):
        x, u = matrix("x", n, n), matrix("u", n, n)
        slope = elementwise(lambda v: sp.Heaviside(v - 1), x)
        return Derivation(
            inputs=[x], output=elementwise(lambda v: sp.Max(v - 1, 0), x), upstream=u, gradients={x: hadamard(u, slope)}
        )

    evaluation, generator = Evaluation(kinked(10), None), rng()
    points = [next(iter(evaluation.point_off_kinks(generator)[0].values())) for _ in range(200)]
    assert np.abs(np.array(points) - 1).min() > CLEARANCE


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


def test_a_product_with_itself_is_a_product_and_not_a_square_of_entries():
    def twice(N, n):
        x, W, u = matrix("x", N, n), matrix("W", n, n), matrix("u", N, n)
        return Derivation(
            inputs=[x],
            params={"layers.0.W": W},
            output=x * W * W,  # which SymPy keeps as x W², a power of a matrix
            upstream=u,
            gradients={x: u * W.T * W.T, W: x.T * u * W.T + W.T * x.T * u},
        )

    def new_twice(N, n):
        shared = Dense(n, n, rng(), bias=False)
        return Sequential(shared, shared)

    result = check(twice, new_twice, [(2, 2), (1, 3)])
    assert result.formula() == "y = x W W"
    assert result.formula("x").endswith(r"= u W^{\top} W^{\top}")


def test_powers_of_matrices():
    W, V = matrix("W", 2, 2), matrix("V", 2, 2)
    explicit = entries(W)
    assert equal(W * W * W, explicit * explicit * explicit)
    assert equal((W + V) * (W + V), W * W + W * V + V * W + V * V)
    assert not equal(W * W, elementwise(lambda v: v**2, W))
    assert equal((2 * W) ** 2, 4 * W * W)
    assert equal(entries(V**2, {V: W.T}), (explicit * explicit).T)
    printed = {
        W**3: "W W W", -2 * W * W: "-2 W W", (W * W).T: r"W^{\top} W^{\top}", (-3 * W) ** 2: "9 W W",
        (V + W) ** 2: r"\left(V + W\right) \left(V + W\right)", (V * W) ** 2: "V W V W",
        hadamard(W * W, V): r"\left(W W\right) \circ V", elementwise(lambda v: v**2, W): "W^{2}",
        hadamard(W, V) ** 2: r"\left(W \circ V\right) \left(W \circ V\right)", W * W + V: "V + W W",
    }  # fmt: skip
    assert {formula: latex(formula) for formula in printed} == printed
    for power in (W**-1, W ** sp.Rational(1, 2), W ** sp.Symbol("k", integer=True)):
        with pytest.raises(ValueError, match="whole positive powers of a matrix, got W"):
            entries(power)


def test_what_does_not_fit_the_library_is_named():
    with pytest.raises(ValueError, match=r"W: the derivation and the library differ in shape: \(3, 2\) and \(2, 3\)"):
        check(dense, lambda N, n_in, n_out: Dense(n_out, n_in, rng()), [(2, 3, 2)])

    def unknown(n):
        x, u, s = matrix("x", 1, n), matrix("u", 1, n), sp.Symbol("s")
        return Derivation(inputs=[x], output=s * x, upstream=u, gradients={x: s * u})

    with pytest.raises(ValueError, match=r"gives a value to \['s'\]"):
        check(unknown, lambda n: relu, [(2,)])
