"""One full training step of a network, here and in PyTorch, and how near it comes to what the machine can do."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.harness import Contestants, medians, table

Step = Callable[[], object]


@dataclass(frozen=True)
class Workload:
    """A training step to be timed.

    floor          the least speed-up over the best PyTorch that the library promises
    flops          multiplications and additions in the matrix products of one step (two for each pair)
    contestants    () → {"chainrule": step, "torch …": step, …}
    """

    name: str
    floor: float
    flops: float
    contestants: Callable[[], Contestants]


def torch_variants(make: Callable[[bool], Step]) -> Contestants:
    """PyTorch eager, default and fused Adam, one and two threads; make(fused) → step. Empty where it is missing."""
    try:
        import torch
    except ModuleNotFoundError:
        return {}

    def on(threads: int, step: Step) -> Step:
        def call() -> object:
            torch.set_num_threads(threads)
            return step()

        return call

    return {
        f"torch, {threads} thread{'s' * (threads > 1)}{', fused' * fused}": on(threads, make(fused))
        for threads in (1, 2)
        for fused in (False, True)
    }


def peak() -> float:
    """Floating-point operations a second of a large float32 product on one thread: the roof of the roofline."""
    a, b, c = (np.ones((1024, 1024), np.float32) for _ in range(3))
    seconds = medians({"product": lambda: np.matmul(a, b, out=c)}, seconds=1.0, turns=4)["product"]
    return 2 * 1024**3 / seconds


def report(title: str, workloads: list[Workload]) -> str:
    """The table: milliseconds a step, how many times the library's time each peer takes, share of the roof."""
    warnings.filterwarnings("ignore", module="sklearn")
    roof, rows, verdicts = peak(), [], []
    for work in workloads:
        result = medians(work.contestants())
        ours = result["chainrule"]
        for name, seconds in result.items():
            share = f"{100 * work.flops / seconds / roof:.0f} %" if work.flops else ""
            rows.append((f"{work.name}  {name}", f"{seconds * 1e3:.3f}", f"{seconds / ours:.2f}", share))
        verdicts.append(_verdict(work, result))
    header = ("workload", "ms", "÷ chainrule", "of one thread's peak")
    return table(f"{title} (peak {roof / 1e9:.0f} GF/s)", header, rows) + "\n".join(verdicts) + "\n"


def _verdict(work: Workload, result: dict[str, float]) -> str:
    best = min((seconds for name, seconds in result.items() if name.startswith("torch")), default=None)
    if best is None:
        return f"{work.name}: PyTorch is not installed (pip install -e '.[bench]'), so its floor is not tried"
    ratio = best / result["chainrule"]
    held = "holds" if ratio >= work.floor else "MISSED"
    return f"{work.name}: best PyTorch ÷ chainrule = {ratio:.2f}, floor {work.floor}: {held}"
