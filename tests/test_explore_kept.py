"""Frames kept between builds: nothing is computed again unless something that decides the pictures has changed."""

import json
import re
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest
from an_explorer import made
from nbclient import NotebookClient

import chainrule.explore as package
from chainrule.explore import kept

CELL = """
from pathlib import Path
from chainrule.explore import explore

def compute(rate):
    with Path("log.txt").open("a") as log:
        print(rate, file=log)
    return rate * factor

explore(compute, lambda fig, r, rate: fig.text(0.1, 0.1, f"{r}"), name="kept", rate=[1, 2, 3], figsize=(1, 1),
        describe=lambda r, rate: f"It is {r}.", caption="A product.")
"""


class Build:
    """Bundles of one explorer as builds would make them one after another; `computed` counts the calls of compute."""

    def __init__(self, monkeypatch, folder):
        self.monkeypatch, self.folder, self.computed = monkeypatch, folder, 0
        monkeypatch.setenv("CHAINRULE_STATIC", "1")
        monkeypatch.setenv("CHAINRULE_FRAMES", str(folder))

    def __call__(self, *cells, **changes):
        history = SimpleNamespace(input_hist_parsed=["", *cells])
        shell = SimpleNamespace(history_manager=history)
        self.monkeypatch.setattr("IPython.get_ipython", lambda: shell)
        self.monkeypatch.setattr(package, "_explorers", {})
        return made(**{"compute": self.compute, "figsize": (2, 1)} | changes)._repr_mimebundle_()

    def compute(self, rate, depth):
        self.computed += 1
        return np.full(3, rate * depth)


@pytest.fixture
def build(monkeypatch, tmp_path):
    return Build(monkeypatch, tmp_path / "frames")


def test_the_same_cells_are_neither_computed_nor_drawn_again(build):
    def refuse(*_, **__):
        raise AssertionError("drawn again")

    first = build("a = 1", "explore(…)")
    assert build.computed == 6
    assert build("a = 1", "explore(…)", draw=refuse, describe=refuse) == first
    assert build.computed == 6
    assert set(first) == {"text/html", "image/png", "text/plain"}


@pytest.mark.parametrize(
    "cells", [["a = 2", "explore(…)"], ["a = 1", "explore(… )"], ["explore(…)"], ["a = 1", "b", "explore(…)"]]
)
def test_a_changed_cell_is_noticed(build, cells):
    build("a = 1", "explore(…)")
    build(*cells)
    assert build.computed == 12


def test_another_name_is_another_explorer(build):
    build("explore(…)")
    build("explore(…)", name="other")
    assert build.computed == 12


def test_a_changed_module_or_data_file_is_noticed(build, monkeypatch):
    build("explore(…)")
    real = kept.digest
    for changed in ("explore/painter.py", "data/corpus.txt"):
        monkeypatch.setattr(kept, "digest", lambda p, c=changed: "new" if p == kept.LIBRARY / c else real(p))
        before = build.computed
        build("explore(…)")
        assert build.computed == before + 6, changed


def test_a_module_that_is_not_in_use_may_change(build, monkeypatch):
    build("explore(…)")
    (entry,) = build.folder.rglob("*.json")
    files = json.loads(entry.read_text())["files"]
    assert {"explore/static.py", "explore/__init__.py", "data/corpus.txt"} <= set(files)
    real = kept.digest
    monkeypatch.setattr(kept, "digest", lambda p: real(p) if p.relative_to(kept.LIBRARY).as_posix() in files else "new")
    build("explore(…)")
    assert build.computed == 6


def test_other_versions_of_packages_are_noticed(build, monkeypatch):
    build("explore(…)")
    monkeypatch.setattr(kept, "distributions", lambda: [SimpleNamespace(name="matplotlib", version="0.1")])
    build("explore(…)")
    assert build.computed == 12


def test_old_entries_are_removed(build):
    for i in range(5):
        build(f"a = {i}")
    assert len(list(build.folder.rglob("*"))) == 1 + kept.VERSIONS_KEPT
    assert build.computed == 30
    build("a = 4")
    assert build.computed == 30


def test_without_a_folder_nothing_is_kept(build, monkeypatch):
    monkeypatch.delenv("CHAINRULE_FRAMES")
    build("explore(…)")
    build("explore(…)")
    assert build.computed == 12
    assert not build.folder.exists()


def test_in_a_notebook(build, tmp_path):
    def run(*sources):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
        NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
        html = notebook.cells[1].outputs[0].data["text/html"]
        return re.search(r"It is (\d)", html)[1], len((tmp_path / "log.txt").read_text().split())

    assert run("factor = 2", CELL) == ("4", 3)
    assert run("factor = 2", CELL, "print('a later cell')") == ("4", 3)
    assert run("factor = 1", CELL)[1] == 6
