"""The benchmarks ask the library for nothing that it does not have; running them is left to `make bench`."""

import ast
import json
from importlib import import_module
from pathlib import Path

import pytest

from benchmarks import abandoned

FILES = sorted((Path(__file__).parents[1] / "benchmarks").glob("*.py"))


def missing(source: str) -> list[str]:
    """What the source imports from the library, and the library lacks."""
    asked = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    ours = [(n.module, alias.name) for n in asked if (n.module or "").startswith("chainrule") for alias in n.names]
    return [f"{module}.{name}" for module, name in ours if not available(module, name)]


def available(module: str, name: str) -> bool:
    """Whether it is a name of the module, or a module in it."""
    try:
        return hasattr(import_module(module), name) or bool(import_module(f"{module}.{name}"))
    except ModuleNotFoundError:
        return False


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_benchmark_imports_what_there_is(path: Path) -> None:
    assert missing(path.read_text(encoding="utf-8")) == []


def test_a_name_that_is_gone_is_found() -> None:
    assert missing("from chainrule.explore import explore, explorers") == ["chainrule.explore.explorers"]


def test_the_explorer_whose_runs_are_abandoned_has_its_slider(capsys) -> None:
    exec(abandoned.EXPLORER, {})
    assert json.loads(capsys.readouterr().out.splitlines()[-1])
