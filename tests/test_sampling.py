import checks_sampling as checks
import numpy as np
import pytest
from helpers import normal, rng

import chainrule.models.sampling
from chainrule.models.sampling import sample, temperature, top_k, top_p

LOGITS = normal(4, 6, dtype=np.float32)


@pytest.mark.parametrize(
    "check",
    [
        checks.temperature_values,
        checks.top_values,
        checks.samples_follow_their_distribution,
        checks.rows_are_drawn_apart,
    ],
)
def test_check(check):
    check(chainrule.models.sampling)


def test_logits_keep_their_dtype_and_are_left_alone():
    keep = LOGITS.copy()
    LOGITS.setflags(write=False)
    for found in (temperature(LOGITS, 0.7), temperature(LOGITS, 0), top_k(LOGITS, 2), top_p(LOGITS, 0.5)):
        assert found.dtype == np.float32 and found.shape == LOGITS.shape
    sample(LOGITS, rng(), 0.7, 3, 0.9)
    assert np.array_equal(LOGITS, keep)


def test_small_temperatures_approach_the_greedy_choice():
    for t in (1e-2, 1e-3, 1e-6):
        assert np.array_equal(sample(LOGITS, rng(), t=t), LOGITS.argmax(-1))


def test_large_logits_are_safe():
    for factor in (1e4, 1e30):
        assert np.array_equal(sample(factor * LOGITS, rng()), LOGITS.argmax(-1))
        assert np.array_equal(sample(factor * LOGITS, rng(), p=0.9), LOGITS.argmax(-1))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: temperature(LOGITS, -1), "temperature takes a finite number >= 0, got -1"),
        (lambda: top_k(LOGITS, 0), "top_k takes a positive integer, got 0"),
        (lambda: top_p(LOGITS, 0), r"top_p takes a number in \(0, 1\], got 0"),
        (lambda: top_p(LOGITS, 1.5), r"top_p takes a number in \(0, 1\], got 1\.5"),
        (lambda: sample(LOGITS, 0), "rng takes a np.random.Generator"),
        (lambda: sample(LOGITS.astype(int), rng()), r"takes floating-point logits \(\.\.\., V\), got int64 \(4, 6\)"),
        (lambda: sample([1.0], rng()), "got list"),
        (lambda: top_k(np.float32([[]]), 1), r"got float32 \(1, 0\)"),
    ],
)
def test_wrong_inputs(call, message):
    with pytest.raises(ValueError, match=message):
        call()
