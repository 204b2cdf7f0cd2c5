"""The book as its files tell it: parts and chapters in the order of `_toc.yml`, and what each chapter says of itself.

A part is one whose caption begins with a Roman numeral. Its notebooks are its chapters, numbered through the book, so
a number is never typed. What a chapter needs are the chapters that its paragraph "What you need" links to. Chapters
to come, and parts of which none is written, are those of `book/planned.yml`.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

from website.chapters.chapter import Chapter, read_chapter
from website.chapters.planned import free_numbers, read_planned

PART = re.compile(r"([IVX]+) · (.+)")


@dataclass(frozen=True)
class Part:
    """A part: its numeral and name, the page that opens it ("" without one), its chapters, written or planned."""

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
        """Every chapter that is written by the name of its page, in order."""
        return {chapter.page: chapter for chapter in self.plan.values() if chapter.effort}

    @cached_property
    def plan(self) -> dict[str, Chapter]:
        """Every chapter, written or planned."""
        return {chapter.page: chapter for part in self.parts for chapter in part.chapters}

    @cached_property
    def openers(self) -> dict[str, Part]:
        """Every part that has a page to open it, by the name of that page."""
        return {part.opener: part for part in self.parts if part.opener}

    def part_of(self, chapter: Chapter) -> Part:
        """The part that the chapter belongs to."""
        return next(part for part in self.parts if chapter in part.chapters)

    def needs(self, chapter: Chapter) -> list[Chapter]:
        """The chapters that this one names as needed, in order."""
        return sorted((self.plan[page] for page in chapter.needs), key=lambda needed: needed.number)

    def unlocks(self, chapter: Chapter) -> list[Chapter]:
        """The written chapters that name this one as needed, in order."""
        return [other for other in self.chapters.values() if chapter.page in other.needs]


def read_book(root: Path) -> Book:
    """The book whose `_toc.yml` lies in the folder. Raises ValueError where a chapter is not as the site needs it."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    contents = {
        entry["caption"]: [page["file"] for page in entry["chapters"]]
        for entry in toc["parts"]
        if PART.fullmatch(entry["caption"])
    }
    notebooks = [page for pages in contents.values() for page in pages if (root / f"{page}.ipynb").exists()]
    planned = read_planned(root, notebooks)
    taken = {chapter.number for chapters in planned.values() for chapter in chapters}
    numbers = dict(zip(notebooks, free_numbers(len(notebooks), taken)))
    written = {page: read_chapter(root, numbers, page) for page in notebooks}
    parts = []
    for caption in [*contents, *(caption for caption in planned if caption not in contents)]:
        pages = contents.get(caption, [""])
        chapters = [written[page] for page in pages if page in written] + planned.get(caption, [])
        numeral, name = caption.split(" · ")
        parts.append(Part(numeral, name, pages[0], tuple(sorted(chapters, key=lambda chapter: chapter.number))))
    book = Book(tuple(parts))
    check_order(book)
    return book


def check_order(book: Book) -> None:
    """Raise ValueError unless every chapter stands after those it needs, numbers rising from part to part."""
    numbers = [chapter.number for chapter in book.plan.values()]
    if numbers != list(range(1, len(numbers) + 1)):
        raise ValueError(f"the chapters' numbers, written and planned, run {numbers}: book/planned.yml leaves a gap")
    for chapter in book.plan.values():
        late = [page for page in chapter.needs if page not in book.plan or book.plan[page].number >= chapter.number]
        if late:
            raise ValueError(f"{chapter.page} needs {', '.join(late)}, which the book has no earlier")
