"""Exercises of the chapter on initialization."""

from chainrule.exercises.initialization.rules import leaky_gain, my_he, rescale
from chainrule.exercises.initialization.signals import equal_units, halved, settles

__all__ = ["equal_units", "halved", "leaky_gain", "my_he", "rescale", "settles"]
