"""The code that README and CONTRIBUTING show runs and does what they say."""

import re
from pathlib import Path

import numpy as np
import pytest

from chainrule.check import gradcheck

ROOT = Path(__file__).parents[1]
PREAMBLE = """
import numpy as np
from chainrule.arrays import column_sums, expect_rows, rows
from chainrule.exercises.exercise import Exercise
from chainrule.layer import Layer
"""


def blocks(name):
    """The Python blocks of a Markdown file, in order."""
    return re.findall(r"^```python\n(.*?)^```", (ROOT / name).read_text(encoding="utf-8"), re.M | re.S)


@pytest.fixture
def contributing():
    names = {}
    exec(PREAMBLE, names)
    for block in blocks("CONTRIBUTING.md"):
        exec(block, names)
    return names


def test_the_layer_of_contributing_keeps_the_contract(contributing):
    rng = np.random.default_rng(0)
    layer = contributing["Scale"](3)
    assert set(gradcheck(layer, rng.standard_normal((2, 5, 3)), rng=rng)) == {"input 0", "g"}
    with pytest.raises(ValueError, match=r"takes \(\.\.\., 3\), got \(2, 4\)"):
        layer(np.zeros((2, 4), np.float32))


def test_the_exercise_of_contributing_answers(contributing):
    biases = contributing["biases"]
    assert [biases.check(answer).status for answer in (..., 12, 16)] == ["not attempted", "hint", "right"]


def test_the_ten_lines_of_the_readme_learn(capsys):
    (block,) = blocks("README.md")
    exec(block, {})
    losses = [float(line.split()[1]) for line in capsys.readouterr().out.splitlines()]
    assert len(losses) == 400
    assert losses[-1] < 0.3 < losses[0]


def test_every_path_that_the_readme_names_is_there():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in re.findall(r"\]\(([^)#:]+)\)|\| `([a-z/]+)` \|", text):
        assert (ROOT / (path[0] or path[1])).exists(), path
