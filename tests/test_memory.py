import os
import subprocess
import sys

import pytest

from chainrule.memory import VARIABLES

ASK = """
import resource, numpy as np
def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(10):
        arrays = [np.ones(2**20) for _ in range(4)]
        del arrays
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
faults()
print(faults())
"""


def faults(code: str, **env: str) -> int:
    """How often a new process asks the system for a page while it makes and frees arrays of 8 MB, after this code."""
    clean = {k: v for k, v in os.environ.items() if k not in VARIABLES} | {"NUMPY_MADVISE_HUGEPAGE": "0"}
    done = subprocess.run(
        [sys.executable, "-c", code + ASK], env=clean | env, capture_output=True, text=True, check=True
    )
    return int(done.stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these limits are glibc's")
def test_memory_is_kept_once_the_package_is_imported_and_the_environment_has_the_last_word():
    alone = faults("")
    if not alone:
        pytest.skip("this C library keeps memory anyway")
    assert faults("import chainrule") < 0.01 * alone
    assert faults("import chainrule", MALLOC_TRIM_THRESHOLD_="131072", MALLOC_MMAP_THRESHOLD_="131072") > 0.5 * alone
