"""Training: mini-batches, clipping, early stopping, several workers, and `fit`, the loop as a generator."""

from chainrule.train.batches import batches
from chainrule.train.clipping import clip_by_norm, clip_by_value
from chainrule.train.loop import Record, fit
from chainrule.train.parallel import DataParallel, replica
from chainrule.train.step import backpropagate, train_step

__all__ = [
    "DataParallel",
    "Record",
    "backpropagate",
    "batches",
    "clip_by_norm",
    "clip_by_value",
    "fit",
    "replica",
    "train_step",
]
