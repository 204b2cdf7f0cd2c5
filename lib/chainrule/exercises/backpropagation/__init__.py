"""Exercises of the chapter on back-propagation."""

from chainrule.exercises.backpropagation.gradients import product, silu
from chainrule.exercises.backpropagation.machinery import flops, forgetful, planted_bug
from chainrule.exercises.backpropagation.paths import centre, residual_paths

__all__ = ["centre", "flops", "forgetful", "planted_bug", "product", "residual_paths", "silu"]
