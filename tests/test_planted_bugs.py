"""Do the checks bite? One token of the library's real source is changed; the code still runs and keeps its shapes, and
the named check, which the unit tests call with the untouched module, must fail.
"""

import inspect
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parent
CHECKS = [import_module(path.stem) for path in sorted(HERE.glob("checks*.py"))]
BUGS = [import_module(path.stem).BUGS for path in sorted(HERE.glob("bugs_*.py"))]
ROWS = [
    (module, check, *bug)
    for table in BUGS
    for module, by in table.items()
    for check, bugs in by.items()
    for bug in bugs
]


def planted(name: str, old: str, new: str) -> ModuleType:
    """The module, made from its source with one change."""
    real = import_module(f"chainrule.{name}")
    source = inspect.getsource(real)
    assert old in source, f"{name} has no {old!r}: bring the table up to date"
    module = ModuleType(real.__name__)
    exec(compile(source.replace(old, new, 1), f"<{name}: {new}>", "exec"), vars(module))
    return module


@pytest.mark.parametrize(
    ("name", "check", "old", "new"), ROWS, ids=[f"{name}: {new.strip()} – {check}" for name, check, _, new in ROWS]
)
def test_the_check_catches_the_bug(name, check, old, new):
    holds = next(getattr(module, check) for module in CHECKS if hasattr(module, check))
    holds(planted(name, "", ""))
    with pytest.raises(AssertionError):
        holds(planted(name, old, new))


def test_there_are_enough_bugs_and_each_is_its_own():
    assert len(ROWS) == len(set(ROWS)) >= 800
