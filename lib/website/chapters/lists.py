"""The chapters as lists: with their questions and the work they ask for, and with what each needs and leads to.

On the page that opens a part they are lists of that part, elsewhere of the book.
"""

from html import escape

from sphinx.application import Sphinx

from website.chapters.chapter import Chapter
from website.chapters.header import work
from website.chapters.pages import Shown, anchor, chapter_link, parts_for, shows


def chapter_cards(app: Sphinx, page: str, shown: Shown) -> str:
    """The chapters with their questions and the work they ask for."""
    return "".join(
        f'<ol class="chapter-cards" start="{part.chapters[0].number}">'
        + "".join(f"<li{planned(chapter)}>{card(app, page, chapter)}</li>" for chapter in part.chapters)
        + "</ol>"
        for part in parts_for(page, shown)
    )


def card(app: Sphinx, page: str, chapter: Chapter) -> str:
    """One chapter of the list."""
    title = anchor(app, page, chapter.page, chapter.title) if chapter.effort else escape(chapter.title)
    asks = " · ".join(work(chapter.effort)) if chapter.effort else "planned"
    return f"<p>{title}</p><p>{escape(chapter.question)}</p><p>{asks}</p>"


def chapter_needs(app: Sphinx, page: str, shown: Shown) -> str:
    """The map in words: each part's chapters, what each needs and what it leads to."""
    parts = []
    for part in parts_for(page, shown):
        name = f"Part {part.numeral} · {part.name}"
        name = anchor(app, page, part.opener, name) if part.opener else escape(name)
        chapters = "".join(
            f"<li{planned(chapter)}>{in_words(app, page, shown, chapter)}</li>" for chapter in part.chapters
        )
        parts.append(f"<li><p>{name}</p><ul>{chapters}</ul></li>")
    return f'<ul class="chapter-needs">{"".join(parts)}</ul>'


def in_words(app: Sphinx, page: str, shown: Shown, chapter: Chapter) -> str:
    """One chapter, what it needs and what it leads to."""
    ways = [("needs", shown.book.needs(chapter)), ("leads to", shown.book.unlocks(chapter))]
    lists = [
        f"<li>{name} " + ", ".join(chapter_link(app, page, c) for c in chapters) + "</li>"
        for name, chapters in ways
        if chapters
    ]
    return chapter_link(app, page, chapter) + (f"<ul>{''.join(lists)}</ul>" if lists else "")


def planned(chapter: Chapter) -> str:
    """What sets the entry of a chapter to come apart."""
    return "" if chapter.effort else ' class="planned"'


def setup(app: Sphinx) -> None:
    """Offer the lists as directives."""
    shows(app, "chapter-cards", chapter_cards)
    shows(app, "chapter-needs", chapter_needs)
