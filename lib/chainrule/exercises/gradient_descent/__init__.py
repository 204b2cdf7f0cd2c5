"""Exercises of the chapter on gradient descent."""

from chainrule.exercises.gradient_descent.regression import gradient, regress
from chainrule.exercises.gradient_descent.valleys import exact_rate, rounding, summed, which_regime

__all__ = ["exact_rate", "gradient", "regress", "rounding", "summed", "which_regime"]
