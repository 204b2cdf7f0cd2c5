"""How much a chapter asks of its reader, counted from its cells: minutes to read, exercises, explorers."""

import math
import re
from dataclasses import dataclass

from nbformat import NotebookNode

EXERCISES = re.compile(r"^## Exercises.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
MINUTES = re.compile(r"\*\*\((?:easy|medium|hard), (\d+) min\)\*\*")
EXPLORER = re.compile(r"^explore\(", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
FORMULA = re.compile(r"\$\$.*?\$\$", re.DOTALL)
NOT_READ = {"hide-input", "hide-cell", "exercise", "check", "solution"}  # code that is folded, or the reader's own


@dataclass(frozen=True)
class Effort:
    """Minutes to read a chapter, the minutes its exercises take, how many they are, and how many explorers."""

    reading: int
    practice: int
    exercises: int
    explorers: int


def effort(cells: list[NotebookNode]) -> Effort:
    """What the cells of a chapter ask for."""
    prose = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    code = [cell for cell in cells if cell.cell_type == "code"]
    minutes = [int(m) for m in MINUTES.findall(prose)]
    explorers = sum(len(EXPLORER.findall(cell.source)) for cell in code)
    lines = sum(len(cell.source.splitlines()) for cell in code if not NOT_READ & set(cell.metadata.get("tags", [])))
    return Effort(reading_minutes(EXERCISES.sub("", prose), lines, explorers), sum(minutes), len(minutes), explorers)


def reading_minutes(prose: str, lines: int, explorers: int) -> int:
    """An estimate by rule, rounded up to five minutes.

    A minute for 200 words, for 30 lines of code that is not folded, for a displayed formula; two for an explorer.
    """
    prose = FENCE.sub("", prose)
    words = len(FORMULA.sub("", prose).split())
    minutes = words / 200 + lines / 30 + len(FORMULA.findall(prose)) + 2 * explorers
    return 5 * math.ceil(minutes / 5)
