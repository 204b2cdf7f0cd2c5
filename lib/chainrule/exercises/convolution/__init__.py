"""Exercises of the chapter on convolution."""

from chainrule.exercises.convolution.backwards import transposed
from chainrule.exercises.convolution.kernels import backward, factors
from chainrule.exercises.convolution.places import direction, field, rows

__all__ = ["backward", "direction", "factors", "field", "rows", "transposed"]
