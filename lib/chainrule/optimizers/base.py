"""What every optimizer does: plain vector arithmetic on the flat pair (theta, dtheta) of a model or of any part of it.

`optimizer.step()` reads the gradients and moves the parameters; it never clears them (`model.zero_grad()` does).
A learning rate is a number, or a schedule: a function from the step, 1, 2, …, to a number.
"""

from collections.abc import Callable, Mapping

import numpy as np

from chainrule.arrays import expect_number
from chainrule.layer import Layer
from chainrule.schedules import listeners

Rate = float | Callable[[int], float]


class Optimizer:
    """What all share: the model, the rate, the number of steps taken, and moving averages named in `slots`.

    `weight_decay` λ is decoupled: each step first scales theta by 1 − lr λ (Loshchilov & Hutter, 2019, algorithm 2).
    Raises ValueError where the model has no parameters, or lr or λ is negative or not finite.
    """

    slots: tuple[str, ...] = ()

    def __init__(self, model: Layer, lr: Rate, weight_decay: float = 0.0):
        if not isinstance(model, Layer) or not model.size:
            raise ValueError(f"{type(self).__name__} takes a layer with parameters, got {model!r}")
        if not callable(lr):
            expect_number("lr", lr, low=0)
        expect_number("weight_decay", weight_decay, low=0)
        self.model, self.lr, self.weight_decay, self.t = model, lr, weight_decay, 0
        for slot in self.slots:
            setattr(self, slot, np.zeros_like(model.flat()[0]))
        self._scratch = np.empty_like(model.flat()[0])

    def step(self) -> None:
        """Move the parameters by one step along the gradients that are there."""
        theta, gradient = self.model.flat()
        self.t += 1
        rate = self.rate
        if self.weight_decay:
            self.decay(theta, rate)
        self.update(theta, gradient, rate)
        if self.slots and self.t % 256 == 0:
            self._flush_subnormals()

    def update(self, theta: np.ndarray, gradient: np.ndarray, rate: float) -> None:
        """Move theta in place, at the given learning rate: what a subclass defines."""
        raise NotImplementedError(f"{type(self).__name__} does not define update")

    def decay(self, theta: np.ndarray, rate: float) -> None:
        """Scale the parameters by 1 − lr λ."""
        theta *= 1 - rate * self.weight_decay

    @property
    def rate(self) -> float:
        """The learning rate of the current step (of the first, before any)."""
        rate = float(self.lr(max(self.t, 1))) if callable(self.lr) else self.lr
        if callable(self.lr):
            expect_number("lr (from its schedule)", rate, low=0)
        return rate

    @property
    def state(self) -> dict[str, np.ndarray]:
        """Everything a resumed run needs beside the parameters: {'t': …, 'm': …, 'schedule.0': …}."""
        memory = {f"schedule.{i}": listener.memory for i, listener in enumerate(listeners(self.lr))}
        return {"t": np.array(self.t)} | {slot: getattr(self, slot) for slot in self.slots} | memory

    def restore(self, state: Mapping[str, np.ndarray]) -> None:
        """Go on from the `state` of an optimizer like this one."""
        self.t = int(state["t"])
        for slot in self.slots:
            getattr(self, slot)[...] = state[slot]
        for i, listener in enumerate(listeners(self.lr)):
            listener.memory = state[f"schedule.{i}"]

    def _flush_subnormals(self) -> None:
        # A dead unit's averages decay for ever; below 1e-38 each float32 operation on them is 10 to 200 times slower.
        # In the 256 steps between two flushes an average with β = 0.9 shrinks by 2e-12, so from 1e-26 it stays above.
        for slot in self.slots:
            average = getattr(self, slot)
            average[np.abs(average) < 1e-26] = 0
