"""Exercises of the chapter on the perceptron."""

from chainrule.exercises.perceptron.gates import nand, xor_feature
from chainrule.exercises.perceptron.rule import bound, twice, update

__all__ = ["bound", "nand", "twice", "update", "xor_feature"]
