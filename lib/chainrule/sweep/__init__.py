"""One function at many settings: the points of a grid or of random draws, run on any executor."""

from chainrule.sweep.points import draws, grid, log_uniform, uniform
from chainrule.sweep.run import Record, sweep

__all__ = ["Record", "draws", "grid", "log_uniform", "sweep", "uniform"]
