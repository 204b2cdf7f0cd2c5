"""Exercises of the chapter on convolutional networks."""

from chainrule.exercises.cnn.copies import split_copies
from chainrule.exercises.cnn.networks import global_max, residual
from chainrule.exercises.cnn.predictions import one_pixel, ways, weights

__all__ = ["global_max", "one_pixel", "residual", "split_copies", "ways", "weights"]
