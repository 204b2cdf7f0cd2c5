"""Functions that a sweep runs in other processes, which import them from here."""

import os
import threading
import time
from pathlib import Path

import numpy as np


def trial(lr: float, width: int, rng: np.random.Generator) -> tuple:
    """What it was given, and what its generator draws."""
    return lr, width, rng.normal(size=2).tolist()


def first_waits_for_last(i: int, n: int, folder: str, rng: np.random.Generator) -> int:
    """Point 0 ends a little after the last one has run, which leaves a file to say so."""
    last = Path(folder) / "last"
    if i == n - 1:
        last.touch()
    give_up = time.monotonic() + 60
    while i == 0 and not last.exists() and time.monotonic() < give_up:
        time.sleep(0.01)
    time.sleep(0.05 if i == 0 else 0)
    return i


def fail_on_one(i: int, rng: np.random.Generator) -> int:
    if i == 1:
        raise ArithmeticError(f"nothing to be had at {i}")
    return i


def die(i: int, rng: np.random.Generator) -> int:
    if i == 1:
        os._exit(1)
    return i


def bring_back_a_lock(i: int, rng: np.random.Generator) -> object:
    return threading.Lock() if i == 1 else i
