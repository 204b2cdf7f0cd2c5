"""Training: mini-batches, clipping, early stopping, and `fit`, the loop as a generator."""

from chainrule.train.batches import batches
from chainrule.train.clipping import clip_by_norm, clip_by_value
from chainrule.train.loop import Record, fit, train_step

__all__ = ["Record", "batches", "clip_by_norm", "clip_by_value", "fit", "train_step"]
