"""Exercises of the chapter on the transformer."""

from chainrule.exercises.transformer.layer import encode
from chainrule.exercises.transformer.predictions import layer_count, louder
from chainrule.exercises.transformer.wiring import back_through, prefix_mask, write

__all__ = ["back_through", "encode", "layer_count", "louder", "prefix_mask", "write"]
