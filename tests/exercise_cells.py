"""Runs the exercise cells of a chapter's notebook the way a reader does, without running the chapter.

An exercise is a Markdown cell that asks, and three code cells, one tag each:

    exercise    the stub: names the answer (`prediction_lora = ...` or a function with the body `...`)
    check       one expression: exercises.<name>.check(<answer>)
    solution    its own names, and as its last line the same check of them

Cells tagged `setup` (the imports, small data) run first; the exercise may use nothing else of the chapter.
"""

import ast
import json
import re
from dataclasses import dataclass
from pathlib import Path

CHECK = re.compile(r"exercises\.(\w+)\.check\((.+)\)\s*\Z", re.S)


@dataclass(frozen=True)
class Task:
    """One exercise as the notebook has it."""

    name: str
    ask: str
    stub: str
    check: str
    solution: str


def code_cells(path: Path, tag: str) -> list[str]:
    return [source(cell) for cell in cells(path) if cell["cell_type"] == "code" and tag in tags(cell)]


def tasks(path: Path) -> list[Task]:
    """The exercises of a notebook, in order. Raises ValueError where the cells do not come as described above."""
    found, ask, open_cells = [], "", {}
    for cell in cells(path):
        if cell["cell_type"] == "markdown":
            ask = source(cell) if not open_cells else ask
            continue
        kind = next((t for t in ("exercise", "check", "solution") if t in tags(cell)), None)
        if kind is None:
            continue
        expected = ("exercise", "check", "solution")[len(open_cells)]
        if kind != expected:
            raise ValueError(f"{path.name}: a cell tagged {kind} stands where {expected} should be:\n{source(cell)}")
        open_cells[kind] = source(cell)
        if kind == "solution":
            found.append(Task(check_name(path, open_cells), ask, *open_cells.values()))
            open_cells = {}
    if open_cells:
        raise ValueError(f"{path.name}: the last exercise lacks its solution")
    return found


def check_name(path: Path, code: dict[str, str]) -> str:
    """The exercise's name; the check cell and the last line of the solution must both call it."""
    matches = [CHECK.fullmatch(code["check"].strip()), CHECK.search(last_line(code["solution"]))]
    if None in matches or matches[0][1] != matches[1][1]:
        raise ValueError(f"{path.name}: check and solution must end in the same exercises.<name>.check(…): {code}")
    return matches[0][1]


def assigned(code: str) -> set[str]:
    """The names that a cell defines."""
    names = set()
    for node in ast.parse(code).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        names |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return names


def run(code: str, names: dict):
    """Run a cell; the value of its last line, if that is an expression."""
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if last else None


def last_line(code: str) -> str:
    return ast.get_source_segment(code, ast.parse(code).body[-1])


def cells(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def source(cell: dict) -> str:
    return "".join(cell["source"])


def tags(cell: dict) -> list[str]:
    return cell["metadata"].get("tags", [])
