"""Each page carries a policy: nothing but this site's files, and the inline scripts and styles that it was built with.

It holds on any server and from files, and keeps the promise that no page asks another machine for anything.
"""

import base64
import hashlib
import re
from typing import Any

from sphinx.application import Sphinx

from website.pages import at_the_end

SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)[^>]*>(.*?)</script>", re.DOTALL)
STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
CHARSET = '<meta charset="utf-8" />'


def policy(page: str) -> str:
    """What the page may use: files of this site, its own inline scripts and styles, and KaTeX's style attributes."""
    return "; ".join(
        [
            "default-src 'self'",
            "img-src 'self' data:",
            f"script-src 'self' {hashes(SCRIPT.findall(page))}",
            f"style-src 'self' {hashes(STYLE.findall(page))}",
            "style-src-attr 'unsafe-inline'",  # KaTeX places its boxes by it; an attribute cannot load or run anything
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ]
    )


def hashes(sources: list[str]) -> str:
    """The sources as the hashes that a content security policy lists."""
    digests = sorted({hashlib.sha256(source.encode()).digest() for source in sources})
    return " ".join(f"'sha256-{base64.b64encode(d).decode()}'" for d in digests)


def with_policy(page: str) -> str:
    """The page with its policy at the top of its head; a page that has one stays as it is."""
    if "Content-Security-Policy" in page:
        return page
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(page)}">'
    return page.replace(CHARSET, f"{CHARSET}\n    {meta}", 1)


def setup(app: Sphinx) -> dict[str, Any]:
    """Write the policies after every other change to the pages, and before they are published."""
    at_the_end(app, lambda page, _: with_policy(page), priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
