"""Books made up for tests of what the site knows of chapters."""

from pathlib import Path

import nbformat
import yaml

from website.chapters.book import Part
from website.chapters.chapter import Chapter
from website.chapters.effort import Effort


def small_book(folder: Path, needs: dict[str, list[str]], question: str = "Why?") -> Path:
    """The files of a book with one part and these chapters."""
    for name, needed in needs.items():
        road = " ".join(f"[it]({other}.ipynb#there)" for other in needed)
        cells = [
            nbformat.v4.new_markdown_cell(f"# The {name}\n\n**What you need.** Numbers.\n{road}\n\n[no](z.ipynb)"),
            nbformat.v4.new_code_cell("1"),
        ]
        notebook = nbformat.v4.new_notebook(cells=cells, metadata={"chapter": {"question": question}})
        nbformat.write(notebook, folder / f"{name}.ipynb")
    pages = [{"file": name} for name in ["index", *needs]]
    toc = {"parts": [{"caption": "Start", "chapters": [{"file": "a"}]}, {"caption": "I · One", "chapters": pages}]}
    (folder / "_toc.yml").write_text(yaml.safe_dump(toc))
    return folder


def made_up(sizes: list[int], needs: dict[int, list[int]]) -> list[Part]:
    """Parts of so many chapters, which need others by their numbers."""
    parts, number = [], 0
    for i, size in enumerate(sizes):
        chapters = [
            Chapter(f"c{n}", n, f"Title {n}", "?", tuple(f"c{k}" for k in needs.get(n, [])), Effort(5, 0, 0, 0))
            for n in range(number + 1, number + size + 1)
        ]
        parts.append(Part("I" * (i + 1), "Name", f"p{i}", tuple(chapters)))
        number += size
    return parts
