"""Explorers on the website: HTML that any tool can show, pictures that the build moves to files."""

import base64
import io
import json
from html.parser import HTMLParser
from types import SimpleNamespace

import numpy as np
import pytest
from an_explorer import made
from PIL import Image

import chainrule.explore as package
from website.frames import move_frames, remove_orphans

CALLED_WITH_ACT = {
    "compute": lambda rate, act: np.full(3, rate),
    "draw": lambda fig, result, rate, act: fig.subplots().plot(result),
    "describe": lambda result, rate, act: f"{act} at {rate}.",
}


class Figure(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags, self.data = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        if self.tags and self.tags[-1][0] == "script":
            self.data += data

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]

    def rows(self):
        return [attrs for attrs in self.all("div") if "data-values" in attrs]


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setenv("CHAINRULE_STATIC", "1")
    monkeypatch.setattr(package, "_explorers", {})


@pytest.mark.usefixtures("site")
def test_static_figure_holds_every_frame_with_its_text():
    explorer = made(describe=lambda result, rate, depth: f"</script> {rate} & {depth}", labels={"rate": "η"})
    bundle = explorer._repr_mimebundle_()
    assert set(bundle) == {"text/html", "image/png", "text/plain"}
    page = Figure(bundle["text/html"])
    data = json.loads(page.data)
    assert data["alts"] == [f"</script> {s['rate']} & {s['depth']}" for s in explorer.grid]
    assert len(data["frames"]) == 6
    assert page.all("img")[0]["alt"] == "</script> 0.2 & 2"
    assert page.all("img")[0]["src"] == data["frames"][3]
    assert page.all("figure")[0] == {
        "class": "explorer", "id": "explorer-decay", "data-name": "decay", "data-frame": "3"
    }  # fmt: skip
    rate, _ = page.all("input")
    assert (rate["type"], rate["max"], rate["value"], rate["aria-valuetext"]) == ("range", "2", "1", "0.2")
    assert [json.loads(row["data-values"]) for row in page.rows()] == [["0.1", "0.2", "0.3"], ["1", "2"]]
    assert all("hidden" in attrs for attrs in page.all("div") if attrs["class"] == "explorer-controls")
    assert not [a for _, attrs in page.tags for a in attrs if a == "style" or a.startswith("on")]


@pytest.mark.usefixtures("site")
def test_static_pictures_equal_live_ones_in_content():
    frames = json.loads(Figure(made()._repr_mimebundle_()["text/html"]).data)["frames"]
    sizes = {Image.open(io.BytesIO(base64.b64decode(f.split(",")[1]))).size for f in frames}
    assert sizes == {(1600, 700)}


@pytest.mark.usefixtures("site")
def test_a_boolean_is_a_checkbox():
    page = Figure(made(depth=[True, False], start={"depth": True})._repr_mimebundle_()["text/html"])
    assert page.all("input")[1]["type"] == "checkbox"
    assert "checked" in page.all("input")[1]
    assert json.loads(page.rows()[1]["data-values"]) == ["off", "on"]


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("values", "tags"),
    [
        (["tanh", "relu", "<none>"], ["input"] * 3),
        (["a rather long name", "another rather long name", "and one more"], ["select"]),
        (list("abcdefgh"), ["select"]),
        ([1, 2, "all"], ["input"]),
    ],
)
def test_strings_are_buttons_and_a_list_where_they_are_many_or_long(values, tags):
    page = Figure(made(depth=None, act=values, **CALLED_WITH_ACT)._repr_mimebundle_()["text/html"])
    assert [tag for tag, _ in page.tags if tag in ("input", "select")] == ["input", *tags]
    assert json.loads(page.rows()[1]["data-values"]) == [str(v) for v in values]


@pytest.mark.usefixtures("site")
def test_a_unit_is_shown_and_stays_out_of_addresses():
    page = Figure(made(unit_of={"rate": "per step", "depth": "°"})._repr_mimebundle_()["text/html"])
    assert [i["aria-valuetext"] for i in page.all("input")] == ["0.2\u00a0per step", "2°"]
    assert [json.loads(row["data-values"])[0] for row in page.rows()] == ["0.1", "1"]
    assert [json.loads(row["data-shown"])[0] for row in page.rows()] == ["0.1\u00a0per step", "1°"]


@pytest.mark.usefixtures("site")
def test_a_name_serves_once_on_a_page():
    made()
    with pytest.raises(ValueError, match="two explorers of this page are named 'decay'"):
        made()


@pytest.mark.usefixtures("site")
def test_the_build_moves_pictures_to_files(tmp_path):
    html = made()._repr_mimebundle_()["text/html"]
    other = '<img src="data:image/png;base64,AAAA">'
    moved = move_frames(html + other, tmp_path / "frames", "../_static/frames")
    assert "data:image/webp" not in moved
    assert other in moved
    addresses = json.loads(Figure(moved).data)["frames"]
    files = [tmp_path / "frames" / a.removeprefix("../_static/frames/") for a in addresses]
    assert all(Image.open(f).format == "WEBP" for f in files)
    assert len(list((tmp_path / "frames").iterdir())) == len(set(addresses))


def test_pictures_that_no_page_names_are_removed(tmp_path):
    frames = tmp_path / "_static" / "frames"
    frames.mkdir(parents=True)
    for name in ("old.webp", "kept.webp", "also.png"):
        (frames / name).touch()
    (tmp_path / "chapter.html").write_text('<img src="../_static/frames/kept.webp">["_static/frames/also.png"]')
    app = SimpleNamespace(outdir=str(tmp_path), builder=SimpleNamespace(format="html"))
    remove_orphans(app, RuntimeError("the build failed"))
    assert len(list(frames.iterdir())) == 3
    remove_orphans(app, None)
    assert {p.name for p in frames.iterdir()} == {"kept.webp", "also.png"}
