"""Explorers on the website: HTML that any tool can show, pictures that the build moves to files."""

import base64
import io
import json
from html.parser import HTMLParser

import pytest
from an_explorer import made
from PIL import Image

import chainrule.explore as package
from website.frames import move_frames


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
    rate, depth = page.all("input")
    assert (rate["type"], rate["max"], rate["value"], rate["aria-valuetext"]) == ("range", "2", "1", "0.2")
    assert json.loads(depth["data-values"]) == ["1", "2"]
    assert "hidden" in page.all("div")[0]
    assert not [a for _, attrs in page.tags for a in attrs if a == "style" or a.startswith("on")]


@pytest.mark.usefixtures("site")
def test_static_pictures_equal_live_ones_in_content():
    frames = json.loads(Figure(made()._repr_mimebundle_()["text/html"]).data)["frames"]
    sizes = {Image.open(io.BytesIO(base64.b64decode(f.split(",")[1]))).size for f in frames}
    assert sizes == {(1200, 525)}


@pytest.mark.usefixtures("site")
def test_a_boolean_is_a_checkbox():
    page = Figure(made(depth=[True, False], start={"depth": True})._repr_mimebundle_()["text/html"])
    assert page.all("input")[1]["type"] == "checkbox"
    assert "checked" in page.all("input")[1]
    assert json.loads(page.all("input")[1]["data-values"]) == ["off", "on"]


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
