"""What the page shows is what was checked: formulas with letters for sizes, a table without rounding's digits."""

import numpy as np
import pytest
import sympy as sp
from derivations import CASES, dense, mse, network, new_dense, new_network

from chainrule.symbolic import Derivation, check, elementwise, hadamard, latex, matrix, ones
from website.maths import render

x = sp.Symbol("x", real=True)


@pytest.mark.parametrize("name", CASES)
def test_the_site_can_typeset_every_formula(name):
    derive, build, shapes = CASES[name]
    result = check(derive, build, shapes[:1])
    for q in (None, *map(str, derive(*shapes[0]).gradients), *map(str, derive(*shapes[0]).where)):
        assert "<math" in render(result.formula(q), True)


def test_the_shown_formula_is_the_checked_one_with_letters_for_sizes():
    result = check(dense, new_dense, [(2, 3, 2)])
    assert result.formula("W") == r"\frac{\partial L}{\partial W} = x^{\top} u"
    assert result.formula("b") == r"\frac{\partial L}{\partial b} = \mathbf{1}^{\top} u"
    assert result.formula("x") == r"\frac{\partial L}{\partial x} = u W^{\top}"
    assert result.formula() == r"y = x W + \mathbf{1} b"
    assert result.formula("W")._repr_latex_() == f"$\\displaystyle {result.formula('W')}$"
    with pytest.raises(ValueError, match="formulas for x, W, b; got 'V'"):
        result.formula("V")


def test_a_network_shows_its_intermediate_results():
    result = check(network, new_network, [(1, 1, 2, 1)])
    assert result.formula("da") == r"da = \left(dl W_{2}^{\top}\right) \circ \left(1 - h^{2}\right)"
    assert result.formula("dl") == r"dl = \frac{1}{N n_{out}} \left(\sigma\left(l\right) - t\right)"
    assert result.formula().startswith("L = ")


def test_the_output_is_not_confused_with_an_input_called_y():
    result = check(mse, CASES["mse"][1], [(1, 2)])
    assert result.formula().startswith("L = ")
    assert result.formula("y").startswith(r"\frac{\partial L}{\partial y} = ")
    assert result._repr_markdown_().split("\n")[2].startswith(r"| $\displaystyle L$ |")


def test_an_output_with_a_name_is_shown_with_its_definition():
    result = check(*CASES["tanh"])
    assert result.formula() == result.formula("y") == r"y = \tanh{\left(x \right)}"


def test_the_table_is_markdown_with_bounds_and_no_digits_of_rounding():
    lines = check(dense, new_dense, [(2, 3, 2), (1, 2, 3)])._repr_markdown_().split("\n")
    assert lines[0] == "| quantity | formula | error against the library | against finite differences |"
    assert lines[2] == r"| $\displaystyle y$ | $\displaystyle x W + \mathbf{1} b$ | $< 10^{-12}$ | — |"
    gradient = r"| $\displaystyle \frac{\partial L}{\partial W}$ | $\displaystyle x^{\top} u$ |"
    assert lines[4] == gradient + " $< 10^{-12}$ | $< 10^{-7}$ |"
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
    assert r"\left\vert" in result._repr_markdown_()


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        (lambda a, b: hadamard(a, b) * ones(3, 1), r"\left(a \circ b\right) \mathbf{1}"),
        (lambda a, b: hadamard(a, a - b), r"a \circ \left(a - b\right)"),
        (lambda a, b: hadamard(a, b) - a, r"a \circ b - a"),
        (lambda a, b: (a + b).T * a, r"\left(a^{\top} + b^{\top}\right) a"),
        (lambda a, b: -a - 2 * b, r"-2 b - a"),
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
