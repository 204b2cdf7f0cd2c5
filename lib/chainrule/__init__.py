"""Chain Rule: a deep-learning library to be read. Each module opens with the one idea that it holds.

Small matrices gain nothing from many BLAS threads, and lose much when another process is busy, so importing
this package limits BLAS to one thread unless the reader has set a number; `chainrule.threads(n)` changes it.
"""

from chainrule.blas import limit_on_import, threads

__version__ = "0.1.0"
__all__ = ["__version__", "threads"]

limit_on_import()
