"""What a page may cost a reader before the first touch, and what its policy lets through while it is used."""

import gzip
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from visit import MODES, reference_pages, served, table_of_contents, visit

from website import pictures, policy

PAGES = [f"{name}.html" for name in [*table_of_contents(), *reference_pages()]]
TRANSFERRED = 450_000  # bytes of a page and all that it asks for by itself, compressed as any host does
COMPRESSED = {".woff2", ".webp", ".png", ".jpg"}
VIOLATIONS = """addEventListener("securitypolicyviolation", (e) =>
  (window.violations ??= []).push(`${e.effectiveDirective} ${e.blockedURI} ${e.sample}`), true)"""


@pytest.fixture(scope="module")
def home(site: Path):
    with served(site) as address:
        yield address


def transferred(path: Path) -> int:
    """The bytes of a file on their way to the reader."""
    data = path.read_bytes()
    return len(data) if path.suffix in COMPRESSED else len(gzip.compress(data))


def test_every_page_is_small(browser, home: str, site: Path) -> None:
    sizes: dict[str, int] = {}
    heavy = {}
    with visit(browser, home, **MODES["light"]) as seen:
        asked: set[str] = set()
        seen.page.on("requestfinished", lambda request: asked.add(unquote(urlsplit(request.url).path).lstrip("/")))
        for address in PAGES:
            asked.clear()
            seen.go(address)
            sizes.update({name: transferred(site / name) for name in asked if name not in sizes})
            total = sum(sizes[name] for name in asked)
            assert total > 100_000, f"{address} asks for too little to be true: {sorted(asked)}"
            if total > TRANSFERRED:
                largest = sorted(asked, key=sizes.get, reverse=True)[:6]
                heavy[address] = total, [f"{sizes[name]} {name}" for name in largest]
    assert heavy == {}


def press(page, selector: str, of: int = 3) -> None:
    """Click on each that is in sight, the first few at most."""
    for one in page.locator(selector).all()[:of]:
        if one.is_visible():
            one.click()


def use(page) -> None:
    """Touch all that a page offers, as a reader would."""
    press(page, ".theme-switch-button")
    press(page, "article details > summary, article .toggle-button")
    press(page, "figure.explorer :is(button:not([aria-disabled=true]), input, summary)", of=8)
    for cell in page.locator("div.highlight:has(button.copybtn)").all()[:1]:
        cell.hover()
        cell.locator("button.copybtn").click()
    for button in page.locator(".search-button-field:visible, .search-button__button:visible").all()[:1]:
        button.click()
        page.keyboard.type("layer")
        page.keyboard.press("Escape")
    press(page, ".dropdown-download-buttons > button")
    page.keyboard.press("Escape")
    press(page, ".primary-toggle")
    press(page, ".primary-toggle")
    press(page, ".btn-fullscreen-button")
    page.wait_for_function("document.fullscreenElement !== null", timeout=5000)


@pytest.mark.parametrize("from_files", [False, True], ids=["served", "from files"])
@pytest.mark.parametrize("name", [*table_of_contents(), "book/reference/attention", "search"])
def test_a_page_keeps_its_policy_while_it_is_used(browser, home: str, site: Path, name: str, from_files: bool) -> None:
    with visit(browser, site.as_uri() + "/" if from_files else home, **MODES["light"]) as seen:
        seen.page.add_init_script(VIOLATIONS)
        seen.go(f"{name}.html")
        use(seen.page)
        assert seen.page.evaluate("window.violations ?? []") == []
        assert seen.outside == []
        assert seen.errors == []


def test_a_policy_stops_what_a_page_was_not_built_with(browser, home: str) -> None:
    with visit(browser, home) as seen:
        seen.page.add_init_script(VIOLATIONS)
        seen.go(PAGES[0])
        seen.page.evaluate("""() => {
          document.head.append(Object.assign(document.createElement("script"), {textContent: "window.ran = 1"}));
          document.head.append(Object.assign(document.createElement("style"), {textContent: "body {color: red}"}));
          document.head.append(Object.assign(document.createElement("img"), {src: "http://127.0.0.1:9/x.png"}));
          const button = document.createElement("button");
          button.setAttribute("onclick", "window.ran = 1");
          document.body.append(button);
          button.click(); }""")
        seen.page.wait_for_function("window.violations?.length >= 4", timeout=5000)
        stopped = {said.split()[0] for said in seen.page.evaluate("window.violations")}
        assert stopped == {"script-src-elem", "style-src-elem", "img-src", "script-src-attr"}
        assert seen.page.evaluate("window.ran") is None


def test_the_policy_names_each_inline_script_and_style() -> None:
    page = '<meta charset="utf-8" /><script>go()</script><script src="a.js"></script><style>p {}</style>'
    safe = policy.with_policy(page)
    assert policy.hashes(["go()"]) in safe and policy.hashes(["p {}"]) in safe
    assert safe.count("sha256-") == 2
    assert policy.with_policy(safe) == safe


def test_pictures_have_their_size_and_all_but_the_first_wait(tmp_path: Path) -> None:
    from PIL import Image

    (tmp_path / "_images").mkdir()
    Image.new("RGBA", (30, 20), (9, 99, 199, 128)).save(tmp_path / "_images" / "a.png")
    page = (
        '<article class="bd-article"><img alt="A" src="_images/a.png" /> <img src="_images/a.png" width="7"></article>'
    )
    page = pictures.with_pictures(page + '<img src="_images/a.png">', tmp_path)
    first, second, outside = page.split("<img ")[1:]
    assert 'src="_images/a.webp" width="30" height="20"' in first and "lazy" not in first
    assert 'loading="lazy"' in second and second.count("width") == 1
    assert outside == 'src="_images/a.png">'
    with Image.open(tmp_path / "_images" / "a.webp") as smaller:
        assert smaller.getpixel((3, 3)) == (9, 99, 199, 128)
