"""What the models of the library are promised to learn, each as a number and a bound.

Seeds 0 to 4 were fixed before anything was tuned. `make claims` trains all five and writes table.md; the tests train
with seed 0.
"""

from collections.abc import Callable
from typing import NamedTuple


class Claim(NamedTuple):
    """measure(seed) trains and returns a number, which is at least `bound` (at most, where at_most)."""

    name: str
    measure: Callable[[int], float]
    bound: float
    unit: str = ""
    at_most: bool = False

    def holds(self, value: float) -> bool:
        """Whether the number is on the promised side of the bound."""
        return value <= self.bound if self.at_most else value >= self.bound
