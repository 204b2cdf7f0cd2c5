"""Exercises of the chapter on losses."""

from chainrule.exercises.losses.balance import first_loss, largest, uneven
from chainrule.exercises.losses.likelihoods import normal_nll, poisson
from chainrule.exercises.losses.stable import log_sum_exp

__all__ = ["first_loss", "largest", "log_sum_exp", "normal_nll", "poisson", "uneven"]
