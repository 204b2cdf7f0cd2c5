"""Explorers on the website: tell kernels that they build it, move the pictures out of the pages, bring the scripts.

An explorer's HTML carries its pictures as data addresses. As files named by their content they are fetched only when
a reader touches the controls, are shared between pages, and may be cached for ever.
"""

import base64
import hashlib
import os
import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

EXPLORER = re.compile(r'<figure class="explorer".*?</figure>', re.DOTALL)
PICTURE = re.compile(r"data:image/(webp|png);base64,([A-Za-z0-9+/=]+)")
FOLDER = "_static/frames"
NAMED = re.compile(rf"{FOLDER}/([\w.]+)")


def move_frames(html: str, folder: Path, address: str) -> str:
    """The page with its explorers' pictures written to the folder, which the page reaches at the address."""

    def moved(picture: re.Match[str]) -> str:
        data = base64.b64decode(picture[2])
        name = f"{hashlib.sha256(data).hexdigest()[:20]}.{picture[1]}"
        if not (folder / name).exists():
            folder.mkdir(parents=True, exist_ok=True)
            unfinished = folder / f"{name}.{os.getpid()}"  # a build interrupted here leaves no half picture
            unfinished.write_bytes(data)
            unfinished.replace(folder / name)
        return f"{address}/{name}"

    return EXPLORER.sub(lambda figure: PICTURE.sub(moved, figure[0]), html)


def move_from_page(app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """Move the pictures out of a page's body before it is written."""
    if context.get("body"):
        address = context["pathto"](FOLDER, 1)
        context["body"] = move_frames(context["body"], Path(app.outdir, FOLDER), address)


def remove_orphans(app: Sphinx, error: Exception | None) -> None:
    """Remove the pictures that no page names any more."""
    if error or app.builder.format != "html":
        return
    out = Path(app.outdir)
    pages = (p.read_text(encoding="utf-8") for p in out.rglob("*.html") if "_static" not in p.parts)
    named = {name for page in pages for name in NAMED.findall(page)}
    for picture in Path(out, FOLDER).glob("*"):
        if picture.name not in named:
            picture.unlink()


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell the kernels, which inherit the environment, that they build the site; move frames from every page."""
    os.environ["CHAINRULE_STATIC"] = "1"
    os.environ["CHAINRULE_FRAMES"] = str(Path(app.outdir).parent / ".frames")
    app.add_js_file("explorer-parts.js", defer="defer", priority=400)  # before explorer.js, which uses it
    app.connect("html-page-context", move_from_page)
    app.connect("build-finished", remove_orphans)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
