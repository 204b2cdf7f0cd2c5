"""Exercises of the chapter on recurrent networks."""

from chainrule.exercises.rnn.predictions import clipped_by_norm, weights, without_memory
from chainrule.exercises.rnn.through_time import bptt, linear_gradient, log_norm

__all__ = ["bptt", "clipped_by_norm", "linear_gradient", "log_norm", "weights", "without_memory"]
