"""Every committed notebook is whole: run live to its end, normalised, in order, and readable by everyone.

nbval executes them too, as `pytest` collects the notebooks under `book/` by itself, and compares the outputs of cells
tagged `nbval-check-output`.
"""

import re
from pathlib import Path

import nbformat
import pytest

from website.notebooks import WIDGET

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted(p for p in (ROOT / "book").rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts)
TAGS = {
    "hide-cell", "hide-input", "hide-output", "remove-cell", "remove-input", "remove-output",
    "nbval-check-output", "volatile", "raises-exception", "setup", "exercise", "check", "solution",
}  # fmt: skip
FILLER = re.compile(r"\b(simply|obviously|trivial(ly)?|of course|just)\b", re.IGNORECASE)
UNSTABLE = re.compile(
    r"/(home|root|Users|work|tmp)/[\w.-]+|[A-Z]:\\\\Users|site-packages|ipykernel_\d+| at 0x[0-9a-f]{6}"
)
MOST_LINES, MOST_BYTES = 25, 1_000_000
CALLOUT = re.compile(r"^> \*\*(\w+)(?::|\.?\*\*)", re.MULTILINE)

CHAPTERS = [p for p in NOTEBOOKS if p.parent.parent.name == "book"]

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.relative_to(ROOT).as_posix())


def cells(path: Path, kind: str) -> list[tuple[int, nbformat.NotebookNode]]:
    notebook = nbformat.read(path, as_version=4)
    return [(i, cell) for i, cell in enumerate(notebook.cells) if cell.cell_type == kind]


def tags(cell: nbformat.NotebookNode) -> set[str]:
    return set(cell.metadata.get("tags", []))


def prose(cell: nbformat.NotebookNode) -> str:
    """The words of a Markdown cell, without code and formulas."""
    return re.sub(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$", " ", cell.source, flags=re.DOTALL)


def callouts(path: Path) -> list[str]:
    """The word with which each quotation opens that the website would show as a box."""
    return [word for _, cell in cells(path, "markdown") for word in CALLOUT.findall(cell.source)]


def words(output: nbformat.NotebookNode) -> list[str]:
    """What an output says, pictures left out."""
    data = output.get("data", {"text/plain": output.get("text", "")})
    return [str(value) for kind, value in data.items() if not kind.startswith("image/")]


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


@each_notebook
def test_notebook_is_valid_and_small(path: Path) -> None:
    nbformat.validate(nbformat.read(path, as_version=nbformat.NO_CONVERT))
    assert path.stat().st_size <= MOST_BYTES


@each_notebook
def test_notebook_was_run_from_its_first_cell_to_its_last(path: Path) -> None:
    code = [cell for _, cell in cells(path, "code") if cell.source.strip()]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert any(cell.outputs for cell in code)
    errors = [o.ename for cell in code for o in cell.outputs if o.output_type == "error"]
    assert errors == []


@each_notebook
def test_notebook_holds_nothing_that_changes_by_itself(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "widgets" not in nbformat.reads(text, as_version=4).metadata
    assert WIDGET not in text
    texts = [text for _, cell in cells(path, "code") for o in cell.outputs for text in words(o)]
    assert [found[0] for text in texts if (found := UNSTABLE.search(text))] == []


@each_notebook
def test_pictures_have_words(path: Path) -> None:
    """An explorer describes itself; any other picture says what it shows in the cell's metadata."""
    silent = [
        i
        for i, cell in cells(path, "code")
        if any("image/png" in o.get("data", {}) for o in cell.outputs)
        and "explore(" not in cell.source
        and len(cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")) < 20
    ]
    assert silent == [], f"cells {silent} need metadata mystnb: image: alt that states the result"


@each_notebook
def test_cells_are_short(path: Path) -> None:
    long = [i for i, cell in cells(path, "code") if len(cell.source.splitlines()) > MOST_LINES]
    assert long == [], f"cells {long} are longer than {MOST_LINES} lines"


@each_notebook
def test_headings_are_in_order(path: Path) -> None:
    text = "\n".join(re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL) for _, cell in cells(path, "markdown"))
    levels = [len(hashes) for hashes in re.findall(r"^(#+) ", text, re.MULTILINE)]
    assert levels[:1] == [1] and levels.count(1) == 1, "one title, and it comes first"
    assert [b for a, b in zip(levels, levels[1:], strict=False) if b > a + 1] == [], "a level is skipped"


@each_notebook
def test_prose_has_no_filler(path: Path) -> None:
    assert [(i, found[0]) for i, cell in cells(path, "markdown") if (found := FILLER.search(prose(cell)))] == []


@each_notebook
def test_tags_are_spelt_right(path: Path) -> None:
    unknown = {tag for _, cell in [*cells(path, "code"), *cells(path, "markdown")] for tag in tags(cell)} - TAGS
    assert unknown == set()


@each_notebook
def test_callouts_are_of_a_known_kind(path: Path) -> None:
    assert set(callouts(path)) <= {"Claim", "Derivation", "Pitfall", "Aside", "Try"}
    assert [i for i, cell in cells(path, "markdown") if re.search(r"^.+> \*\*", cell.source, re.MULTILINE)] == []
    broken = [
        (i, line)
        for i, cell in cells(path, "markdown")
        for line in cell.source.splitlines()
        if line.startswith(">") and (line.count("$") % 2 or line.count("`") % 2)
    ]
    assert broken == [], "a formula or code that goes on in the next line would hold that line's >"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_a_chapter_claims_something_and_names_a_pitfall(path: Path) -> None:
    assert {"Claim", "Pitfall"} <= set(callouts(path))


@each_notebook
def test_volatile_cells_are_not_compared(path: Path) -> None:
    assert [i for i, cell in cells(path, "code") if {"volatile", "nbval-check-output"} <= tags(cell)] == []
    compared = [cell for _, cell in cells(path, "code") if "nbval-check-output" in tags(cell)]
    assert all(cell.outputs for cell in compared), "a compared cell without an output compares nothing"


def test_the_first_page_leads_to_every_other() -> None:
    text = "".join(cell.source for _, cell in cells(ROOT / "book" / "index.ipynb", "markdown"))
    missing = [p for p in NOTEBOOKS if p.stem != "index" and f"({p.relative_to(ROOT / 'book').as_posix()})" not in text]
    assert not missing
