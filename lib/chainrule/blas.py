"""How many threads the matrix products use.

OpenBLAS and MKL read their environment variables when NumPy is loaded. Before that moment setting the variables is
enough; after it we ask the loaded library through threadpoolctl.
"""

import os
import sys

VARIABLES = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")

_limits = None


def threads(n: int) -> None:
    """Let BLAS use n threads from now on. Raises ValueError unless n is a positive integer."""
    if not isinstance(n, int) or isinstance(n, bool) or n < 1:
        raise ValueError(f"threads takes a positive integer, got {n!r}")
    import numpy  # noqa: F401  # the library can be asked only once it is loaded
    from threadpoolctl import threadpool_limits

    global _limits
    _limits = threadpool_limits(n, user_api="blas")  # kept: the limit ends when the object is restored


def limit_on_import() -> None:
    """One BLAS thread, unless the environment names a number."""
    if any(name in os.environ for name in VARIABLES):
        return
    os.environ.update(dict.fromkeys(VARIABLES, "1"))  # for what is loaded from now on
    if "numpy" in sys.modules:
        threads(1)
