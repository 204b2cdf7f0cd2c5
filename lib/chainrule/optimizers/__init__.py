"""How parameters move. See `base` for what all optimizers share, `gradient`, `adam` and `muon` for the rules."""

from chainrule.optimizers.adam import Adam, AdamW
from chainrule.optimizers.base import Optimizer, Rate
from chainrule.optimizers.gradient import SGD, AdaGrad, RMSprop
from chainrule.optimizers.muon import Muon

__all__ = ["SGD", "AdaGrad", "Adam", "AdamW", "Muon", "Optimizer", "RMSprop", "Rate"]
