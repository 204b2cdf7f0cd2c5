"""Pictures of the pages: half the bytes, fetched when a reader comes near them, and no jump when they arrive.

Matplotlib's PNG becomes WebP without loss. Each picture gets its size, so that the text below it stands still, and all
but the first of a page wait until they are nearly in view.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image
from sphinx.application import Sphinx

from website.pages import at_the_end

ARTICLE = re.compile(r'<article class="bd-article".*?</article>', re.DOTALL)
PICTURE = re.compile(r"<img [^>]*>")
SOURCE = re.compile(r'\bsrc="([^":]+\.(?:png|webp|jpe?g))"')


@lru_cache(None)
def prepared(path: Path) -> tuple[str, int, int]:
    """The name of the smaller file beside this one, and the picture's width and height."""
    with Image.open(path) as picture:
        smaller = path.with_suffix(".webp")
        if path.suffix == ".png" and path.parent.name == "_images":
            if not smaller.exists() or smaller.stat().st_mtime < path.stat().st_mtime:
                picture.save(smaller, lossless=True, method=6)
            return smaller.name, *picture.size
        return path.name, *picture.size


def with_pictures(page: str, folder: Path) -> str:
    """The page, which lies in the folder, with the pictures of its article prepared."""
    seen = 0

    def better(tag: re.Match[str]) -> str:
        nonlocal seen
        source = SOURCE.search(tag[0])
        if source is None:
            return tag[0]
        name, width, height = prepared((folder / source[1]).resolve())
        seen += 1
        words = {"width": width, "height": height, "decoding": "async"}
        if seen > 1:
            words["loading"] = "lazy"
        added = "".join(f' {key}="{value}"' for key, value in words.items() if f"{key}=" not in tag[0])
        address = re.sub(r"[^/]+$", name, source[1])
        return tag[0].replace(f'src="{source[1]}"', f'src="{address}"{added}')

    return ARTICLE.sub(lambda article: PICTURE.sub(better, article[0]), page)


def setup(app: Sphinx) -> dict[str, Any]:
    """Prepare the pictures once all pages are written."""
    at_the_end(app, with_pictures, priority=920)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
