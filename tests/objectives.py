"""A model with its loss as one layer, so that gradcheck and PyTorch can be asked about a whole training step."""

from collections.abc import Callable

import numpy as np

from chainrule.layer import Layer


class Objective(Layer):
    """The number loss(model)[0], with loss(model) → (loss, back) and all its data inside."""

    def __init__(self, model: Layer, loss: Callable[[Layer], tuple]):
        self.model, self._loss = model, loss

    def forward(self) -> tuple:
        value, back = self._loss(self.model)

        def backward(dloss: np.ndarray) -> None:
            back(dloss)

        return np.asarray(value), backward
