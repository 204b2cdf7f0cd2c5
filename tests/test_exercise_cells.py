"""Every exercise of every chapter: its stub, each listed mistake and the notebook's own solution."""

import importlib
import json
import sys
import types
from pathlib import Path

import exercise_cells as ec
import made_exercises
import pytest
from made_exercises import count

from chainrule.exercises.exercise import Exercise

BOOK = Path(__file__).parent.parent / "book"
CHAPTERS = [p for p in sorted(BOOK.glob("*/*.ipynb")) if p.name != "index.ipynb"]


def module_of(path):
    return importlib.import_module(f"chainrule.exercises.{path.stem.replace('-', '_')}")


def prove_chapter(path, module):
    """All that must hold for the exercises of one notebook."""
    found = ec.tasks(path)
    defined = {name: e for name, e in vars(module).items() if isinstance(e, Exercise)}
    assert {t.name for t in found} == set(defined), "the notebook and its module hold the same exercises"
    assert len(found) == len(defined), "each exercise stands once in the notebook"
    assert len(found) >= 4, "a chapter has at least four exercises"
    assert {e.difficulty for e in defined.values()} == {"easy", "medium", "hard"}
    stubs = [name for t in found for name in ec.assigned(t.stub)]
    assert len(stubs) == len(set(stubs)), f"each stub has names of its own: {stubs}"
    for task in found:
        prove_task(task, defined[task.name], ec.code_cells(path, "setup"))


def prove_task(task, exercise, setup):
    label = f"({exercise.difficulty}, {exercise.minutes} min)"
    assert label in task.ask, f"the text before {task.name} says {label}"
    assert not ec.assigned(task.stub) & ec.assigned(task.solution), f"{task.name}: the solution overwrites the stub"
    names = {}
    for code in setup:
        ec.run(code, names)
    ec.run(task.stub, names)
    assert ec.run(task.check, names).status == "not attempted", task.name
    solved = ec.run(task.solution, names)
    assert solved.status == "right", f"{task.name}: {solved}"
    assert ec.run(task.check, names).status == "not attempted", f"{task.name}: the solution leaks into the stub"
    assert exercise.mistakes, f"{task.name} foresees no mistake"
    for label, (mistake, hint) in exercise.mistakes.items():
        verdict = exercise.check(mistake)
        assert (verdict.status, verdict.text) == ("hint", hint), f"{task.name}, {label}: {verdict}"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_chapter(path):
    prove_chapter(path, module_of(path))


# --- the runner itself, on a notebook made here ------------------------------------------------

CELLS = [
    ("", "setup", "import numpy as np\nfrom chainrule.exercises import made_here as exercises"),
    ("**Gradient (easy, 5 min).**", "exercise", "def dW(x, dy):\n    '''The gradient.'''\n    ..."),
    ("", "check", "exercises.gradient.check(dW)"),
    ("", "solution", "def summed(x, dy):\n    return x.T @ dy\n\nexercises.gradient.check(summed)"),
    ("**LoRA (medium, 2 min).**", "exercise", "lora_prediction = ..."),
    ("", "check", "exercises.lora.check(lora_prediction)"),
    ("", "solution", "exercises.lora.check('never moves')"),
    ("**Count (hard, 1 min).**", "exercise", "numbers = ..."),
    ("", "check", "exercises.count.check(numbers)"),
    ("", "solution", "solution = 3 * 4 + 4\nexercises.count.check(solution)"),
    ("**Scale (hard, 3 min).**", "exercise", "def scale_of(n):\n    raise NotImplementedError"),
    ("", "check", "exercises.scale.check(scale_of)"),
    ("", "solution", "exercises.scale.check(lambda n: 1 / np.sqrt(n))"),
]


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    module = types.ModuleType("chainrule.exercises.made_here")
    vars(module).update({name: vars(made_exercises)[name] for name in ("gradient", "lora", "count", "scale")})
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr("chainrule.exercises.made_here", module, raising=False)

    def write(*changes):
        made = []
        for text, tag, code in CELLS:
            for old, new in changes:
                text, tag, code = text.replace(old, new), tag.replace(old, new), code.replace(old, new)
            made += [{"cell_type": "markdown", "metadata": {}, "source": [text]}] * bool(text)
            made += [{"cell_type": "code", "metadata": {"tags": [tag]}, "source": code.splitlines(keepends=True)}]
        path = tmp_path / "made-here.ipynb"
        path.write_text(json.dumps({"cells": made}))
        return path

    return write


def made_here():
    return sys.modules["chainrule.exercises.made_here"]


def test_a_good_notebook_passes(notebook):
    prove_chapter(notebook(), made_here())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("return x.T @ dy", "return x.T @ dy / 3", "gradient: "),
        ("'never moves'", "'trains'", "lora: "),
        ("solution = 3 * 4 + 4", "solution = 3 * 4", "count: Not yet. And the biases"),
        ("summed", "dW", "gradient: the solution overwrites the stub"),
        ("def scale_of(n):\n    raise NotImplementedError", "def scale_of(n):\n    return n", "scale"),
        ("lora_prediction", "numbers", "names of its own"),
        ("(easy, 5 min)", "(easy, 6 min)", r"says \(easy, 5 min\)"),
        ("exercises.count.check(solution)", "print(solution)", "must end in the same"),
        ("exercises.count", "exercises.lora", "the same exercises"),
        ("exercise", "prose", "stands where exercise should be"),
    ],
)
def test_a_broken_notebook_is_refused(notebook, old, new, message):
    change = (old, new) if new != "prose" else ("lora_prediction = ...", "pass")
    path = notebook(change)
    if new == "prose":
        path.write_text(path.read_text().replace('["exercise"]', '["prose"]', 1))
    with pytest.raises((AssertionError, ValueError), match=message):
        prove_chapter(path, made_here())


@pytest.mark.parametrize(
    ("mistakes", "message"),
    [
        ({"a": (12, "And the biases?"), "b": (12, "Other hint.")}, "count, b"),
        ({"not one": (16, "This is right.")}, "count, not one"),
        ({}, "foresees no mistake"),
    ],
)
def test_mistakes_that_cannot_be_told_apart_are_refused(notebook, mistakes, message):
    module = made_here()
    module.count = Exercise(**{**vars(count), "mistakes": mistakes})
    with pytest.raises(AssertionError, match=message):
        prove_chapter(notebook(), module)
