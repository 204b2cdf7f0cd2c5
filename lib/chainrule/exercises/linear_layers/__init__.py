"""Exercises of the chapter on linear layers."""

from chainrule.exercises.linear_layers.batch import backward, quiet_batch, twice_the_batch
from chainrule.exercises.linear_layers.low_rank import break_even, other_zero
from chainrule.exercises.linear_layers.structured import attend, toeplitz

__all__ = ["attend", "backward", "break_even", "other_zero", "quiet_batch", "toeplitz", "twice_the_batch"]
