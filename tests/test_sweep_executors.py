"""One sweep on threads, on processes and on a Dask cluster: the same values, failures and order do not matter."""

import math
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

import pytest
from helpers import rng
from trials import bring_back_a_lock, die, fail_on_one, first_waits_for_last, trial

from chainrule.sweep import grid, sweep

POINTS = grid(lr=[0.1, 0.2, 0.3], width=[8, 16])


def processes(workers: int) -> ProcessPoolExecutor:
    """Started anew, not forked: the tests may have threads by now."""
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))


@contextmanager
def dask(workers: int) -> Iterator[Executor]:
    """A cluster of threads that talk to each other as machines do, by messages on sockets; no dashboard."""
    from distributed import Client, LocalCluster

    talk = {"processes": False, "protocol": "tcp://", "silence_logs": 50}
    no_dashboard = {"dashboard_address": "127.0.0.1:0", "scheduler_kwargs": {"dashboard": False}}
    with (
        LocalCluster(n_workers=1, threads_per_worker=workers, **talk, **no_dashboard) as cluster,
        Client(cluster) as client,
        client.get_executor() as executor,
    ):
        yield executor


POOLS = {"threads": ThreadPoolExecutor, "processes": processes, "dask": dask}


@pytest.fixture(scope="module", params=POOLS)
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    with POOLS[request.param](2) as executor:
        yield executor


def test_every_executor_finds_what_this_process_finds(executor):
    here = list(sweep(trial, POINTS, rng(5)))
    there = sorted(sweep(trial, POINTS, rng(5), executor), key=lambda record: record.index)
    assert [(r.index, r.settings, r.value, r.error) for r in here] == [
        (r.index, r.settings, r.value, r.error) for r in there
    ]
    assert all(0 <= record.seconds < 60 for record in there)


def test_records_come_when_they_are_ready(executor, tmp_path):
    points = grid(i=range(4), n=[4], folder=[str(tmp_path)])
    records = list(sweep(first_waits_for_last, points, rng(), executor))
    values = [record.value for record in records]
    assert sorted(values) == [0, 1, 2, 3] and values.index(0) >= 2
    assert 0.05 <= records[values.index(0)].seconds < 60


def test_a_failure_leaves_the_others_alone(executor):
    records = sorted(sweep(fail_on_one, grid(i=range(3)), rng(), executor), key=lambda record: record.index)
    assert [record.value for record in records] == [0, None, 2]
    assert records[1].error == "ArithmeticError: nothing to be had at 1" and "in fail_on_one" in records[1].trace


def test_the_executor_stays_open(executor):
    assert executor.submit(int, "3").result() == 3


def test_a_function_or_a_value_that_cannot_travel_is_a_record_too():
    with processes(1) as pool:
        (record,) = sweep(lambda rng: 1, [{}], rng(), pool)
        assert "<lambda>" in record.error and math.isnan(record.seconds)
        records = list(sweep(bring_back_a_lock, grid(i=range(3)), rng(), pool))
    assert [r.value for r in sorted(records, key=lambda r: r.index)] == [0, None, 2]
    assert sum("cannot pickle" in (r.error or "") for r in records) == 1


def test_a_killed_worker_is_reported_after_what_was_found():
    found = []
    with processes(1) as pool:
        with pytest.raises(
            RuntimeError, match=r"the executor broke and \d of 4 points were lost, .* \{'i': \d\}: a wor"
        ):
            for record in sweep(die, grid(i=range(4)), rng(), pool):
                found.append(record.value)
        with pytest.raises(RuntimeError, match="the executor broke and 2 of 2 points were lost"):
            list(sweep(fail_on_one, grid(i=[0, 2]), rng(), pool))
    assert found == [0]


def test_closing_early_cancels_what_has_not_begun():
    ran, gate = [], threading.Event()

    def wait(i, rng):
        ran.append(i)
        if i:
            gate.wait(10)

    with ThreadPoolExecutor(1) as pool:
        records = sweep(wait, grid(i=range(50)), rng(), pool)
        assert next(records).index == 0
        records.close()
        gate.set()
    assert len(ran) <= 2


def test_values_are_not_kept_once_they_are_read():
    class Large:
        alive = 0

        def __init__(self):
            Large.alive += 1

        def __del__(self):
            Large.alive -= 1

    with ThreadPoolExecutor(1) as pool:
        records = sweep(lambda i, rng: Large(), grid(i=range(9)), rng(), pool)
        next(records)
        pool.submit(int).result()  # all have run by now
        for left in range(8, 0, -1):
            next(records)
            assert Large.alive <= left
