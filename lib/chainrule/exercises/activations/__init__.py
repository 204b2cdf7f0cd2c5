"""Exercises of the chapter on activations."""

from chainrule.exercises.activations.build import fold, tents
from chainrule.exercises.activations.slopes import revive, swish, tanh_from_sigmoid, thousandth

__all__ = ["fold", "revive", "swish", "tanh_from_sigmoid", "tents", "thousandth"]
