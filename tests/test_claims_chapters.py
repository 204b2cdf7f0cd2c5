"""Each chapter shows its claims for seeds 0 to 4, and the page of claims holds every chapter on every machine."""

import nbformat
import pytest
from claims.chapters import MACHINES, TABLE, chapters, run, spread, tables


@pytest.mark.parametrize("path", chapters(), ids=lambda p: p.stem)
def test_a_claim_is_shown_for_every_seed(path) -> None:
    found = dict(tables(nbformat.read(path, as_version=4)))
    assert found, "no table of seeds stands under a claim"
    assert [row["seed"] for row in next(iter(found.values()))] == list("01234")


@pytest.mark.parametrize("path", chapters(), ids=lambda p: p.stem)
def test_the_page_of_claims_holds_the_chapter(path) -> None:
    page = TABLE.read_text(encoding="utf-8")
    _, _, part = page.partition(f"## {path.parent.name}/{path.stem}\n")
    part = part.partition("\n## ")[0]
    assert part.count("every assertion holds") == len(MACHINES), "`make claims` writes it"
    for title, _ in tables(nbformat.read(path, as_version=4)):
        assert f"**{title}**" in part


def test_a_claim_that_fails_is_named(tmp_path) -> None:
    source = "import os\nassert os.environ['OPENBLAS_CORETYPE'] == 'Nehalem', 'only on the other'"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)]), tmp_path / "small.ipynb")
    assert run(tmp_path / "small.ipynb", "Nehalem", 1).failed == ""
    assert run(tmp_path / "small.ipynb", "Haswell", 1).failed == "AssertionError: only on the other"


def test_a_spread_is_of_numbers() -> None:
    assert spread(["9", "1,000", "10"]) == "9 … 1,000"
    assert spread(["0.5", "0.5"]) == "0.5"
    assert spread(["yes", "no", "yes"]) == "no, yes"
