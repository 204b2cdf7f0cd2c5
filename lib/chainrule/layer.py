"""A layer is a function that also knows the way back.

    y, back = layer(x)        forward: the output, and how to go back
    dx = back(dy)             backward: dL/dy in, dL/dx out; dL/dW is added to layer.dW

`back` closes over what it needs, so a layer remembers nothing between calls: it may be used twice in one pass,
shared between models, or driven by a slider. Call `back` before changing a parameter. Layers nest, and the tree
names every parameter (`encoder.0.W`). `flat()` lays all parameters of a model into one vector and all gradients
into another, of which `W` and `dW` become views: an optimizer is then a few lines of vector arithmetic.
"""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import numpy as np

from chainrule.arrays import expect_float_dtype
from chainrule.tree import Tree, layers_in, with_tuples


class Layer(Tree):
    """A node in a tree of parameters. A subclass writes `forward(self, x) → (y, backward)`; callers write `layer(x)`.

    Public attributes that are layers, or lists or tuples of layers, are its children; names that begin with an
    underscore are private and stay outside the tree. `training` is True until `evaluate()`.
    """

    training = True
    _frozen = False
    _root: "Layer | None" = None  # whose vector holds the parameters, once flat() has been called
    _flat: tuple[np.ndarray, np.ndarray] | None = None
    _layers: tuple["Layer", ...] = ()  # the tree, remembered once flat() has fixed it

    def forward(self, *inputs: Any) -> tuple:
        """(output, backward): what a subclass defines, and a call returns; an option, such as a mask, is a keyword."""
        raise NotImplementedError(f"{type(self).__name__} does not define forward")

    def __call__(self, *inputs: Any, **options: Any) -> tuple:
        return self.forward(*inputs, **options)

    def parameters(self, **arrays: np.ndarray) -> None:
        """Declare `W=array`: a copy of it becomes self.W, beside a zero gradient self.dW.

        Raises ValueError where an array does not hold floating-point numbers, a name is taken, or after flat().
        """
        if self._root is not None:
            raise ValueError(f"{self.label()} is part of a flat vector; declare parameters before flat()")
        self._declare(arrays)
        for name in arrays:
            vars(self)["d" + name] = np.zeros_like(vars(self)[name])
        self.names += tuple(arrays)

    def keep(self, **arrays: np.ndarray) -> None:
        """Declare arrays that belong to the model and are saved with it, but are not trained, as running statistics.

        Raises ValueError where an array does not hold floating-point numbers, or a name is taken.
        """
        self._declare(arrays)
        self.kept_names += tuple(arrays)

    def _declare(self, arrays: dict[str, np.ndarray]) -> None:
        for name, array in arrays.items():
            if hasattr(self, name):
                raise ValueError(f"{self.label()}.{name} is there already; give the parameter another name")
            if np.asarray(array).dtype.kind != "f":
                raise ValueError(f"parameter {name} takes floating-point numbers, got {np.asarray(array).dtype}")
            vars(self)[name] = np.array(array, order="C")

    def __setattr__(self, name: str, value: Any) -> None:
        """Parameters, gradients and kept arrays are written in place, so that nothing loses sight of them."""
        old: Any = vars(self).get(name)
        if value is old and old is not None:  # how `layer.dW += g` ends
            return
        if name in self.names + self.kept_names or (name[:1] == "d" and name[1:] in self.names):
            if np.shape(value) != old.shape:
                raise ValueError(f"{self.label()}.{name} has shape {old.shape}, got {np.shape(value)}")
            np.copyto(old, value, casting="same_kind")
            return
        if self._root is not None and name[:1] != "_" and (layers_in(value) or layers_in(old)):
            raise ValueError(
                f"{type(self).__name__}.{name} cannot be replaced: the model is one flat vector already, and the new "
                "layer would never be trained; build a new model from copies (copy.deepcopy) of the layers to keep"
            )
        object.__setattr__(self, name, with_tuples(value))

    def __getstate__(self) -> dict:
        """Copies and pickles are models of their own: they leave the flat vector behind."""
        return {k: v for k, v in vars(self).items() if k not in ("_root", "_flat", "_layers", "_frozen")}

    def flat(self) -> tuple[np.ndarray, np.ndarray]:
        """(theta, dtheta): every parameter and every gradient of the tree, each as one vector.

        The vectors belong to the outermost model; an inner layer gets its slice. Flattening an outer model later
        moves inner ones into its own vector. Raises ValueError where dtypes are mixed, where a layer belongs to
        another model's vector, or where the layer's parameters are not one slice (it shares a layer with another).
        """
        if self._root is None:
            from chainrule.flatten import flatten

            flatten(self)
        if self._flat is None:
            raise ValueError(f"{self.label()} shares layers with the rest of its model, so it has no slice of its own")
        return self._flat

    @property
    def layers_below(self) -> tuple["Layer", ...]:
        """This layer and all below it, each once, depth first."""
        return self._layers or tuple(layer for _, layer in self.walk())

    def zero_grad(self) -> None:
        """Set every gradient of the tree to zero."""
        self.flat()[1].fill(0)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Within `with layer.frozen():` a `back` passes gradients through the tree and leaves its dW alone."""
        before = [(layer, layer._frozen) for layer in self.layers_below]
        for layer, _ in before:
            layer._frozen = True
        try:
            yield
        finally:
            for layer, was in before:
                layer._frozen = was

    def train(self) -> Self:
        """Switch the tree to training (dropout drops, batch norm uses the batch); returns the layer."""
        return self._switch(True)

    def evaluate(self) -> Self:
        """Switch the tree to evaluation; returns the layer."""
        return self._switch(False)

    def _switch(self, training: bool) -> Self:
        for layer in self.layers_below:
            vars(layer)["training"] = training  # no part of the tree; fit switches at every step
        return self

    def astype(self, dtype: Any) -> Self:
        """A copy of the tree whose floating-point arrays are cast to dtype."""
        twin = copy.deepcopy(self)
        dtype = expect_float_dtype(dtype)
        for _, layer in twin.walk():
            for key, value in vars(layer).items():
                if isinstance(value, np.ndarray) and value.dtype.kind == "f":
                    vars(layer)[key] = value.astype(dtype)
        return twin
