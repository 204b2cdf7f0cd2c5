"""Formulas keep their commas and numbers their signs, and nothing else is touched."""

from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.parsers.rst import Parser
from docutils.utils import new_document

from website.typography import Bind


def bound(*children: nodes.Node) -> nodes.paragraph:
    document = new_document("page", get_default_settings(Parser))
    paragraph = nodes.paragraph("", "", *children)
    document += paragraph
    Bind(document).run()
    return paragraph


def formula(tex: str = "x") -> nodes.math:
    return nodes.math(tex, tex)


def test_a_per_cent_sign_stays_with_its_number() -> None:
    assert (
        bound(nodes.Text("Some 40 % of 5 %ages")).astext() == "Some 40\N{NO-BREAK SPACE}% of 5\N{NO-BREAK SPACE}%ages"
    )
    assert bound(nodes.literal("", "a = 40 % 7")).astext() == "a = 40 % 7"


def test_a_product_of_numbers_stays_together() -> None:
    assert (
        bound(nodes.Text("a 3 × 3 window, 4 × d")).astext() == "a 3\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}3 window, 4 × d"
    )


def test_a_negative_number_has_a_minus_and_a_name_its_hyphen() -> None:
    assert bound(nodes.Text("-4, (-0.5) and GPT-2, 3-1, 10-12, a --2 option, text-5")).astext() == (
        "\N{MINUS SIGN}4, (\N{MINUS SIGN}0.5) and GPT-2, 3-1, 10-12, a --2 option, text-5"
    )
    assert bound(nodes.literal("", "x -1"), formula("-1")).astext() == "x -1-1"


def test_marks_stay_with_a_short_formula() -> None:
    said = bound(
        nodes.emphasis("", "so"), nodes.Text(", "), formula(), nodes.Text(", "), formula("y"), nodes.Text(" is")
    )
    assert [type(node).__name__ for node in said] == ["emphasis", "Text", "inline", "Text", "math", "Text"]
    assert [node.astext() for node in said] == ["so", ", ", "x,", " ", "y", " is"]
    assert said[2]["classes"] == ["bound"] and isinstance(said[2][0], nodes.math)


def test_a_long_formula_may_be_broken() -> None:
    long = "a + b + c + d + e + f + g + h"
    assert isinstance(bound(formula(long), nodes.Text(", or"))[0], nodes.math)
