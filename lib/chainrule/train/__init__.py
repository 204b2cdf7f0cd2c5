"""Training: mini-batches, clipping, early stopping, several workers, and the loop as a generator: `fit`, `minimise`."""

from chainrule.train.batches import batches
from chainrule.train.clipping import clip_by_norm, clip_by_value
from chainrule.train.loop import fit
from chainrule.train.objective import minimise
from chainrule.train.parallel import DataParallel, replica
from chainrule.train.records import Record
from chainrule.train.step import backpropagate, train_step

__all__ = [
    "DataParallel",
    "Record",
    "backpropagate",
    "batches",
    "clip_by_norm",
    "clip_by_value",
    "fit",
    "minimise",
    "replica",
    "train_step",
]
