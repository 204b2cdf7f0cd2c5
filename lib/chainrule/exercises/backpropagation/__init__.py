"""Exercises of the chapter on back-propagation."""

from chainrule.exercises.backpropagation.gradients import centre, product, residual_paths, silu
from chainrule.exercises.backpropagation.machinery import flops, forgetful, planted_bug

__all__ = ["centre", "flops", "forgetful", "planted_bug", "product", "residual_paths", "silu"]
