"""Run a function at many points, on one core, on all of them, or on a cluster.

    def trial(lr, width, rng): ...                     # trains something and returns what is to be known of it

    points = grid(lr=[0.01, 0.1], width=[16, 32])
    with ProcessPoolExecutor(2) as executor:           # or ThreadPoolExecutor, or Dask's client.get_executor()
        for record in sweep(trial, points, np.random.default_rng(0), executor):
            print(record.settings, record.value)

Records come as they are ready. The generator that a point is given depends on its place in the list alone, so every
executor finds the same values. A point that fails is a record of its error; the others go on.
"""

import math
import time
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, as_completed
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from chainrule.arrays import expect_generator
from chainrule.sweep.points import Settings


@dataclass(frozen=True)
class Record:
    """What the function did at one point.

    index is the point's place in the list; value is what the function returned. Where it failed, value is None, error
    the exception in one line and trace where it was raised. seconds is the time of the call alone, without the wait
    for it, and nan where no answer came back from the worker.
    """

    index: int
    settings: Settings
    value: Any
    error: str | None
    seconds: float
    trace: str = field(default="", repr=False)


def sweep(
    f: Callable[..., Any],
    points: Iterable[Settings],
    rng: np.random.Generator,
    executor: Executor | None = None,
    progress: bool = False,
) -> Iterator[Record]:
    """Call `f(**settings, rng=rng)` at every point, each with a generator of its own; yields a `Record` as each ends.

    executor   where the calls run: any concurrent.futures.Executor, which stays open; None: here, one after another.
               A process pool takes functions that can be pickled, so defined in a module; Dask takes any
    progress   show a tqdm bar (a widget in a notebook)

    Closing the generator early cancels the calls that have not begun. Raises ValueError at once for points that are
    no settings; RuntimeError where the executor breaks (a worker process was killed), after the records that there
    are, with the number of points lost.
    """
    expect_generator(rng)
    points = list(points)
    for point in points:
        if not isinstance(point, dict) or not all(isinstance(name, str) for name in point) or "rng" in point:
            raise ValueError(f"sweep takes points that are dicts of settings by name, without rng, got {point!r}")
    calls = [(f, index, *pair) for index, pair in enumerate(zip(points, rng.spawn(len(points))))]
    records = _here(calls) if executor is None else _elsewhere(calls, executor)
    return _with_bar(records, len(points)) if progress else records


def _here(calls: list[tuple]) -> Generator[Record]:
    for call in calls:
        yield _attempt(*call)


def _elsewhere(calls: list[tuple], executor: Executor) -> Generator[Record]:
    lost: list[Settings] = []
    futures: dict[Future, tuple] = {}
    try:
        for call in calls:
            try:
                futures[executor.submit(_attempt, *call)] = call
            except BrokenExecutor:
                lost.append(call[2])
        for future in as_completed(futures):
            _, index, settings, _ = futures.pop(future)
            try:
                record = future.result()
            except BrokenExecutor:
                lost.append(settings)
                continue
            except Exception as error:  # what came back cannot be read, or a cluster gave the point up
                record = _failure(index, settings, error, math.nan)
            yield record
    finally:
        for future in futures:
            future.cancel()
    if lost:
        raise RuntimeError(
            f"the executor broke and {len(lost)} of {len(calls)} points were lost, among them {lost[0]}: a worker "
            "process was killed, for want of memory perhaps, or could not start; make a new executor"
        )


def _attempt(f: Callable, index: int, settings: Settings, rng: np.random.Generator) -> Record:
    """One call, where the executor runs it."""
    start = time.perf_counter()
    try:
        value = f(**settings, rng=rng)
    except Exception as error:
        return _failure(index, settings, error, time.perf_counter() - start)
    return Record(index, settings, value, None, time.perf_counter() - start)


def _failure(index: int, settings: Settings, error: Exception, seconds: float) -> Record:
    line = "".join(traceback.format_exception_only(error)).strip()
    return Record(index, settings, None, line, seconds, "".join(traceback.format_exception(error)))


def _with_bar(records: Generator[Record], points: int) -> Iterator[Record]:
    """The same records, with a bar that counts points."""
    from tqdm.auto import tqdm

    failed = 0
    with closing(records), tqdm(total=points, unit="point") as bar:
        for record in records:
            failed += record.error is not None
            bar.set_postfix(failed=failed)
            bar.update()
            yield record
