"""Exercises of the chapter on data and evaluation."""

from chainrule.exercises.data_and_evaluation.folds import honest_score
from chainrule.exercises.data_and_evaluation.intervals import disagreements, expected_best, narrower, no_mistake
from chainrule.exercises.data_and_evaluation.series import best_fill

__all__ = ["best_fill", "disagreements", "expected_best", "honest_score", "narrower", "no_mistake"]
