"""Boxes from plain Markdown: quotations become callouts, sections with a difficulty become exercises."""

import pytest
from docutils import nodes
from docutils.utils import new_document

from website import callouts


def opened(words: str, *rest: nodes.Node) -> nodes.paragraph:
    """A paragraph as MyST makes it from `**words** …`, with an empty text before the bold words."""
    return nodes.paragraph("", "", nodes.Text(""), nodes.strong("", words), *rest)


def page(*children: nodes.Node) -> nodes.document:
    document = new_document("page")
    document += children
    return document


def marked(*children: nodes.Node) -> nodes.document:
    document = page(*children)
    callouts.mark_callouts(None, document)
    callouts.mark_exercises(None, document)
    return document


@pytest.mark.parametrize("kind", callouts.KINDS)
def test_a_quotation_that_opens_with_its_kind_is_a_callout(kind: str) -> None:
    quote = nodes.block_quote(
        "", opened(f"{kind}: half-moons.", nodes.Text(" At least 99 %.")), nodes.paragraph("", "b")
    )
    (box,) = marked(quote).children
    assert box["classes"][:2] == ["callout", kind.lower()]
    assert [child.astext() for child in box] == [f"{kind} half-moons", "At least 99 %.", "b"]
    assert ("margin" in box["classes"]) == (kind == "Aside")


def test_a_callout_needs_no_title() -> None:
    (box,) = marked(nodes.block_quote("", opened("Pitfall.", nodes.Text(" Look at the shapes.")))).children
    assert [child.astext() for child in box] == ["Pitfall", "Look at the shapes."]


def test_a_title_keeps_its_formulas() -> None:
    quote = nodes.block_quote("", opened("Derivation: the gradient of ", nodes.Text(" It is.")))
    quote[0][1] += [nodes.math("", "W"), nodes.Text(".")]
    (box,) = marked(quote).children
    assert [type(part) for part in box[0][-1] if part.astext()] == [nodes.Text, nodes.math]
    assert box[0].astext() == "Derivation the gradient of W"


@pytest.mark.parametrize("words", ["Claims: all.", "Note.", "A Claim."])
def test_any_other_quotation_stays_one(words: str) -> None:
    (quote,) = marked(nodes.block_quote("", opened(words, nodes.Text(" text")))).children
    assert isinstance(quote, nodes.block_quote)


def test_a_section_with_a_difficulty_is_an_exercise_with_badges() -> None:
    title = nodes.title("", "Twice the batch")
    (section,) = marked(nodes.section("", title, opened("(easy, 4 min)", nodes.Text(" By what factor?")))).children
    assert section["classes"] == ["exercise"]
    assert [badge["classes"] for badge in section.findall(nodes.inline)] == [
        ["badges"],
        ["difficulty", "easy"],
        ["minutes"],
    ]
    assert section[1].astext() == "easy 4 min  By what factor?"


def test_any_other_section_is_none() -> None:
    (section,) = marked(nodes.section("", nodes.title("", "a"), opened("(soft, 4 min)"))).children
    assert section["classes"] == []
