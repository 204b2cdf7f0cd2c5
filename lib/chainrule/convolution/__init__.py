"""Layers for images: convolution and its transpose, pooling, upsampling, and images as rows or patches.

Images are (N, C, H, W). See `columns` for the three products behind a convolution, and for the memory order in which
these layers hand images to each other.
"""

from chainrule.convolution.conv import Conv1d, Conv2d
from chainrule.convolution.pool import AvgPool2d, MaxPool2d, global_average
from chainrule.convolution.reshape import flatten, patches
from chainrule.convolution.transpose import ConvTranspose2d
from chainrule.convolution.upsample import Upsample

__all__ = [
    "AvgPool2d",
    "Conv1d",
    "Conv2d",
    "ConvTranspose2d",
    "MaxPool2d",
    "Upsample",
    "flatten",
    "global_average",
    "patches",
]
