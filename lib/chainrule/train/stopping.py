"""Early stopping: training ends where the held-out loss does, not where the training loss would."""

import math

import numpy as np

from chainrule.layer import Layer


class EarlyStopping:
    """Remembers the best parameters; exhausted after `patience` epochs without a better loss."""

    def __init__(self, model: Layer, patience: int):
        self.model, self.patience, self.best, self.waited = model, patience, math.inf, 0
        self.theta: np.ndarray | None = None

    def note(self, loss: float | None) -> None:
        """Take note of an epoch's held-out loss, and of the parameters if it is the best so far."""
        if loss is not None and loss < self.best:
            self.best, self.waited, self.theta = loss, 0, self.model.flat()[0].copy()
        else:
            self.waited += 1

    @property
    def exhausted(self) -> bool:
        """Whether patience has run out."""
        return self.waited >= self.patience

    def restore(self) -> None:
        """Give the model its best parameters back."""
        if self.theta is not None:
            self.model.flat()[0][:] = self.theta
