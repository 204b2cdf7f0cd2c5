"""What must hold of the points of a sweep, as functions of the module: see checks.py."""

import itertools
from types import ModuleType

import numpy as np
from helpers import rng


def grids_by_hand(m: ModuleType) -> None:
    """Every combination, the last name varying fastest."""
    points = m.grid(lr=[0.1, 1.0], width=(8, 16), kind=range(1))
    assert points == [{"lr": a, "width": b, "kind": 0} for a, b in itertools.product([0.1, 1.0], [8, 16])]
    assert m.grid() == [{}] and m.grid(a=(x for x in (1, 2))) == [{"a": 1}, {"a": 2}]
    points[0]["lr"] = 5
    assert points[1]["lr"] == 0.1


def draws_follow_their_distributions(m: ModuleType) -> None:
    points = m.draws(
        4000, rng(), lr=m.log_uniform(1e-4, 1e-1), p=m.uniform(-1, 3), width=[16, 32, 64], c=lambda r: r.poisson(2)
    )
    lr, p = (np.array([point[name] for point in points]) for name in ("lr", "p"))
    for values, low, high in ((np.log10(lr), -4, -1), (p, -1, 3)):
        assert low <= values.min() < low + 0.01 and high - 0.01 < values.max() <= high
        np.testing.assert_allclose(np.histogram(values, 4, (low, high))[0] / 1000, 1, atol=0.12)
    counts = np.bincount([point["width"] for point in points], minlength=65)[[16, 32, 64]]
    np.testing.assert_allclose(counts / 4000, 1 / 3, atol=0.03)
    assert abs(np.mean([point["c"] for point in points]) - 2) < 0.1
    assert abs(np.corrcoef(lr, p)[0, 1]) < 0.05
