"""Keep the memory of freed arrays for the next ones.

Each step of training makes arrays as large as those of the step before. By default the C library hands large ones
back to the system as they are freed and asks for them anew, and the system fills every page with zeros again: in a
convolutional network that is a quarter of the whole step. Raising two limits of the allocator keeps them at hand;
the process then holds on to as much memory as it used at its peak.
"""

import ctypes
import os
import sys

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # the names of mallopt's options in malloc.h
VARIABLES = ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_")


def keep_freed_memory() -> None:
    """Let the C library keep up to a gigabyte of freed memory, unless the environment sets its limits.

    Only glibc has these limits; elsewhere nothing happens. Arrays above 32 MB, its bound, are handed back as before.
    """
    if not sys.platform.startswith("linux") or any(name in os.environ for name in VARIABLES):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(TRIM_THRESHOLD, 2**30)
        mallopt(MMAP_THRESHOLD, 2**25)
