"""The theme's icons as drawings in the page: its own way is a script of 1.5 MB that draws them when the page is read.

Drawn while the site is built they need no script, are there at once, and bring no style that a policy would forbid.
"""

import re
from functools import lru_cache
from pathlib import Path

import pydata_sphinx_theme

SCRIPT = Path(pydata_sphinx_theme.__file__).parent.glob("theme/*/static/scripts/fontawesome.js")
ICON = re.compile(r'(?:"([\w-]+)"|\b([\w$]+)):\[(\d+),(\d+),\[([^\]]*)\],"[a-f0-9]+","([^"]*)"\]')
PLACE = re.compile(r'<(i|span) class="([^"]*\bfa[srb]? [^"]*|[^"]*\bfa-[^"]*)"([^>]*)></\1>')
STYLES = {"fa", "fas", "far", "fab", "fa-solid", "fa-regular", "fa-brands"}  # they would ask for the font as well
RULES = re.compile(r"(?:\.fa-[\w-]+:before,?)+\{content:[^}]*\}\s*")  # one for each of two thousand icons
LOADED = re.compile(r"\s*<!-- So that users can add custom icons -->\s*<script[^>]*fontawesome\.js[^>]*></script>")


@lru_cache(1)
def drawings() -> dict[str, tuple[str, str, str]]:
    """Width, height and path of each icon of one colour by its names; solid icons, the last set, win."""
    (script,) = SCRIPT
    found = {}
    for quoted, bare, width, height, others, path in ICON.findall(script.read_text(encoding="utf-8")):
        for name in [quoted or bare, *re.findall(r'"([\w-]+)"', others)]:
            found[name] = width, height, path
    return found


def draw(place: re.Match[str]) -> str:
    """The drawing for one icon; what is none stays as it is."""
    classes = [c for c in place[2].split() if c not in STYLES]
    known = [name for c in classes if (name := c.removeprefix("fa-")) != c and name in drawings()]
    if not known:
        return place[0]
    width, height, path = drawings()[known[0]]
    return (
        f'<svg class="icon {" ".join(classes)}"{place[3]} viewBox="0 0 {width} {height}" aria-hidden="true">'
        f'<path fill="currentColor" d="{path}"/></svg>'
    )


def trim_style(folder: Path) -> None:
    """Take the theme's rules for icons as letters of a font out of its style: a fifth of what a page loads of it."""
    style = folder / "styles" / "pydata-sphinx-theme.css"
    rules = style.read_text(encoding="utf-8")
    if (fewer := RULES.sub("", rules)) != rules:
        style.write_text(fewer, encoding="utf-8")


def with_icons(page: str) -> str:
    """The page with its icons drawn and without the script that would draw them."""
    return PLACE.sub(draw, LOADED.sub("", page))
