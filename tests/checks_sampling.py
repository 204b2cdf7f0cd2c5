"""What must hold of the rules by which the next token is drawn, as functions of the module (see checks.py)."""

from types import ModuleType

import numpy as np
from helpers import normal, rng
from numpy.testing import assert_allclose

P = np.array([0.4, 0.3, 0.15, 0.1, 0.05])
LOGITS = np.log(P[[2, 0, 4, 1, 3]]) + 7


def probabilities(logits: np.ndarray) -> np.ndarray:
    e = np.exp(logits - logits.max())
    return e / e.sum()


def temperature_values(m: ModuleType) -> None:
    p = P[[2, 0, 4, 1, 3]]
    for t in (0.5, 1, 2, 10):
        assert_allclose(probabilities(m.temperature(LOGITS, t)), p ** (1 / t) / (p ** (1 / t)).sum())
    assert_allclose(probabilities(m.temperature(LOGITS, 1e-3)), [0, 1, 0, 0, 0], atol=1e-12)
    assert probabilities(m.temperature(LOGITS, 0)).tolist() == [0, 1, 0, 0, 0]
    assert m.temperature(np.array([2.0, 5, 5]), 0).tolist() == [-np.inf, 5, -np.inf]


def top_values(m: ModuleType) -> None:
    for k, kept in ((1, [1]), (2, [1, 3]), (4, [0, 1, 3, 4]), (9, [0, 1, 2, 3, 4])):
        assert np.flatnonzero(np.isfinite(m.top_k(LOGITS, k))).tolist() == kept
    for p, kept in ((1e-9, [1]), (0.39, [1]), (0.41, [1, 3]), (0.69, [1, 3]), (0.71, [0, 1, 3]), (1, [0, 1, 2, 3, 4])):
        found = m.top_p(LOGITS, p)
        assert np.flatnonzero(np.isfinite(found)).tolist() == kept and np.array_equal(found[kept], LOGITS[kept])
    assert np.isfinite(m.top_k(np.zeros(5), 2)).tolist() == [True, True, False, False, False]
    assert np.isfinite(m.top_p(np.zeros(4), 0.5)).tolist() == [True, True, False, False]


def samples_follow_their_distribution(m: ModuleType) -> None:
    p, n = P[[2, 0, 4, 1, 3]], 40_000
    both = p * (p > 0.12) / 0.85
    for options, wanted in (
        ({}, p),
        ({"t": 2.0}, np.sqrt(p) / np.sqrt(p).sum()),
        ({"k": 3}, both),
        ({"p": 0.8}, both),
        ({"t": 0.5, "k": 2}, p**2 * (p > 0.2) / 0.25),
        ({"t": 0}, [0, 1, 0, 0, 0]),
    ):
        ids = m.sample(np.broadcast_to(LOGITS, (n, 5)), rng(), **options)
        assert_allclose(np.bincount(ids, minlength=5) / n, wanted, atol=4 * 0.5 / n**0.5)
        assert not np.isin(ids, np.flatnonzero(np.asarray(wanted) == 0)).any()


def rows_are_drawn_apart(m: ModuleType) -> None:
    logits = normal(50, 3, 6).astype(np.float32)
    assert m.sample(logits, rng()).shape == (50, 3)
    assert np.array_equal(m.sample(logits, rng(), t=0), logits.argmax(-1))
    assert np.array_equal(m.sample(logits, rng(), k=1), logits.argmax(-1))
    same = m.sample(np.zeros((200, 5)), rng())
    assert np.unique(same).size == 5
