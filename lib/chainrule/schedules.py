"""How the learning rate changes while training: a schedule is a function from the step, 1, 2, …, to a rate.

Give one to an optimizer in place of a number: `Adam(model, lr=warmup(100, cosine(1e-2, 1000)))`. Schedules compose:
`warmup` leads into any other, `chain` plays several after each other. `OnPlateau` alone has a memory: it listens to
the validation loss that `fit` reports to it.
"""

import math
from collections.abc import Callable

import numpy as np

from chainrule.arrays import expect_number, expect_positive_int

Schedule = Callable[[int], float]


def constant(lr: float) -> Schedule:
    """lr at every step."""
    expect_number("lr", lr, low=0)
    return lambda t: lr


def step(lr: float, every: int, factor: float = 0.1) -> Schedule:
    """lr · factor^⌊(t − 1) / every⌋: a stair."""
    expect_number("lr", lr, low=0)
    expect_positive_int("every", every)
    expect_number("factor", factor, low=0)
    return lambda t: lr * factor ** ((t - 1) // every)


def exponential(lr: float, factor: float) -> Schedule:
    """lr · factorᵗ⁻¹."""
    expect_number("lr", lr, low=0)
    expect_number("factor", factor, low=0)
    return lambda t: lr * factor ** (t - 1)


def cosine(lr: float, steps: int, floor: float = 0.0) -> Schedule:
    """Half a cosine from lr at t = 1 to floor at t = steps, then floor. Loshchilov & Hutter (2017), eq. 5."""
    expect_number("lr", lr, low=0)
    expect_positive_int("steps", steps)
    expect_number("floor", floor, low=0, high=lr)

    def at(t: int) -> float:
        done = min((t - 1) / max(steps - 1, 1), 1)
        return floor + (lr - floor) * 0.5 * (1 + math.cos(math.pi * done))

    return at


def warmup(steps: int, then: Schedule | float) -> Schedule:
    """A straight line from then(1) / steps up to then(1) in `steps` steps, then `then` from its own step 1.

    Goyal et al. (2017), section 2.2.
    """
    expect_positive_int("steps", steps)
    after = then if callable(then) else constant(then)
    return _passing_on(lambda t: after(1) * t / steps if t <= steps else after(t - steps), after)


def one_cycle(peak: float, steps: int, start: float = 1 / 25, end: float = 1e-4, rise: float = 0.3) -> Schedule:
    """Half a cosine from start · peak up to peak in the first `rise` of the steps, then down to end · peak.

    Smith & Topin (2019), with cosine ramps.
    """
    expect_number("peak", peak, low=0)
    expect_positive_int("steps", steps)
    for name, value in (("start", start), ("end", end), ("rise", rise)):
        expect_number(name, value, low=0, high=1)
    up = max(1, round(rise * steps))

    def ramp(a: float, b: float, done: float) -> float:
        return a + (b - a) * 0.5 * (1 - math.cos(math.pi * min(done, 1)))

    def at(t: int) -> float:
        if t <= up:
            return peak * ramp(start, 1, (t - 1) / max(up - 1, 1))
        return peak * ramp(1, end, (t - up) / max(steps - up, 1))

    return at


def chain(*parts: tuple[int, Schedule]) -> Schedule:
    """Several after each other: `chain((100, constant(0.1)), (400, cosine(0.1, 400)))`; the last goes on for ever."""
    if not parts:
        raise ValueError("chain takes at least one (steps, schedule)")
    for steps, schedule in parts:
        expect_positive_int("steps", steps)
        if not callable(schedule):
            raise ValueError(f"chain takes pairs (steps, schedule), got {schedule!r} for a schedule")

    def at(t: int) -> float:
        for steps, schedule in parts[:-1]:
            if t <= steps:
                return schedule(t)
            t -= steps
        return parts[-1][1](t)

    return _passing_on(at, *(schedule for _, schedule in parts))


def _passing_on(at: Schedule, *parts: Schedule) -> Schedule:
    """A composed schedule that listens, if one of its parts does."""
    found = [listener for part in parts for listener in listeners(part)]

    def observe(loss: float) -> None:
        for listener in found:
            listener.observe(loss)

    if found:
        at.listeners, at.observe = found, observe
    return at


def listeners(schedule: Schedule | float) -> "list[OnPlateau]":
    """Those with a memory in a schedule, which a resumed run has to be given back."""
    return [schedule] if isinstance(schedule, OnPlateau) else getattr(schedule, "listeners", [])


class OnPlateau:
    """lr, times `factor` whenever the observed loss has not improved by `margin` for more than `patience` reports.

    `fit` calls `observe(loss)` after each epoch, with the validation loss where there is one, else the training loss.
    """

    def __init__(self, lr: float, factor: float = 0.1, patience: int = 10, margin: float = 1e-4, floor: float = 0.0):
        for name, value in {"lr": lr, "factor": factor, "patience": patience, "margin": margin, "floor": floor}.items():
            expect_number(name, value, low=0)
        self.lr, self.factor, self.patience, self.margin, self.floor = lr, factor, patience, margin, floor
        self.best, self.waited = math.inf, 0

    def __call__(self, t: int) -> float:
        return self.lr

    def observe(self, loss: float) -> None:
        """Take note of a loss; lower the rate where patience has run out."""
        if loss < self.best * (1 - self.margin if self.best > 0 else 1 + self.margin):
            self.best, self.waited = loss, 0
            return
        self.waited += 1
        if self.waited > self.patience:
            self.lr, self.waited = max(self.lr * self.factor, self.floor), 0

    @property
    def memory(self) -> np.ndarray:
        """[rate, best loss, reports since]: what it has learnt from the losses so far; assigning brings it back."""
        return np.array([self.lr, self.best, self.waited], np.float64)

    @memory.setter
    def memory(self, values: np.ndarray) -> None:
        lr, best, waited = (float(v) for v in values)
        self.lr, self.best, self.waited = lr, best, int(waited)
