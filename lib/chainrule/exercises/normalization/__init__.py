"""Exercises of the chapter on normalization."""

from chainrule.exercises.normalization.columns import folded, outlier, pooled
from chainrule.exercises.normalization.scale import rms_back, turn

__all__ = ["folded", "outlier", "pooled", "rms_back", "turn"]
