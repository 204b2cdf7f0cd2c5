"""While the website is built every frame is visited, and every end of a live slider: what fails there names itself."""

import pytest
from an_explorer import PARTS, made

import chainrule.explore as package
from chainrule.explore import number
from chainrule.explore.static import bundle


@pytest.fixture(autouse=True)
def site(monkeypatch):
    monkeypatch.setenv("CHAINRULE_STATIC", "1")
    monkeypatch.setattr(package, "_explorers", {})


@pytest.mark.parametrize("part", ["compute", "draw", "describe"])
def test_a_failure_names_explorer_setting_and_error(part):
    def fails(*args, rate, depth):
        return PARTS[part](*args, rate=rate, depth=depth) if rate < 0.3 else 1 / 0

    with pytest.raises(RuntimeError, match=r"'decay' fails at rate = 0.3, depth = 1: ZeroDivisionError"):
        bundle(made(**{part: fails}))


def test_every_end_that_only_a_live_slider_reaches_is_visited_too():
    seen = []

    def compute(rate, depth):
        seen.append((rate, depth))
        return PARTS["compute"](rate, depth)

    bundle(made(compute=compute, rate=None, edit={"rate": number(0, 4, 0.5, examples=[1, 2])}))
    assert sorted(seen) == [(rate, depth) for rate in (0, 1, 2, 4) for depth in (1, 2)]


@pytest.mark.parametrize("end", [0.1, 0.3])
def test_a_picture_that_is_cut_off_is_refused(end):
    def draw(fig, result, rate, depth):
        fig.subplots().plot([0, 1e9 if (rate, depth) == (end, 2) else 1])
        fig.axes[0].ticklabel_format(style="plain")

    with pytest.raises(RuntimeError, match=rf"rate = {end}, depth = 2: ValueError: the picture is cut off by"):
        bundle(made(draw=draw, start={"rate": 0.2, "depth": 1}))
