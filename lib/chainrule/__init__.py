"""Chain Rule: a deep-learning library to be read. Each module opens with the one idea that it holds.

Small matrices gain nothing from many BLAS threads, and lose much when another process is busy, so importing
this package limits BLAS to one thread unless the reader has set a number; `chainrule.threads(n)` changes it.
Freed memory is kept for the next arrays.
"""

from chainrule.blas import limit_on_import, threads
from chainrule.memory import keep_freed_memory

__version__ = "0.1.0"
__all__ = ["__version__", "threads"]

limit_on_import()
keep_freed_memory()
