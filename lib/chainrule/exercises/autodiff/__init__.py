"""Exercises of the chapter on automatic differentiation."""

from chainrule.exercises.autodiff.numbers import passes, quotient, series_product, special_case
from chainrule.exercises.autodiff.tapes import undo, walk_back

__all__ = ["passes", "quotient", "series_product", "special_case", "undo", "walk_back"]
