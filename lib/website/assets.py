"""What a page loads before it is seen: one style instead of twenty, its faces at once, scripts later.

Each style that a page links is a trip to the server that the first line of text waits for. They are joined in the
order in which the page lists them, so that the rules decide as they did; only the printed page's style stays apart.
"""

import hashlib
import json
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from website.pages import at_the_end
from website.styles import needed, words

LINK = re.compile(r'[ \t]*<link (?=[^>]*rel="stylesheet")(?![^>]*media=)[^>]*href="([^"?:]+)[^"]*"[^>]*>\n?')
PLACE = re.compile(r"""url\((?!["']?(?:data:|https?:|/|#))["']?([^"')]+)["']?\)""")
IMPORT = re.compile(r"""@import (?:url\()?["']([^"']+)["']\)?;""")
INLINE = "(?![^>]*documentation_options)"  # what scripts in the page read at once
SCRIPT = re.compile(rf'<script {INLINE}(?![^>]*\bdefer\b)(?=[^>]*src="[^":]+")')
EARLY = re.compile(r'[ \t]*<link rel="preload" as="script"[^>]*>\n?')  # they would come before the style

UPRIGHT = ["source-serif/source-serif-4-latin-wght-normal", "source-sans/source-sans-3-latin-wght-normal"]
ITALIC = "source-serif/source-serif-4-latin-wght-italic"
EARLY_FACES = """    <script>
      if (location.protocol !== "file:") { // from files a browser refuses, and needs no haste
        for (const face of FACES) {
          const early = { rel: "preload", as: "font", type: "font/woff2", crossOrigin: "" };
          early.href = `${document.documentElement.dataset.content_root}_static/${face}.woff2`;
          document.head.append(Object.assign(document.createElement("link"), early));
        }
      }
    </script>
"""


def style(path: Path, base: Path) -> str:
    """The style with what it imports, its addresses seen from the base."""
    text = path.read_text(encoding="utf-8").removeprefix("\ufeff").replace('@charset "UTF-8";', "")

    def moved(place: re.Match[str]) -> str:
        return f"url({os.path.relpath(path.parent / place[1], base)})"

    text = PLACE.sub(moved, text)
    return IMPORT.sub(lambda found: style((path.parent / found[1]).resolve(), base), text)


@lru_cache(None)
def joined(paths: tuple[Path, ...], static: Path) -> str:
    """Write the styles as one file of `_static`; its name, which says what it joins, and its version."""
    text = needed("\n".join(style(path, static) for path in paths), words(static.parent))
    file = static / f"site-{digest(' '.join(path.name for path in paths))}.css"
    file.write_text(text, encoding="utf-8")
    return f"{file.name}?v={digest(text)}"


def digest(text: str) -> str:
    """A short name for the text."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def early_faces(page: str) -> str:
    """The script that asks for the faces of the first screen, italics too where they are many: a list of works."""
    dense = page.count("<em>") > len(page) / 2000
    return EARLY_FACES.replace("FACES", json.dumps([*UPRIGHT, *([ITALIC] if dense else [])]))


def with_one_style(page: str, folder: Path) -> str:
    """The page, which lies in the folder, with its styles joined in a file of the site's `_static`."""
    links = list(LINK.finditer(page))
    if len(links) < 2:
        return page
    static = next(above for above in [folder, *folder.parents] if (above / "_static").is_dir()) / "_static"
    paths = tuple((folder / link[1]).resolve() for link in links)
    name, here = joined(paths, static), os.path.relpath(static, folder)
    first, page = links[0].start(), LINK.sub("", page)
    return f'{page[:first]}{early_faces(page)}    <link rel="stylesheet" href="{here}/{name}" />\n{page[first:]}'


def light(page: str, folder: Path) -> str:
    """The page with one style, and with every script of a file run after the page is read, in the same order."""
    return SCRIPT.sub("<script defer ", EARLY.sub("", with_one_style(page, folder)))


def setup(app: Sphinx) -> dict[str, Any]:
    """Join the styles once the theme's are trimmed."""
    at_the_end(app, light, priority=910)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
