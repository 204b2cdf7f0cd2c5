import os
import subprocess
import sys

import pytest

from chainrule import threads

ASK = """
from threadpoolctl import threadpool_info
print({p["num_threads"] for p in threadpool_info() if p["user_api"] == "blas"})
"""
VARIABLES = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")


def blas_threads(code: str, **env: str) -> set[int]:
    """How many threads BLAS uses in a new process after this code, with just these variables set."""
    clean = {k: v for k, v in os.environ.items() if k not in VARIABLES}
    done = subprocess.run(
        [sys.executable, "-c", code + ASK], env=clean | env, capture_output=True, text=True, check=True
    )
    return eval(done.stdout)


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core: BLAS never has more than one thread")
@pytest.mark.parametrize(
    ("code", "env", "expected"),
    [
        ("import numpy", {}, None),  # what the others are compared with: more than one
        ("import chainrule, numpy", {}, 1),
        ("import numpy, chainrule", {}, 1),
        ("import chainrule.dense", {}, 1),
        ("import chainrule, numpy", {"OPENBLAS_NUM_THREADS": "2"}, 2),
        ("import numpy, chainrule", {"OMP_NUM_THREADS": "2"}, 2),
        ("import chainrule, numpy; chainrule.threads(2)", {}, 2),
        ("import chainrule; chainrule.threads(2); import numpy", {}, 2),
        ("import numpy, chainrule; chainrule.threads(2); chainrule.threads(1)", {}, 1),
        ("import numpy, chainrule, scipy.linalg", {}, 1),  # SciPy brings a BLAS of its own, loaded later
    ],
)
def test_threads(code, env, expected):
    used = blas_threads(code, **env)
    assert used == {expected} if expected else min(used) > 1


@pytest.mark.parametrize("n", [0, -1, 2.0, "2", True, None])
def test_wrong_numbers(n):
    with pytest.raises(ValueError, match=f"threads takes a positive integer, got {n!r}"):
        threads(n)
