import itertools

import checks_sweep
import numpy as np
import pytest
from helpers import rng
from trials import fail_on_one, trial

import chainrule.sweep.points
from chainrule.sweep import draws, grid, log_uniform, sweep, uniform


def test_settings_are_pythons_numbers_which_do_not_promote():
    (point,) = grid(lr=np.array([0.1]), width=np.array([3]))
    assert type(point["lr"]) is float and type(point["width"]) is int
    (point,) = draws(1, rng(), lr=np.array([0.1]), a=uniform(0, 1), b=log_uniform(1, 2))
    assert {type(value) for value in point.values()} == {float}


@pytest.mark.parametrize("check", ["grids_by_hand", "draws_follow_their_distributions"])
def test_check(check):
    getattr(checks_sweep, check)(chainrule.sweep.points)


def test_draws_follow_their_generator():
    first, again, other = (draws(9, rng(seed), lr=uniform(0, 1), k=[1, 2, 3]) for seed in (1, 1, 2))
    assert first == again != other


def test_a_sweep_without_an_executor_runs_here_in_order_and_when_asked():
    points, ran = grid(i=range(3)), []
    records = sweep(lambda i, rng: ran.append(i) or 10 * i, points, rng())
    assert ran == []
    assert next(records).value == 0 and ran == [0]
    rest = list(records)
    assert [(r.index, r.settings, r.value, r.error, r.trace) for r in rest] == [
        (1, {"i": 1}, 10, None, ""),
        (2, {"i": 2}, 20, None, ""),
    ]
    assert all(0 <= r.seconds < 1 for r in rest)


def test_a_point_that_fails_is_a_record_of_its_error():
    first, failed, last = sweep(fail_on_one, grid(i=range(3)), rng())
    assert first.value == 0 and last.value == 2 and failed.value is None and failed.settings == {"i": 1}
    assert failed.error == "ArithmeticError: nothing to be had at 1" and first.error is None
    assert "in fail_on_one" in failed.trace and failed.trace not in repr(failed)
    (record,) = sweep(trial, [{"lr": 1}], rng())
    assert "missing 1 required positional argument: 'width'" in record.error


def test_what_is_no_failure_of_a_point_stops_the_sweep():
    def interrupted(rng):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(sweep(interrupted, [{}], rng()))


def test_each_point_has_a_generator_of_its_own_which_follows_from_the_seed():
    def run(seed, n):
        return [record.value[2] for record in sweep(trial, grid(lr=range(n), width=[1]), rng(seed))]

    values = run(1, 6)
    assert values == run(1, 6) and values[:3] == run(1, 3) and values != run(2, 6)
    assert len(set(itertools.chain(*values))) == 12
    shared = rng(3)
    a, b = ([r.value for r in sweep(trial, grid(lr=[1], width=[1]), shared)] for _ in range(2))
    assert a != b


def test_a_sweep_of_nothing():
    assert list(sweep(trial, [], rng())) == []


class Bar:
    """What tqdm was told."""

    def __init__(self, total: int, unit: str):
        self.total, self.n, self.failed = total, 0, None
        Bar.last = self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.total = "closed"

    def update(self):
        self.n += 1

    def set_postfix(self, failed: int):
        self.failed = failed


def test_progress_counts_points_and_failures(monkeypatch):
    monkeypatch.setattr("tqdm.auto.tqdm", Bar)
    records = sweep(fail_on_one, grid(i=range(3)), rng(), progress=True)
    assert [r.index for _, r in zip(range(2), records)] == [0, 1] and (Bar.last.n, Bar.last.total) == (2, 3)
    assert [r.index for r in records] == [2] and (Bar.last.n, Bar.last.failed, Bar.last.total) == (3, 1, "closed")


def test_progress_yields_the_same_records_and_closes():
    records = sweep(fail_on_one, grid(i=range(3)), rng(), progress=True)
    assert next(records).value == 0
    records.close()
    assert [r.index for r in sweep(fail_on_one, grid(i=range(3)), rng(), progress=True)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: grid(lr=[]), r"grid takes at least one value for each name, in a list; lr is \[\]"),
        (lambda: grid(lr=0.1), r"grid takes .*; lr is 0\.1"),
        (lambda: grid(kind="relu"), "grid takes .*; kind is 'relu'"),
        (lambda: draws(3, rng(), kind="relu"), "draws takes .*; kind is 'relu'"),
        (lambda: draws(0, rng()), "n takes a positive integer, got 0"),
        (lambda: draws(3, 0), r"rng takes a np\.random\.Generator .*, got int"),
        (lambda: uniform(1, 1), "uniform high takes a finite number > 1, got 1"),
        (lambda: uniform("a", 1), "uniform low takes a finite number, got 'a'"),
        (lambda: log_uniform(0, 1), "log_uniform low takes a finite number > 0, got 0"),
        (lambda: log_uniform(1, 0.1), r"log_uniform high takes a finite number > 1, got 0\.1"),
        (lambda: sweep(trial, [{"lr": 1, "rng": 2}], rng()), "dicts of settings by name, without rng, got .*'rng': 2"),
        (lambda: sweep(trial, [3], rng()), "dicts of settings by name, without rng, got 3"),
        (lambda: sweep(trial, [{1: 2}], rng()), r"dicts of settings by name, without rng, got \{1: 2\}"),
        (lambda: sweep(trial, [], 0), r"rng takes a np\.random\.Generator .*, got int"),
    ],
)
def test_wrong_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()
