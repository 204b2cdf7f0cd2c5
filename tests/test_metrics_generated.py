import checks_metrics
import numpy as np
import pytest
from helpers import rng

import chainrule.metrics.classes
import chainrule.metrics.generated
from chainrule.data import eight_gaussians, ring_centres
from chainrule.metrics import bits_per_character, exact_match, mode_coverage

IDS = np.array([[3, 4], [5, 2]])


@pytest.mark.parametrize("check", ["bits_by_hand", "exact_matches_by_hand", "coverage_by_hand"])
def test_check(check):
    getattr(checks_metrics, check)(chainrule.metrics.generated)


def test_check_of_classes():
    checks_metrics.counts_and_ratios_by_hand(chainrule.metrics.classes)


def test_a_uniform_guess_costs_the_logarithm_of_the_alphabet():
    assert bits_per_character(np.log(64)) == pytest.approx(6) and isinstance(bits_per_character(np.float32(1)), float)


@pytest.mark.parametrize("seed", range(4))
def test_exact_match_equals_comparing_lists(seed):
    draw = rng(seed)
    a, b = draw.integers(2, 5, (300, 4)), draw.integers(2, 5, (300, 3))

    def until(ids):
        ids = ids.tolist()
        return ids[: ids.index(2) + 1] if 2 in ids else ids

    assert exact_match(a, b, end=2) == np.mean([until(x) == until(y) for x, y in zip(a, b)]) > 0


def test_the_real_mixture_is_covered_and_a_collapsed_one_is_not():
    x, labels = eight_gaussians(2000, rng(), noise=0.05)
    covered, near, counts = mode_coverage(x, ring_centres(), radius=0.15)
    assert covered == 8 and near > 0.98 and counts.sum() == round(near * 2000)
    assert np.abs(counts - np.bincount(labels)).max() < 20
    assert mode_coverage(x[labels < 3], ring_centres(), radius=0.15).covered == 3


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bits_per_character(-1), "loss takes a finite number >= 0, got -1"),
        (lambda: bits_per_character(float("nan")), "loss takes a finite number >= 0, got nan"),
        (lambda: bits_per_character(1, 0), "tokens_per_character takes a finite number > 0, got 0"),
        (lambda: exact_match(IDS, IDS[:, :1]), r"ids of one shape \(N, T\) with N >= 1, got \(2, 2\) and \(2, 1\)"),
        (lambda: exact_match(IDS, IDS[:1], end=2), r"ids \(N, T\) and \(N, S\) .* got \(2, 2\) and \(1, 2\)"),
        (lambda: exact_match(IDS[0], IDS[0]), r"got \(2,\) and \(2,\)"),
        (lambda: exact_match(IDS[..., None], IDS[..., None]), r"got \(2, 2, 1\) and \(2, 2, 1\)"),
        (lambda: exact_match(IDS, IDS[..., None], end=2), r"got \(2, 2\) and \(2, 2, 1\)"),
        (lambda: exact_match(IDS[..., None], IDS, end=2), r"got \(2, 2, 1\) and \(2, 2\)"),
        (lambda: exact_match(IDS[:0], IDS[:0]), r"N >= 1, got \(0, 2\)"),
        (lambda: exact_match(IDS, IDS / 2), "exact_match takes integer ids, got float64 for target"),
        (lambda: mode_coverage(np.ones(3), np.ones((2, 2)), 1), r"samples \(N, D\) .* got \(3,\) and \(2, 2\)"),
        (lambda: mode_coverage(np.ones((3, 2, 2)), np.ones((4, 2, 2)), 1), r"got \(3, 2, 2\) and \(4, 2, 2\)"),
        (lambda: mode_coverage(np.ones((3, 2)), np.ones((0, 2)), 1), r"got \(3, 2\) and \(0, 2\)"),
        (lambda: mode_coverage(np.ones((3, 1)), np.ones((2, 2)), 1), r"got \(3, 1\) and \(2, 2\)"),
        (lambda: mode_coverage(np.ones((0, 2)), np.ones((2, 2)), 1), r"got \(0, 2\) and \(2, 2\)"),
        (lambda: mode_coverage(np.ones((3, 2)), np.ones((2, 2)), 0), "radius takes a finite number > 0, got 0"),
        (lambda: mode_coverage(np.ones((3, 2)), np.ones((2, 2)), 1, 2), r"share takes a number in \(0, 1\], got 2"),
    ],
)
def test_wrong_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()
