"""Every explorer of every chapter, at its default and at all corners of its grid, with the chapter's own functions.

Each notebook runs in a kernel of its own; a last cell, which this file adds, visits what the chapter has made.
"""

import json
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

BOOK = Path(__file__).parents[1] / "book"
SECONDS_A_CELL = 300

VISIT = """
import json
from chainrule.explore import explorers, visit

told = {}
for explorer in explorers():
    try:
        told[explorer.name] = visit(explorer)
    except Exception as error:
        told[explorer.name] = str(error)
print(json.dumps(told))
"""


def source(path: Path) -> str:
    notebook = nbformat.read(path, as_version=4)
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")


def with_explorers(folder: Path) -> list[Path]:
    paths = sorted(p for p in folder.rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts)
    return [p for p in paths if "explore(" in source(p)]


def visit_notebook(path: Path) -> dict[str, dict[str, str]]:
    """Run the notebook and visit its explorers: {name: {settings: description}}. What fails raises AssertionError."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(VISIT))
    client = NotebookClient(notebook, timeout=SECONDS_A_CELL, resources={"metadata": {"path": str(path.parent)}})
    try:
        client.execute()
    except CellExecutionError as error:
        raise AssertionError(f"{path.name} does not run: {error.ename}: {error.evalue}") from error
    told = json.loads(notebook.cells[-1].outputs[-1].text.splitlines()[-1])
    failures = [f"{path.name}: {what}" for what in told.values() if isinstance(what, str)]
    assert not failures, "\n".join(failures)
    assert told, f"{path.name} calls explore, but no explorer was made"
    return told


@pytest.fixture(autouse=True)
def live_mode(monkeypatch):
    monkeypatch.delenv("CHAINRULE_STATIC", raising=False)


@pytest.mark.parametrize("path", with_explorers(BOOK), ids=lambda p: p.stem)
def test_explorers_of(path):
    for name, seen in visit_notebook(path).items():
        assert len(seen) > 1, name


def test_the_book_has_explorers():
    assert with_explorers(BOOK)


CHAPTER = """
from chainrule.explore import explore
explore(lambda rate: 1 / (rate - {pole}), lambda fig, r, rate: fig.subplots().set_title(f"{{r:.1f}}"), name="pole",
        rate=[1, 2, 3], describe=lambda r, rate: f"It is {{r}}.", caption="A pole.")
"""


def write_chapter(folder: Path, *cells: str) -> Path:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    nbformat.write(notebook, folder / "chapter.ipynb")
    return folder / "chapter.ipynb"


def test_a_sound_chapter_is_visited_at_default_and_ends(tmp_path):
    path = write_chapter(tmp_path, CHAPTER.format(pole=0))
    assert with_explorers(tmp_path) == [path]
    assert visit_notebook(path) == {
        "pole": {"rate = 2": "It is 0.5.", "rate = 1": "It is 1.0.", "rate = 3": f"It is {1 / 3}."}
    }


def test_a_corner_that_fails_names_notebook_explorer_and_setting(tmp_path):
    path = write_chapter(tmp_path, CHAPTER.format(pole=3))
    with pytest.raises(AssertionError, match=r"chapter\.ipynb: explorer 'pole' fails at rate = 3: ZeroDivisionError"):
        visit_notebook(path)


def test_a_cell_that_fails_names_notebook_and_error(tmp_path):
    with pytest.raises(AssertionError, match=r"chapter\.ipynb does not run: ZeroDivisionError"):
        visit_notebook(write_chapter(tmp_path, "explore = 1", "1 / 0  # explore("))
