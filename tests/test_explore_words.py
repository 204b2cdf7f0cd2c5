"""How numbers stand in an explorer's sentences and beside its controls."""

import html

import pytest

from chainrule.explore import explore
from chainrule.explore.static import bundle
from chainrule.explore.words import with_minus


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("-4", "−4"),
        ("from (-4, 2) to -0.5", "from (−4, 2) to −0.5"),
        ("1e-06, 3-4, x-1, w.-2, 2026-11-22", "1e-06, 3-4, x-1, w.-2, 2026-11-22"),
        ("mini-batch - 5", "mini-batch - 5"),
    ],
)
def test_a_minus_stands_before_negative_numbers_only(written: str, shown: str) -> None:
    assert with_minus(written) == shown


def test_sentence_value_and_ends_of_a_slider_have_a_minus() -> None:
    slope = explore(
        lambda x: 2 * x,
        lambda fig, y, x: fig.subplots().plot([x, y]),
        name="minus",
        caption="A line.",
        describe=lambda y, x: f"At {x} it is {y}.",
        x=[-2, -1, 3],
    )
    page = html.unescape(bundle(slope)["text/html"])
    assert "At −1 it is −2." in page and "<span>−2</span><span>3</span>" in page and ">−1</output>" in page
    assert 'data-values="["-2", "-1", "3"]"' in page, "the address of a shared state keeps the plain number"
