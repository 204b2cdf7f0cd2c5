"""Keep the scale of what flows through a network: subtract a mean, divide by a standard deviation, and let two trained
vectors gamma and beta give back what the next layer needs.

The layers differ in what the mean is taken over: `BatchNorm` over the examples of a batch, the others over the numbers
of one example, so that an example's output does not depend on its neighbours.
"""

from chainrule.normalization.batch import BatchNorm
from chainrule.normalization.example import GroupNorm, LayerNorm, RMSNorm

__all__ = ["BatchNorm", "GroupNorm", "LayerNorm", "RMSNorm"]
