"""The ledger names everything that it is about, and shows nothing that the tests would not pass."""

import re
from pathlib import Path

import pytest

from benchmarks.ledger import listed, pages

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "book" / "ledger.md").read_text(encoding="utf-8")
ROWS = {row[0]: row[1:] for row in re.findall(r"^\| `(\w+)` \| (.*) \| (.*) \| (.*) \| (.*) \| (.*) \|$", PAGE, re.M)}
OPTIMIZERS = {name for _, module, _ in pages() if module == "chainrule.optimizers" for name in listed(module)}
NO_WAY_BACK = {  # of their own
    "Perceptron",  # a threshold
    "MixtureDenoiser",  # known in closed form, nothing to train
    "Agent",  # plays; what it learns by are functions of its logits, which are checked
}
BOUNDS = {1: -12, 2: -6, 3: -8}  # column: the largest exponent that the tests allow


@pytest.mark.parametrize(("page", "module", "_"), pages(), ids=[module for _, module, _ in pages()])
def test_everything_public_is_in_the_ledger(page, module, _):
    missing = [name for name in listed(module) if name not in ROWS]
    assert missing == [], f"make ledger: {module} has more than book/ledger.md shows"


def test_nothing_in_it_is_gone():
    public = {name for _, module, _ in pages() for name in listed(module)}
    assert ROWS.keys() - public == set()


@pytest.mark.parametrize("name", ROWS)
def test_errors_are_within_what_the_tests_allow(name):
    for column, most in BOUNDS.items():
        shown = ROWS[name][column]
        exponent = re.fullmatch(r"\$10\^\{(-\d+)\}\$", shown)
        assert shown in ("—", "0") or int(exponent[1]) <= most, f"{name}: {shown}"


def test_everything_with_a_way_back_was_compared_with_differences():
    bare = {name for name, row in ROWS.items() if row[2] == "—"}
    assert bare - OPTIMIZERS == NO_WAY_BACK
