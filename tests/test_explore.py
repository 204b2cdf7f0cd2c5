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
    explorer = made(edit={"depth": number(-3, 3, 0.1, [-1, 0, 1])}, depth=None)
    assert len(explorer.grid) == 9
    assert explorer.grid[1] == {"rate": 0.1, "depth": 0}
    assert [tuple(c.values()) for c in explorer.corners] == [(0.1, -3), (0.1, 3), (0.3, -3), (0.3, 3)]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "Lora Rank"}, "small letters and hyphens.*'Lora Rank'"),
        ({"name": ""}, "small letters"),
        ({"caption": " "}, "sentence as caption"),
        ({"caption": None}, "sentence as caption"),
        ({"describe": None}, r"'decay' needs one sentence that states the result, such as describe=lambda result"),
        ({"compute": lambda rate: 1}, r"calls compute\(rate, depth\), but compute does not take \['depth'\]; add"),
        ({"compute": lambda rate, depth, seed: 1}, r"but compute also needs \['seed'\]; give a .*such as seed=\[…\]"),
        ({"draw": lambda fig, result, rate: 1}, r"calls draw\(fig, result, rate, depth\), but draw does not take"),
        ({"draw": lambda fig, **settings: 1}, r"but draw takes \(fig, \*\*settings\)"),
        (
            {"describe": lambda rate, depth: ""},
            r"describe\(result, rate, depth\), but describe does not take \['rate'\]",
        ),
        ({"unit_of": {"width": "m"}}, r"unit_of= names \['width'\]"),
        ({"unit_of": {"rate": ""}}, r"unit_of= takes a text for each control, not so for \['rate'\]"),
        ({"labels": {"rate": " "}}, r"labels= takes a text for each control, not so for \['rate'\]"),
        (
            {"depth": [False, True], "unit_of": {"depth": "m"}},
            r"unit_of= names \['depth'\], whose values are no numbers",
        ),
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
        ({"rate": list(range(31))}, "31 × 2 = 62 frames; the most is 60: drop values"),
        ({"edit": {"rate": number(0, 1, 0.1, [0, 1])}}, "both as values and in edit"),
        ({"edit": {"w": [1, 2]}}, r"takes number\(…\), text\(…\) or drawing\(…\) for each control, not so for \['w'\]"),
    ],
)
def test_unfit_explorers_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        made(**changes)


@pytest.mark.parametrize(
    "call",
    [lambda: log_range(0, 1, 3), lambda: log_range(1, 1.1, 30), lambda: linear_range(1, 1, 3),
     lambda: linear_range(0, 1, 1)],
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


@pytest.mark.parametrize(
    "compute",
    [lambda **settings: 1, lambda rate, **others: 1, lambda rate, depth, seed=0: 1, dict, lambda *, depth, rate: 1],
)
def test_functions_may_take_the_controls_in_any_way(compute):
    assert made(compute=compute, describe=lambda result, **settings: "One.").default == {"rate": 0.2, "depth": 2}


def test_numbers_are_shown_with_their_unit():
    explorer = made(unit_of={"rate": "per step", "depth": "%"}, labels={"rate": "η"})
    assert explorer.phrase(explorer.default) == "η = 0.2\u00a0per step, depth = 2%"
    mixed = made(depth=[1, "all"], unit_of={"depth": "layers"}).controls[1]
    assert [mixed.shown(v) for v in mixed.values] == ["1\u00a0layers", "all"]


class Kernel:
    """As much of a kernel as an explorer asks for."""

    execution_count = 0

    def run(self, cell, **changes):
        self.execution_count += 1
        self.cell = cell
        return made(**changes)

    def get_parent(self):
        return {"metadata": {"cellId": self.cell} if self.cell else {}}


@pytest.fixture
def kernel(monkeypatch):
    running = Kernel()
    monkeypatch.setattr("IPython.get_ipython", lambda: running)
    monkeypatch.setattr("chainrule.explore._explorers", {})
    return running


def test_a_cell_that_runs_again_makes_its_explorer_anew(kernel):
    first, again = kernel.run("a"), kernel.run("a", compute=lambda rate, depth: np.zeros(3))
    assert again is not first and again.name == first.name


def test_two_cells_cannot_make_explorers_of_one_name(kernel):
    kernel.run("a")
    with pytest.raises(ValueError, match=r"two explorers of this page are named 'decay'.*restart the kernel"):
        kernel.run("b")
    with pytest.raises(ValueError, match="two explorers of this page"):
        kernel.run("a") and made()


def test_a_front_end_without_ids_tells_cells_by_their_functions(kernel):
    def train(rate, depth):
        return np.zeros(3)

    kernel.run(None, compute=train)
    kernel.run(None, compute=train)
    with pytest.raises(ValueError, match="two explorers of this page"):
        kernel.run(None)
