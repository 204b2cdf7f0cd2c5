"""The chapters to come, as `book/planned.yml` lists them: part by part, each with the number that it will have.

A written chapter takes the first number that no planned one has, so numbers stay while the book grows. When a chapter
is written, its entry goes.
"""

from pathlib import Path

import yaml

from website.chapters.chapter import Chapter

PLAN = "book/planned.yml"
FIELDS = {"number", "title", "question", "needs"}


def read_planned(root: Path, written: list[str]) -> dict[str, list[Chapter]]:
    """The planned chapters under the captions of their parts. Raises ValueError where the plan contradicts the book."""
    path = root / PLAN
    plan = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    planned = {part: [chapter(page, entry) for page, entry in pages.items()] for part, pages in plan.items()}
    pages = {c.page: c.number for chapters in planned.values() for c in chapters}
    if double := sorted(set(pages) & set(written)):
        raise ValueError(f"{PLAN} lists {', '.join(double)}, which the book has: delete what is written")
    if len(set(pages.values())) < len(pages):
        raise ValueError(f"{PLAN} gives two chapters one number: {sorted(pages.values())}")
    return planned


def chapter(page: str, entry: dict[str, object]) -> Chapter:
    """One entry of the plan as a chapter without work for its reader."""
    if set(entry) != FIELDS or not isinstance(entry["needs"], list) or not isinstance(entry["number"], int):
        raise ValueError(f"{PLAN}: {page} has {sorted(entry)}, expected {sorted(FIELDS)} a number and a list of needs")
    return Chapter(page, entry["number"], str(entry["title"]), str(entry["question"]), tuple(entry["needs"]), None)


def free_numbers(count: int, taken: set[int]) -> list[int]:
    """The first numbers, from 1, that are not taken."""
    return [n for n in range(1, count + len(taken) + 1) if n not in taken][:count]
