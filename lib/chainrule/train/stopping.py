"""Early stopping: training ends where the held-out loss does, not where the training loss would."""

import math

import numpy as np

from chainrule.layer import Layer


class EarlyStopping:
    """Remembers the best parameters, with the statistics that were kept beside them; exhausted after `patience` epochs
    without a better loss.
    """

    def __init__(self, model: Layer, patience: int):
        self.model, self.patience, self.best, self.waited = model, patience, math.inf, 0
        self.arrays: list[np.ndarray] = []

    def note(self, loss: float | None) -> None:
        """Take note of an epoch's held-out loss, and of the parameters if it is the best so far."""
        if loss is not None and loss < self.best:
            self.best, self.waited = loss, 0
            self.arrays = [array.copy() for array in self._live()]
        else:
            self.waited += 1

    @property
    def exhausted(self) -> bool:
        """Whether patience has run out."""
        return self.waited >= self.patience

    def restore(self) -> None:
        """Give the model its best parameters back."""
        for array, best in zip(self._live(), self.arrays, strict=False):  # no best one, nothing to give back
            array[...] = best

    def _live(self) -> list[np.ndarray]:
        return [self.model.flat()[0], *self.model.kept.values()]
