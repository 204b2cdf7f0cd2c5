"""The website's extensions, each by itself: maths, execution keys, the server, notebooks, the theme's repairs."""

import socket
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
import quickjs
from docutils import nodes
from docutils.utils import new_document
from pybtex.database import parse_file
from pybtex.style.formatting.alpha import Style as Alpha

from website import maths, outputs, theme
from website.notebooks import WIDGET, normalise
from website.references import Style
from website.serve import server

ROOT = Path(__file__).parents[1]


def test_a_formula_becomes_html_and_mathml() -> None:
    html = maths.render(r"\frac{a}{b}", True)
    assert "katex-display" in html and "<mfrac>" in html


@pytest.mark.parametrize("tex", [r"\nosuchmacro", r"\frac{a}", r"\begin{matrix} a"])
def test_a_formula_that_katex_refuses_raises(tex: str) -> None:
    with pytest.raises(quickjs.JSException, match="KaTeX parse error"):
        maths.render(tex, False)


def test_an_edited_library_starts_another_cache(tmp_path: Path) -> None:
    library = tmp_path / "lib" / "chainrule"
    library.mkdir(parents=True)
    (tmp_path / "constraints.txt").write_text("numpy==2.4.6")
    (library / "dense.py").write_text("a = 1")
    key = outputs.library_key(tmp_path)
    assert outputs.library_key(tmp_path) == key
    (library / "dense.py").write_text("a = 2")
    edited = outputs.library_key(tmp_path)
    (library / "dense.py").rename(library / "affine.py")
    renamed = outputs.library_key(tmp_path)
    (tmp_path / "constraints.txt").write_text("numpy==2.4.7")
    assert len({key, edited, renamed, outputs.library_key(tmp_path)}) == 4


def test_a_chapters_exercises_concern_only_that_chapter(tmp_path: Path) -> None:
    exercises = tmp_path / "lib" / "chainrule" / "exercises"
    (exercises / "two_words").mkdir(parents=True)
    (tmp_path / "book" / "part").mkdir(parents=True)
    one, two = (tmp_path / "book" / "part" / f"{name}.ipynb" for name in ("one", "two-words"))
    for path in (one, two, tmp_path / "constraints.txt", exercises / "one.py", exercises / "exercise.py"):
        path.touch()

    def keys() -> list[str]:
        return [outputs.library_key(tmp_path), *(outputs.exercises_key(tmp_path, page) for page in (one, two))]

    before = keys()
    (exercises / "one.py").write_text("answer = 1")
    (exercises / "two_words" / "more.py").write_text("answer = 2")
    after = keys()
    assert [a == b for a, b in zip(before, after)] == [True, False, False]
    (exercises / "exercise.py").write_text("class Exercise: ...")
    assert [a == b for a, b in zip(after, keys())] == [False, True, True]


def test_the_server_takes_another_port_where_its_own_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with server(tmp_path, port) as http:
            assert http.server_address[0] == "127.0.0.1"
            assert http.server_port != port


def notebook_after_a_live_run() -> nbformat.NotebookNode:
    picture = {WIDGET: {"model_id": "1"}, "image/png": "iVBO", "text/plain": "<Explorer>"}
    bar = {WIDGET: {"model_id": "2"}, "text/plain": "0%|          |"}
    outputs = [
        nbformat.v4.new_output("execute_result", picture, execution_count=1),
        nbformat.v4.new_output("display_data", bar),
    ]
    metadata = {"tags": ["volatile"], "execution": {"iopub.execute_input": "2026-01-01"}}
    cell = nbformat.v4.new_code_cell("explore()", outputs=outputs, execution_count=1, metadata=metadata)
    return nbformat.v4.new_notebook(
        cells=[cell], metadata={"widgets": {}, "language_info": {"name": "python", "version": "3.11.7"}}
    )


def test_a_normalised_notebook_keeps_pictures_and_tags_only() -> None:
    notebook = notebook_after_a_live_run()
    normalise(notebook)
    (cell,) = notebook.cells
    assert [set(output.data) for output in cell.outputs] == [{"image/png", "text/plain"}]
    assert cell.metadata == {"tags": ["volatile"]}
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert "version" not in notebook.metadata.language_info
    before = nbformat.writes(notebook)
    normalise(notebook)
    assert nbformat.writes(notebook) == before


@pytest.mark.parametrize(("url", "buttons"), [("", {}), ("https://example.org/a/b", {"colab_url": "https://c"})])
def test_launch_buttons_come_with_the_repositorys_address(url: str, buttons: dict[str, str]) -> None:
    options = {"repository_url": url, "launch_buttons": {"colab_url": "https://c"}}
    theme.configure(None, SimpleNamespace(html_theme_options=options, html_title="Chain Rule"))
    assert options["launch_buttons"] == buttons


def folded_cell(source, *, output=False):
    """A code cell as myst-nb hands it on, its source folded."""
    cell = nodes.container(hide_mode="input")
    cell += nodes.container("", nodes.literal_block(source, source))
    if output:
        cell += nodes.container("", nodes.paragraph("", "an output"))
    return cell


def test_folded_cells_in_a_row_share_a_fold():
    page = nodes.section()
    page += [
        folded_cell("a"),
        folded_cell("b", output=True),
        folded_cell("c"),
        folded_cell("d", output=True),
        nodes.paragraph("", "words"),
        folded_cell("e"),
    ]
    document = new_document("page")
    document += page
    theme.fold_together(None, document)
    cells = list(document.findall(theme.is_folded))
    assert [[code.astext() for code in cell[0]] for cell in cells] == [["a", "b", "c"], ["d"], ["e"]]
    assert [len(cell) for cell in cells] == [2, 2, 1]
    assert [cell.get("prompt_show") for cell in cells] == [None, None, "Show the code in between"]


def test_only_matrices_with_fractions_are_spread():
    plain, tall = r"\begin{matrix}1 & 2\end{matrix}", r"\begin{matrix}\frac{1}{2}\end{matrix}"
    assert maths.MATRIX.sub(maths.spread, plain + tall) == plain + r"{\def\arraystretch{1.5}" + tall + "}"


def test_a_work_is_formatted_once_and_as_the_alphabetic_style_does(monkeypatch):
    monkeypatch.setattr(Style, "formatted", {})
    entries = parse_file(str(ROOT / "book" / "references.bib")).entries.values()
    plain, style = Alpha(), Style()
    works = plain.sort(entries)
    assert style.sort(entries) == works
    labels = list(plain.format_labels(works))
    assert list(style.format_labels(works)) == labels
    for label, work in zip(labels, works, strict=True):
        made, expected = style.format_entry(label, work), plain.format_entry(label, work)
        assert (made.key, made.label, made.text) == (expected.key, label, expected.text)
        assert Style().format_entry(label, work) is made
        assert style.format_entry(f"{label}a", work).label == f"{label}a"
