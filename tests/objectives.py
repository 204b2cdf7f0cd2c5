"""A model with its loss as one layer, so that gradcheck and PyTorch can be asked about a whole training step."""

from collections.abc import Callable

import numpy as np

from chainrule.layer import Layer


class Objective(Layer):
    """The number loss(model)[0], with loss(model) → (loss, back) and all its data inside; evidence for `subject`."""

    def __init__(self, model: Layer, loss: Callable[[Layer], tuple], subject: str = ""):
        self.model, self._loss, self.subject = model, loss, subject or type(model).__name__

    def forward(self) -> tuple:
        value, back = self._loss(self.model)

        def backward(dloss: np.ndarray) -> None:
            back(dloss)

        return np.asarray(value), backward
