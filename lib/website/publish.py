"""What a published book owes to those who find, share and cite it: descriptions, cards, citations, a map for crawlers.

The address of the site (`html: baseurl` in _config.yml) and that of the repository (`repository: url`) are known only
where the book is published. Where they are not set, whatever needs them is left out.
"""

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from website.cite import cite_box
from website.label import chapter_of, label
from website.search import read

DESCRIPTION = "An interactive textbook on deep learning. Every formula is checked against the code that runs."
CARD = "_static/social-card.png"
CARD_ALT = "Two spirals of points, told apart by the boundary that a network of the book has learnt."
LONGEST = 160  # characters of a description that a page of results shows
RELATIVE = re.compile(r'(\s(?:href|src|action)=")(?!#|/|[a-z]+:)([^"]*)')
Meta = tuple[str, str, str]


@lru_cache(1)
def citation() -> dict[str, Any]:
    """The book as CITATION.cff describes it."""
    return yaml.safe_load((Path(__file__).parents[2] / "CITATION.cff").read_text(encoding="utf-8"))


def description(doctree: nodes.document | None) -> str:
    """The page's first paragraph of prose, as much of it as a page of results shows."""
    if doctree is None:
        return DESCRIPTION
    prose = (read(p)[0] for p in doctree.findall(nodes.paragraph) if isinstance(p.parent, nodes.section))
    text = next((text for text in prose if len(text) > 40), DESCRIPTION)
    if len(text) <= LONGEST:
        return text
    cut = text[: LONGEST - 1]
    whole = cut.rfind(". ")
    return cut[: whole + 1] if whole > LONGEST // 2 else cut.rsplit(" ", 1)[0].rstrip(",;:") + "…"


def social(title: str, said: str, address: str, base: str, article: bool) -> list[Meta]:
    """What a message shows of a link to the page; the picture only where its address is known."""
    made = [
        ("property", "og:title", title),
        ("property", "og:description", said),
        ("property", "og:type", "article" if article else "website"),
        ("property", "og:site_name", "Chain Rule"),
        ("name", "twitter:card", "summary_large_image" if base else "summary"),
    ]
    if base:
        made += [
            ("property", "og:url", address),
            ("property", "og:image", base + CARD),
            ("property", "og:image:width", "1200"),
            ("property", "og:image:height", "630"),
            ("property", "og:image:alt", CARD_ALT),
        ]
    return made


def scholarly(title: str, address: str) -> list[Meta]:
    """The chapter as reference managers and indexes of papers read it."""
    book = citation()
    made = [("citation_title", title), ("citation_inbook_title", book["title"])]
    made += [("citation_author", author["name"]) for author in book["authors"]]
    made += [("citation_publication_date", f"{book['date-released']:%Y/%m/%d}"), ("citation_language", "en")]
    if address:
        made += [("citation_public_url", address), ("citation_fulltext_html_url", address)]
    return [("name", name, content) for name, content in made]


def describe(app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Give a page its metadata, and what stands at its foot."""
    base, env = app.config.html_baseurl, app.env
    address = base + app.builder.get_target_uri(page) if base else ""
    chapter = chapter_of(env, page)
    title = chapter.title if chapter else env.titles[page].astext() if page in env.titles else context.get("title", "")
    said = description(doctree)
    context["head"] = [("name", "description", said), *social(title, said, address, base, chapter is not None)]
    if page == "404":
        context["head"].append(("name", "robots", "noindex"))
    if chapter:
        context["head"] += scholarly(title, address)
        context["body"] += cite_box(page, title, citation(), address)
    if doctree is not None:
        context["body"] += page_links(app, page, label(env, page), context["pathto"])


def page_links(app: Sphinx, page: str, name: str, pathto: Any) -> str:
    """The page's source, and where an error on it is reported and mended."""
    source = Path(app.env.doc2path(page, base=False))
    kind = "notebook" if source.suffix == ".ipynb" else "source"
    links = [(f"Download this page’s {kind}", pathto(f"_sources/{source}", 1), f' download="{source.name}"')]
    options = app.config.html_theme_options
    if url := options.get("repository_url", "").rstrip("/"):
        asked = {"title": f"Error on “{name}”", "body": f"Page: {source}\n\nWhat is wrong:\n"}
        links += [
            ("Report an error on this page", f"{url}/issues/new?{urlencode(asked, quote_via=quote)}", ""),
            ("Edit this page", f"{url}/edit/{options.get('repository_branch') or 'main'}/{source}", ""),
        ]
    made = "".join(f'<li><a href="{html.escape(to)}"{how}>{text}</a></li>' for text, to, how in links)
    return f'<ul class="page-links d-print-none">{made}</ul>'


def lost_page(_app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The page for an address that leads nowhere."""
    yield "404", {"title": "Page not found"}, "404.html"


def from_root(page: str, root: str) -> str:
    """The page with its links led from the site's root: a server answers with it at any depth."""
    page = page.replace('data-content_root="./"', f'data-content_root="{root}"')
    return RELATIVE.sub(lambda link: f"{link[1]}{root}{link[2]}", page)


def finish(app: Sphinx, error: Exception | None) -> None:
    """Lead the links of the 404 page from the root; where the site's address is set, write its map for crawlers."""
    if error or app.builder.format != "html":
        return
    out, base = Path(app.outdir), app.config.html_baseurl
    lost = out / "404.html"
    lost.write_text(from_root(lost.read_text(encoding="utf-8"), urlsplit(base).path or "/"), encoding="utf-8")
    if base:
        addresses = [base + app.builder.get_target_uri(page) for page in sorted(app.env.found_docs)]
        (out / "sitemap.xml").write_text(sitemap(addresses), encoding="utf-8")
        (out / "robots.txt").write_text(f"User-agent: *\nAllow: /\n\nSitemap: {base}sitemap.xml\n", encoding="utf-8")


def sitemap(addresses: list[str]) -> str:
    """The pages for crawlers. No dates: they would change with every build."""
    places = "".join(f"  <url><loc>{html.escape(address)}</loc></url>\n" for address in addresses)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{places}</urlset>\n"


def configure(_app: Sphinx, config: Config) -> None:
    """Add our templates; the site's address ends in a slash, however it was written."""
    config.templates_path = [*config.templates_path, str(Path(__file__).parent / "templates")]
    if config.html_baseurl:
        config.html_baseurl = config.html_baseurl.rstrip("/") + "/"


def setup(app: Sphinx) -> dict[str, Any]:
    """Describe every page, and add the pages and files that only a published site needs."""
    app.connect("config-inited", configure)
    app.connect("html-collect-pages", lost_page)
    app.connect("html-page-context", describe)
    app.connect("build-finished", finish, priority=950)  # after the theme's repairs
    app.add_css_file("publish.css")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
