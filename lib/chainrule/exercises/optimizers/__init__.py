"""Exercises of the chapter on optimizers."""

from chainrule.exercises.optimizers.momentum import critical_rate, nesterov_limit, straight_road
from chainrule.exercises.optimizers.scales import adam, orthogonal_step, other_units

__all__ = ["adam", "critical_rate", "nesterov_limit", "orthogonal_step", "other_units", "straight_road"]
