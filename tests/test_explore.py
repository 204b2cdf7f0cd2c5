"""Explorers: their controls, and what `explore` accepts and refuses."""

import numpy as np
import pytest
from an_explorer import made

from chainrule.explore import linear_range, log_range, number
from chainrule.explore.controls import written


def test_ranges_hold_the_values_that_their_labels_say():
    assert log_range(1e-3, 1, 7) == [0.001, 0.0032, 0.01, 0.032, 0.1, 0.32, 1.0]
    assert linear_range(0, 0.3, 4) == [0.0, 0.1, 0.2, 0.3]
    assert linear_range(-1, 1, 3) == [-1.0, 0.0, 1.0]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.001, "0.001"), (1.0, "1"), (1e-6, "1e-6"), (2.5e-7, "2.5e-7"), (250000.0, "250000"), (3e6, "3e6"),
     (-0.5, "-0.5"), (0.1 + 0.2, "0.3"), (-0.0, "0"), (16, "16"), ("tanh", "tanh"), (True, "on"), (False, "off")],
)  # fmt: skip
def test_values_are_written_as_a_person_writes_them(value, text):
    assert written(value) == text


def test_default_is_the_middle_unless_start_says_otherwise():
    assert made().default == {"rate": 0.2, "depth": 2}
    assert made(start={"depth": 1}).default == {"rate": 0.2, "depth": 1}


def test_grid_and_corners():
    explorer = made(edit={"w": number(-3, 3, 0.1, [-1, 0, 1])}, depth=None)
    assert len(explorer.grid) == 9
    assert explorer.grid[1] == {"rate": 0.1, "w": 0}
    assert [tuple(c.values()) for c in explorer.corners] == [(0.1, -3), (0.1, 3), (0.3, -3), (0.3, 3)]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "Lora Rank"}, "small letters and hyphens.*'Lora Rank'"),
        ({"name": ""}, "small letters"),
        ({"caption": " "}, "sentence as caption"),
        ({"describe": "text"}, "function as describe"),
        ({"rate": []}, r"'rate' takes at least two values, got \[\]"),
        ({"rate": [1]}, "at least two values"),
        ({"rate": "abc"}, "list of values, got 'abc'"),
        ({"rate": 3}, "list of values, got 3"),
        ({"rate": [1, float("nan")]}, "finite numbers, strings or booleans, got nan"),
        ({"rate": [1, None]}, "finite numbers, strings or booleans, got None"),
        ({"rate": [1, True]}, "mixes booleans"),
        ({"rate": [0.1, 0.1]}, "read the same"),
        ({"rate": None, "depth": None}, "has no control"),
        ({"start": {"rate": 0.7}}, r"'rate' to 0.7, which is not among its values \[0.1, 0.2, 0.3\]"),
        ({"start": {"width": 1}}, r"start= names \['width'\]"),
        ({"labels": {"width": "w"}}, r"labels= names \['width'\]"),
        ({"play": "width"}, r"play 'width', but its controls are \['rate', 'depth'\]"),
        ({"rate": list(range(31))}, "31 × 2 = 62 frames; the most is 60"),
        ({"edit": {"rate": number(0, 1, 0.1, [0, 1])}}, "both as values and in edit"),
        ({"edit": {"w": [1, 2]}}, r"takes number\(lo, hi, step, examples"),
    ],
)
def test_unfit_explorers_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        made(**changes)


@pytest.mark.parametrize(
    "call",
    [lambda: log_range(0, 1, 3), lambda: log_range(1, 1.1, 30), lambda: linear_range(1, 1, 3),
     lambda: linear_range(0, 1, 1), lambda: number(1, 0, 0.1, [0]), lambda: number(0, 1, 0, [0]),
     lambda: number(0, 1, 0.1, [2])],
)  # fmt: skip
def test_unfit_ranges_are_refused(call):
    with pytest.raises(ValueError, match=r"takes|repeats"):
        call()


def test_a_generator_is_run_to_its_end_and_its_last_result_is_complete():
    explorer = made(compute=lambda rate, depth: (np.full(3, float(i)) for i in range(5)))
    assert explorer.result(explorer.default)[0] == 4


def test_a_generator_without_result_and_an_empty_description_are_refused():
    with pytest.raises(ValueError, match="without yielding"):
        explorer = made(compute=lambda rate, depth: (i for i in ()))
        explorer.result(explorer.default)
    with pytest.raises(ValueError, match="returned ''"):
        made(describe=lambda result, rate, depth: "")._repr_mimebundle_()
