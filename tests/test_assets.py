"""What a page waits for before its first line is seen: one style that holds all rules, and no script."""

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from visit import table_of_contents

from website.assets import light

PAGES = [f"{name}.html" for name in [*table_of_contents(), "search", "404"]]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_waits_for_one_style_and_no_script(site: Path, name: str) -> None:
    page = BeautifulSoup((site / name).read_text(encoding="utf-8"), "html.parser")
    styles = [link["href"] for link in page.select("link[rel=stylesheet]:not([media])")]
    assert len(styles) == 1, styles
    waiting = [s["src"] for s in page.select("script[src]:not([defer], [async])")]
    assert [Path(s.split("?")[0]).name for s in waiting] == ["documentation_options.js"]


def test_the_faces_of_the_first_screen_are_asked_for_early(site: Path) -> None:
    asked = {}
    for name in ("book/foundations/perceptron.html", "book/bibliography.html"):
        (faces,) = re.findall(r"const face of (\[.*?\])", (site / name).read_text(encoding="utf-8"))
        asked[name] = json.loads(faces)
    for faces in asked.values():
        assert all((site / "_static" / f"{face}.woff2").exists() for face in faces)
    upright, with_italic = asked.values()
    assert len(upright) == 2 and [face for face in with_italic if "italic" in face] == with_italic[2:]
    assert len(with_italic) == 3


def test_every_address_in_the_joined_style_is_a_file_of_the_site(site: Path) -> None:
    joined = list((site / "_static").glob("site-*.css"))
    assert joined
    for style in joined:
        text = style.read_text(encoding="utf-8")
        assert "@import" not in text
        for address in re.findall(r"""url\(["']?((?!data:)[^"')]+)""", text):
            path = unquote(address.split("?")[0].split("#")[0])
            assert (style.parent / path).exists() or "webfonts" in path, address  # letters of icons, which are drawn


def test_styles_are_joined_in_their_order_and_seen_from_one_place(tmp_path: Path) -> None:
    static = tmp_path / "_static" / "deep"
    static.mkdir(parents=True)
    (static.parent / "first.css").write_text("p { color: red }", encoding="utf-8")
    (static / "base.css").write_text('@import "../first.css"; p { background: url("dot.png") }', encoding="utf-8")
    (static.parent / "last.css").write_text("p { color: blue; src: url(data:x) }", encoding="utf-8")
    (tmp_path / "part").mkdir()
    page = (
        '<link rel="stylesheet" href="../_static/deep/base.css?v=1" />\n'
        '<link rel="stylesheet" href="../_static/last.css" />\n'
        '<link media="print" rel="stylesheet" href="../_static/print.css" />\n<script src="a.js"></script>'
    )
    seen = light(page, tmp_path / "part")
    (style,) = static.parent.glob("site-*.css")
    rules = style.read_text(encoding="utf-8")
    assert rules.index("red") < rules.index("url(deep/dot.png)") < rules.index("blue")
    assert "url(data:x)" in rules
    assert seen.count('rel="stylesheet"') == 2 and f'href="../_static/{style.name}?v=' in seen
    assert '<script defer src="a.js">' in seen and light(seen, tmp_path / "part") == seen
