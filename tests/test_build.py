"""The build: what it costs, what a failure says, and that the last good site outlives one."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from benchmarks.chapters import costs
from website import execution, staging
from website.icons import with_icons

ROOT = Path(__file__).parents[1]
CONFIG = f"""
title: Small
only_build_toc_files: true
execute: {{execute_notebooks: cache}}
sphinx:
  local_extensions: {{website.staging: {ROOT / "lib"}, website.execution: {ROOT / "lib"}}}
  config: {{nb_execution_raise_on_error: true}}
"""


def test_the_cost_of_every_chapter_is_kept(site: Path) -> None:
    """Against its limit it is held by `python -m benchmarks chapters`: seconds depend on what else a machine does."""
    kept = costs(site.parent)
    chapters = {path.stem for path in ROOT.glob("book/**/*.ipynb") if ".ipynb_checkpoints" not in path.parts}
    assert {name: kept.get(name, 0) for name in chapters if not kept.get(name, 0) > 0.1} == {}


class Book:
    """A book of two notebooks in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "constraints.txt").touch()
        (folder / "_config.yml").write_text(CONFIG)
        (folder / "_toc.yml").write_text("format: jb-book\nroot: one\nchapters: [{file: two}]\n")

    def write(self, name: str, *cells: str, text: str = "Words.") -> None:
        """A notebook with these code cells."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(f"# {name}\n\n{text}")])
        notebook.cells += [nbformat.v4.new_code_cell(cell) for cell in cells]
        nbformat.write(notebook, self.folder / f"{name}.ipynb")

    def build(self) -> subprocess.CompletedProcess:
        """Build the book as `make site` does."""
        command = [Path(sys.executable).with_name("jupyter-book"), "build", "-W", "--keep-going", "."]
        paths = os.pathsep.join([str(ROOT / "lib"), os.environ.get("PYTHONPATH", "")])
        environment = {**os.environ, "PYTHONPATH": paths}
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)

    def page(self, name: str) -> str:
        """What readers find."""
        return (self.folder / "_build" / "html" / f"{name}.html").read_text(encoding="utf-8")


def test_a_failure_names_chapter_cell_and_error_and_keeps_the_last_good_site(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.write("one", "6 * 7")
    book.write("two", "a = 1", "a + 1")
    built = book.build()
    assert built.returncode == 0, built.stderr
    assert set(re.findall(r"executed (\w+)", built.stdout)) == {"one", "two"}
    good = book.page("two")

    book.write("one", "6 * 8")
    book.write("two", "a = 1", "# a comment\nb = a / 0\nb")
    built = book.build()
    assert built.returncode != 0
    said = [line for line in built.stderr.strip().splitlines() if "[IPKernelApp]" not in line]
    assert len(said) <= 5, built.stderr
    assert said[-2:] == ["two: code cell 2, `b = a / 0`", "    ZeroDivisionError: division by zero"]
    assert book.page("two") == good

    book.write("two", "a = 1", "a + 2", text="See [nothing](nowhere.md).")  # runs, and a link leads nowhere
    for _ in range(2):  # the second build must not forget the warning of the first
        built = book.build()
        assert built.returncode != 0
        assert "nowhere.md" in built.stderr
        assert "executed one" not in built.stdout  # it ran beside the failure, and was kept
        assert book.page("two") == good

    book.write("two", "a = 1", "a + 2")
    built = book.build()
    assert built.returncode == 0, built.stderr
    assert book.page("two") != good
    assert "executed" not in built.stdout  # the text changed, and no code cell


def test_edited_exercises_run_their_chapter_and_no_other(tmp_path: Path) -> None:
    book = Book(tmp_path)
    exercises = tmp_path / "lib" / "chainrule" / "exercises"
    exercises.mkdir(parents=True)
    (tmp_path / "book").mkdir()
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: book/one\nchapters: [{file: book/two}]\n")
    for name in ("one", "two"):
        book.write(f"book/{name}", f"print(open('../lib/chainrule/exercises/{name}.py').read())")
        (exercises / f"{name}.py").write_text("answer = 41")
    assert book.build().returncode == 0
    (exercises / "two.py").write_text("answer = 42")
    built = book.build()
    assert set(re.findall(r"executed (\S+)", built.stdout)) == {"book/two.ipynb"}
    assert "answer = 42" in book.page("book/two")
    assert "executed" not in book.build().stdout


@pytest.mark.parametrize(
    ("cell", "reason"), [("import os; os._exit(1)", "Kernel died"), ("import time; time.sleep(30)", "timed out")]
)
def test_a_kernel_that_dies_or_hangs_is_named_too(tmp_path: Path, cell: str, reason: str) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
    with pytest.raises(execution.Failure, match=f"(?s)late: code cell 1, `{re.escape(cell)}`.*{reason}"):
        execution.execute(notebook, tmp_path / "late.ipynb", timeout=4)


def test_the_processors_time_is_the_kernels_own(tmp_path: Path) -> None:
    work = "import time; start = time.process_time()\nwhile time.process_time() - start < 1: pass"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}])"
    cells = [nbformat.v4.new_code_cell(cell) for cell in (work, child, "time.sleep(2)")]
    cost = execution.execute(nbformat.v4.new_notebook(cells=cells), tmp_path / "work.ipynb", timeout=60)
    assert 2 < cost["cpu_seconds"] < 4
    assert cost["execution_seconds"] > 4


def test_a_published_file_is_written_only_where_it_differs(tmp_path: Path) -> None:
    source, target = tmp_path / "new", tmp_path / "old"
    for folder, word in ((source, "new"), (target, "old")):
        (folder / "part").mkdir(parents=True)
        (folder / "same.html").write_text("same")
        (folder / "part" / "page.html").write_text(word)
    (source / "part" / "more.html").write_text("more")
    (target / "part" / "gone.html").write_text("no page any more")
    before = (target / "same.html").stat().st_mtime_ns
    staging.mirror(source, target)
    found = {path.name: path.read_text() for path in target.rglob("*") if path.is_file()}
    assert found == {"same.html": "same", "page.html": "new", "more.html": "more"}
    assert (target / "same.html").stat().st_mtime_ns == before


def test_an_icon_becomes_a_drawing_and_needs_no_script() -> None:
    page = with_icons('<i class="fa-solid fa-sun fa-lg" data-mode="light"></i><i class="mine"></i>')
    assert '<svg class="icon fa-sun fa-lg" data-mode="light" viewBox="0 0 512 512"' in page
    assert '<i class="mine"></i>' in page
