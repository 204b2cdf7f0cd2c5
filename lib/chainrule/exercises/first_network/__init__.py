"""Exercises of the chapter on a first network."""

from chainrule.exercises.first_network.answers import accuracy, fold, missing_line, untrained_loss
from chainrule.exercises.first_network.loop import accumulate, one_step

__all__ = ["accumulate", "accuracy", "fold", "missing_line", "one_step", "untrained_loss"]
