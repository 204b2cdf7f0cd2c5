"""Print every table, or those that are named: `python -m benchmarks networks memory`."""

import sys
from importlib import import_module

from benchmarks.workload import report

STEPS = ("networks", "convolution", "recurrent", "transformer", "generative", "policy")

if __name__ == "__main__":
    wanted = sys.argv[1:] or [*STEPS, "layers", "importing", "live_update", "abandoned", "memory", "chapters"]
    for name in wanted:
        module = import_module(f"benchmarks.{name}")
        print(report(f"One training step: {name}", module.WORKLOADS) if name in STEPS else module.report(), flush=True)
