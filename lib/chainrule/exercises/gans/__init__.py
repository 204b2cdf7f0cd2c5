"""Exercises of the chapter on generative adversarial networks."""

from chainrule.exercises.gans.distances import frechet, jensen_shannon
from chainrule.exercises.gans.games import look_ahead, thousand, three_to_one, wind

__all__ = ["frechet", "jensen_shannon", "look_ahead", "thousand", "three_to_one", "wind"]
