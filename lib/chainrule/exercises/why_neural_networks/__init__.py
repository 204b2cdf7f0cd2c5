"""Exercises of the chapter on why neural networks, and the seven features of a digit that a person made."""

from chainrule.exercises.why_neural_networks.digits import eighth, seven_features
from chainrule.exercises.why_neural_networks.dimension import coins, grid_examples
from chainrule.exercises.why_neural_networks.lines import best_line, bumps, enclose

__all__ = ["best_line", "bumps", "coins", "eighth", "enclose", "grid_examples", "seven_features"]
