import checks_data
import numpy as np
import pytest
from helpers import rng

import chainrule.data.sequences
from chainrule.data import END, FIRST_SYMBOL, PADDING, START, adding_problem, noisy_sine, reversal, sorting

DRAWN = {
    "reversal": lambda g: reversal(20, g),
    "sorting": lambda g: sorting(20, g),
    "adding": lambda g: adding_problem(20, 9, g),
    "sine": lambda g: noisy_sine(20, 9, g),
}


@pytest.mark.parametrize("check", ["sequences_by_hand", "sums_by_hand", "waves_by_hand"])
def test_check(check):
    getattr(checks_data, check)(chainrule.data.sequences)


@pytest.mark.parametrize("name", DRAWN)
def test_each_generator_gives_its_own_data(name):
    first, again, other = (DRAWN[name](rng(seed)) for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(first, again))
    assert not np.array_equal(first[0], other[0])
    assert all(array.flags.owndata and array.flags.writeable for array in first)


def test_ids_that_are_no_symbols_come_first():
    assert (PADDING, START, END, FIRST_SYMBOL) == (0, 1, 2, 3)


def test_one_length_and_one_symbol():
    sources, targets, lengths = reversal(4, rng(), symbols=1, shortest=3, longest=3)
    assert (sources == 3).all() and (lengths == 3).all() and (targets == [1, 3, 3, 3, 2]).all()


def test_twenty_past_steps_forecast_a_noisy_sine_almost_as_well_as_can_be():
    x, target = noisy_sine(4000, 20, rng(), noise=0.2)
    rows = x[:, :, 0].astype(np.float64)
    weights = np.linalg.lstsq(rows[:2000], target[:2000, 0], rcond=None)[0]
    error = np.mean((rows[2000:] @ weights - target[2000:, 0]) ** 2)
    assert 0.04 * 0.95 < error < 0.04 * 1.25


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: reversal(0, rng()), "n takes a positive integer, got 0"),
        (lambda: reversal(3, rng(), symbols=0), "symbols takes a positive integer, got 0"),
        (lambda: sorting(3, rng(), shortest=0), "shortest takes a positive integer, got 0"),
        (lambda: sorting(3, rng(), shortest=9, longest=4), "shortest takes at most longest = 4, got 9"),
        (lambda: sorting(3, None), r"rng takes a np\.random\.Generator .*, got NoneType"),
        (lambda: adding_problem(3, 1, rng()), "adding_problem takes at least T = 2 steps, got 1"),
        (lambda: adding_problem(3, 4.0, rng()), r"adding_problem takes at least T = 2 steps, got 4\.0"),
        (lambda: adding_problem(3, True, rng()), "adding_problem takes at least T = 2 steps, got True"),
        (lambda: adding_problem(3, 4, 0), r"rng takes a np\.random\.Generator .*, got int"),
        (lambda: noisy_sine(3, 4, 0), r"rng takes a np\.random\.Generator .*, got int"),
        (lambda: noisy_sine(0, 4, rng()), "n takes a positive integer, got 0"),
        (lambda: adding_problem(-3, 4, rng()), "n takes a positive integer, got -3"),
        (lambda: noisy_sine(3, 0, rng()), "T takes a positive integer, got 0"),
        (lambda: noisy_sine(3, 4, rng(), period=0), "period takes a finite number > 0, got 0"),
        (lambda: noisy_sine(3, 4, rng(), noise=float("inf")), "noise takes a finite number >= 0, got inf"),
    ],
)
def test_wrong_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()
