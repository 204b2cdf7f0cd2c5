"""A chapter: what its notebook, or the plan of the book, says of it."""

import posixpath
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat

from website.chapters.effort import Effort, effort

NEEDS = re.compile(r"^\*\*What you need\.\*\*.*?(?=\n\s*\n|\Z)", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]+)\.ipynb(?:#[^)\s]*)?\)")


@dataclass(frozen=True)
class Chapter:
    """A chapter: the name of its page, its number and title, the question it answers, the pages it needs.

    A chapter that is planned asks for no effort yet: its page does not exist.
    """

    page: str
    number: int
    title: str
    question: str
    needs: tuple[str, ...]
    effort: Effort | None


def read_chapter(root: Path, numbers: dict[str, int], page: str) -> Chapter:
    """The chapter of that page, one of those with numbers. Raises ValueError where it lacks something."""
    notebook = nbformat.read(root / f"{page}.ipynb", as_version=4)
    prose = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    needed = NEEDS.search(prose)
    question = notebook.metadata.get("chapter", {}).get("question")
    if not needed or not question:
        missing = 'a paragraph "**What you need.**"' if question else '"chapter": {"question": "…"} in its metadata'
        raise ValueError(f"{page}.ipynb lacks {missing}")
    folder = posixpath.dirname(page)
    links = [posixpath.normpath(posixpath.join(folder, target)) for target in LINK.findall(needed[0])]
    needs = tuple(dict.fromkeys(link for link in links if link in numbers))  # once each, in the paragraph's order
    title = prose.split("\n", 1)[0].removeprefix("# ").strip()
    return Chapter(page, numbers[page], title, question, needs, effort(notebook.cells))
