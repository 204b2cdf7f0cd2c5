"""The lines about a chapter around its title: part and number above; below it the time, what it needs and unlocks."""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from website.chapters.book import Book
from website.chapters.chapter import Chapter
from website.chapters.effort import Effort
from website.chapters.pages import Shown, anchor, chapter_link
from website.chapters.times import spoken

TITLE = re.compile(r"<h1>.*?</h1>", re.DOTALL)
TIMES = "book/times"


def count(n: int, thing: str) -> str:
    """So many things, in words that stay on one line."""
    return kept(f"{n} {thing}{'' if n == 1 else 's'}")


def kept(words: str) -> str:
    """The words with spaces at which no line ends."""
    return words.replace(" ", "\N{NO-BREAK SPACE}")


def work(effort: Effort) -> list[str]:
    """What a chapter asks of its reader."""
    practice = [count(effort.exercises, "exercise") + kept(f", {effort.practice} min")] if effort.exercises else []
    explorers = [count(effort.explorers, "explorer")] if effort.explorers else []
    return [kept(f"{effort.reading} min to read"), *practice, *explorers]


def above(app: Sphinx, chapter: Chapter, book: Book) -> str:
    """The part and the number."""
    part = book.part_of(chapter)
    opener = anchor(app, chapter.page, part.opener, f"Part {part.numeral}", title=part.name)
    return f'<p class="chapter-eyebrow">{opener} · Chapter {chapter.number}</p>'


def below(app: Sphinx, chapter: Chapter, shown: Shown) -> str:
    """The work, and the chapters before and after."""
    facts = work(chapter.effort)
    if chapter.page in shown.times:
        time = spoken(shown.times[chapter.page].seconds)
        pictures = "With every picture of its explorers"
        facts.append(anchor(app, chapter.page, TIMES, kept(f"built in {time}"), title=pictures))
    ways = [("Needs", shown.book.needs(chapter)), ("Leads to", shown.book.unlocks(chapter))]
    lines = "".join(
        f"<div><dt>{name}</dt> "
        + "".join(f"<dd>{chapter_link(app, chapter.page, c)}</dd>" for c in chapters)
        + "</div>"
        for name, chapters in ways
        if chapters
    )
    return f'<div class="chapter-facts"><p>{" · ".join(facts)}</p>' + (f"<dl>{lines}</dl>" if lines else "") + "</div>"


def add_header(app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Put the lines around the title in the page's body, where a search does not take them for the chapter's words."""
    shown: Shown = app.env.shown  # type: ignore[attr-defined]
    chapter = shown.book.chapters.get(page)
    if chapter and doctree is not None:
        head, foot = above(app, chapter, shown.book), below(app, chapter, shown)
        context["body"] = TITLE.sub(lambda title: head + title[0] + foot, context["body"], count=1)


def setup(app: Sphinx) -> None:
    """Add the lines to each chapter's page."""
    app.connect("html-page-context", add_header)
