"""The book as its files tell it: parts and chapters in the order of `_toc.yml`, and what each chapter says of itself.

A part is one whose caption begins with a Roman numeral. Its notebooks are its chapters, numbered through the book, so
a number is never typed. What a chapter needs are the chapters that its paragraph "What you need" links to.
"""

import posixpath
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
import yaml

from website.chapters.effort import Effort, effort

PART = re.compile(r"([IVX]+) · (.+)")
NEEDS = re.compile(r"^\*\*What you need\.\*\*.*?(?=\n\s*\n|\Z)", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]+)\.ipynb(?:#[^)\s]*)?\)")


@dataclass(frozen=True)
class Chapter:
    """A chapter: the name of its page, its number and title, the question it answers, the pages it needs."""

    page: str
    number: int
    title: str
    question: str
    needs: tuple[str, ...]
    effort: Effort


@dataclass(frozen=True)
class Part:
    """A part: its numeral and name, the page that opens it, its chapters."""

    numeral: str
    name: str
    opener: str
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True)
class Book:
    """The parts, and ways to ask for a chapter."""

    parts: tuple[Part, ...]

    @cached_property
    def chapters(self) -> dict[str, Chapter]:
        """Every chapter by the name of its page, in order."""
        return {chapter.page: chapter for part in self.parts for chapter in part.chapters}

    @cached_property
    def openers(self) -> dict[str, Part]:
        """Every part by the name of the page that opens it."""
        return {part.opener: part for part in self.parts}

    def part_of(self, chapter: Chapter) -> Part:
        """The part that the chapter belongs to."""
        return next(part for part in self.parts if chapter in part.chapters)

    def needs(self, chapter: Chapter) -> list[Chapter]:
        """The chapters that this one names as needed, in order."""
        return sorted((self.chapters[page] for page in chapter.needs), key=lambda needed: needed.number)

    def unlocks(self, chapter: Chapter) -> list[Chapter]:
        """The chapters that name this one as needed, in order."""
        return [other for other in self.chapters.values() if chapter.page in other.needs]


def read_book(root: Path) -> Book:
    """The book whose `_toc.yml` lies in the folder. Raises ValueError where a chapter is not as the site needs it."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    captioned = [(PART.fullmatch(entry["caption"]), entry["chapters"]) for entry in toc["parts"]]
    contents = {caption: [page["file"] for page in pages] for caption, pages in captioned if caption}
    notebooks = [page for pages in contents.values() for page in pages if (root / f"{page}.ipynb").exists()]
    chapters = {page: read_chapter(root, notebooks, page) for page in notebooks}
    return Book(
        tuple(
            Part(caption[1], caption[2], pages[0], tuple(chapters[page] for page in pages if page in chapters))
            for caption, pages in contents.items()
        )
    )


def read_chapter(root: Path, pages: list[str], page: str) -> Chapter:
    """The chapter of that page, one of the book's chapters in order. Raises ValueError where it lacks something."""
    notebook = nbformat.read(root / f"{page}.ipynb", as_version=4)
    prose = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    needed = NEEDS.search(prose)
    question = notebook.metadata.get("chapter", {}).get("question")
    if not needed or not question:
        missing = 'a paragraph "**What you need.**"' if question else '"chapter": {"question": "…"} in its metadata'
        raise ValueError(f"{page}.ipynb lacks {missing}")
    folder = posixpath.dirname(page)
    links = [posixpath.normpath(posixpath.join(folder, target)) for target in LINK.findall(needed[0])]
    needs = tuple(dict.fromkeys(link for link in links if link in pages))  # once each, in the order of the paragraph
    if late := [link for link in needs if pages.index(link) >= pages.index(page)]:
        raise ValueError(f"{page}.ipynb needs {', '.join(late)}, which the book has no earlier")
    title = prose.split("\n", 1)[0].removeprefix("# ").strip()
    return Chapter(page, pages.index(page) + 1, title, question, needs, effort(notebook.cells))
