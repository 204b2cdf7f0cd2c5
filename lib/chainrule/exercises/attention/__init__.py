"""Exercises of the chapter on attention."""

from chainrule.exercises.attention.backward import attend, softmax_back
from chainrule.exercises.attention.blocks import in_blocks, with_nobody
from chainrule.exercises.attention.predictions import crossing, shifted_keys, window_mask, zero_query

__all__ = [
    "attend",
    "crossing",
    "in_blocks",
    "shifted_keys",
    "softmax_back",
    "window_mask",
    "with_nobody",
    "zero_query",
]
