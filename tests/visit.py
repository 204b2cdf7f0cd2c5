"""A visit to a page of the site in a browser, and what went wrong on it."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import yaml
from PIL import Image

from website.serve import server

ROOT = Path(__file__).parent.parent
AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RUN_AXE = """() => axe.run(document, {resultTypes: ["violations"], preload: false}).then(({violations}) =>
  violations.map(v => `${v.id}: ${v.help}: ` + v.nodes.map(n => n.target.join(" ")).join(", ")))"""
SETTLE = """() => new Promise((done) => {  // book.js measures what has been laid out when it finds time
  const idle = (next) => requestIdleCallback(next, {timeout: 500});
  requestAnimationFrame(() => idle(() => idle(done)));
})"""
LATE = "article :is(div.cell, .pst-scrollable-table-container):not(.is-whole)"  # laid out when nothing else is to do
MODES = {
    "light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light", "is_mobile": True, "has_touch": True},
}


def table_of_contents() -> list[str]:
    """The pages of `_toc.yml`, in order, as the site names them; pages below a page are not among them."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    return [toc["root"], *(chapter["file"] for part in toc["parts"] for chapter in part["chapters"])]


def reference_pages() -> list[str]:
    """The pages of the library's reference, below their first."""
    return [f"book/reference/{path.stem}" for path in sorted((ROOT / "book" / "reference").glob("*.md"))]


@contextmanager
def served(site: Path) -> Iterator[str]:
    with server(site, port=0) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}/"
        http.shutdown()


@dataclass
class Visit:
    """A page, and each request that left the site, each failed one, each error that the console showed."""

    page: object
    home: str
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._requested)
        self.page.on("requestfailed", self._failed)
        self.page.on("pageerror", lambda error: self.errors.append(f"exception: {error}"))
        self.page.on("console", self._said)
        self.page.on("response", self._answered)

    def _requested(self, request) -> None:
        if not request.url.startswith((self.home, "data:", "blob:")):
            self.outside.append(request.url)

    def _failed(self, request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a picture still on its way when we leave the page
            self.errors.append(f"{request.failure}: {request.url}")

    def _said(self, message) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(f"{message.type}: {message.text}")

    def _answered(self, response) -> None:
        if response.status >= 400:
            self.errors.append(f"{response.status}: {response.url}")

    def go(self, address: str) -> None:
        self.page.goto(self.home + address, wait_until="load")
        self.page.wait_for_function("() => document.fonts.status === 'loaded'")
        self.page.wait_for_function(f"() => !document.querySelector('{LATE}')")

    def axe(self) -> list[str]:
        self.page.evaluate(AXE)
        self.page.evaluate(SETTLE)
        return self.page.evaluate(RUN_AXE)


@contextmanager
def visit(browser, home: str, **context) -> Iterator[Visit]:
    opened = browser.new_context(**context)
    yield Visit(opened.new_page(), home)
    opened.close()


def pixels(locator) -> np.ndarray:
    """What a reader sees there."""
    return np.asarray(Image.open(io.BytesIO(locator.screenshot())).convert("RGB"), dtype=int)


def differ(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether two pictures differ in more than the noise of an edge."""
    return a.shape != b.shape or int((np.abs(a - b).max(axis=-1) > 24).sum()) > 20
