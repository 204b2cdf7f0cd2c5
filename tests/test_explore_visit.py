"""The visitor that runs explorers at their default and corners: what it sees, and that it bites."""

import pytest
from an_explorer import PARTS, made

import chainrule.explore as package
from chainrule.explore import explorers, visit


def test_visit_sees_the_default_and_every_corner():
    seen = visit(made(start={"depth": 1}))
    assert list(seen) == [f"rate = {r}, depth = {d}" for r, d in ((0.2, 1), (0.1, 1), (0.1, 2), (0.3, 1), (0.3, 2))]
    assert seen["rate = 0.3, depth = 2"] == "The loss is 0.6."


@pytest.mark.parametrize("part", ["compute", "draw", "describe"])
def test_visit_names_explorer_setting_and_error(part):
    def fails(*args, rate, depth):
        return PARTS[part](*args, rate=rate, depth=depth) if rate < 0.3 else 1 / 0

    with pytest.raises(RuntimeError, match=r"'decay' fails at rate = 0.3, depth = 1: ZeroDivisionError"):
        visit(made(**{part: fails}))


def test_visit_refuses_a_picture_that_is_cut_off():
    def draw(fig, result, rate, depth):
        fig.subplots().plot([0, 1e9 if rate * depth > 0.5 else 1])
        fig.axes[0].ticklabel_format(style="plain")

    with pytest.raises(RuntimeError, match=r"rate = 0.3, depth = 2: ValueError: the picture is cut off by"):
        visit(made(draw=draw, start={"rate": 0.1, "depth": 1}))


def test_explorers_of_a_page_are_listed_once_each(monkeypatch):
    monkeypatch.setattr(package, "_explorers", {})
    made()
    made(name="other")
    made()
    assert [e.name for e in explorers()] == ["decay", "other"]
