"""Sequences made by rule: sums to remember, waves to continue, and words to turn round or to sort."""

import math
from typing import NamedTuple

import numpy as np

from chainrule.arrays import expect_generator, expect_number, expect_positive_int

PADDING, START, END = 0, 1, 2  # the ids that are no symbols; symbol s has the id FIRST_SYMBOL + s
FIRST_SYMBOL = 3


class Pairs(NamedTuple):
    """N sources and their targets as ids (int64), filled up with PADDING to the longest there may be.

    sources         (N, L)      the symbols
    targets         (N, L + 2)  START, the symbols, END: targets[:, :-1] goes into a decoder, targets[:, 1:] comes out
    lengths         (N,)        the number of symbols; a target is two ids longer
    """

    sources: np.ndarray
    targets: np.ndarray
    lengths: np.ndarray


def reversal(n: int, rng: np.random.Generator, symbols: int = 10, shortest: int = 1, longest: int = 8) -> Pairs:
    """Sequences of random symbols and the same from end to start.

    There are symbols + 3 ids: 0 padding, 1 start, 2 end, and 3 … symbols + 2. Lengths are uniform, shortest … longest.
    """
    sources, lengths = _sources(n, rng, symbols, shortest, longest)
    place = lengths[:, None] - 1 - np.arange(longest)  # negative ones, beyond the end, are filled with padding
    turned = np.where(place >= 0, np.take_along_axis(sources, np.maximum(place, 0), 1), PADDING)
    return Pairs(sources, _targets(turned, lengths), lengths)


def sorting(n: int, rng: np.random.Generator, symbols: int = 10, shortest: int = 1, longest: int = 8) -> Pairs:
    """Sequences of random symbols and the same in ascending order; ids and lengths as in `reversal`."""
    sources, lengths = _sources(n, rng, symbols, shortest, longest)
    last = symbols + FIRST_SYMBOL
    ordered = np.sort(np.where(sources == PADDING, last, sources), 1)
    return Pairs(sources, _targets(np.where(ordered == last, PADDING, ordered), lengths), lengths)


def adding_problem(n: int, T: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """x (n, T, 2), target (n, 1): the sum of the two numbers that are marked.

    x[..., 0] is uniform in [0, 1]; x[..., 1] is 1 at one step of the first half and one of the second, else 0. Always
    answering 1 has a mean squared error of 1/6. Hochreiter & Schmidhuber (1997), section 5.4, in the form of Arjovsky,
    Shah & Bengio (2016).
    """
    expect_generator(rng)
    expect_positive_int("n", n)
    if isinstance(T, bool) or not isinstance(T, (int, np.integer)) or T < 2:
        raise ValueError(f"adding_problem takes at least T = 2 steps, got {T!r}")
    x = np.zeros((n, T, 2), np.float32)
    x[..., 0] = rng.uniform(0, 1, (n, T))
    first, second = rng.integers(0, T // 2, n), rng.integers(T // 2, T, n)
    each = np.arange(n)
    x[each, first, 1] = x[each, second, 1] = 1
    return x, (x[each, first, :1] + x[each, second, :1])


def noisy_sine(
    n: int, T: int, rng: np.random.Generator, noise: float = 0.1, period: float = 20.0
) -> tuple[np.ndarray, np.ndarray]:
    """x (n, T, 1), target (n, 1): T steps of a sine with noise, from any phase, and the step that follows.

    noise is the standard deviation at every step, the target's too: no forecast has a mean squared error below noise².
    """
    expect_generator(rng)
    expect_positive_int("n", n)
    expect_positive_int("T", T)
    expect_number("noise", noise, low=0)
    expect_number("period", period, low=0, open_low=True)
    phase = rng.uniform(0, 2 * math.pi, (n, 1))
    wave = np.sin(2 * math.pi / period * np.arange(T + 1) + phase) + rng.normal(0, noise, (n, T + 1))
    wave = wave.astype(np.float32)
    return wave[:, :-1, None].copy(), wave[:, -1:].copy()


def _sources(
    n: int, rng: np.random.Generator, symbols: int, shortest: int, longest: int
) -> tuple[np.ndarray, np.ndarray]:
    expect_generator(rng)
    for name, value in (("n", n), ("symbols", symbols), ("shortest", shortest), ("longest", longest)):
        expect_positive_int(name, value)
    if shortest > longest:
        raise ValueError(f"shortest takes at most longest = {longest}, got {shortest}")
    lengths = rng.integers(shortest, longest + 1, n)
    drawn = rng.integers(FIRST_SYMBOL, FIRST_SYMBOL + symbols, (n, longest))
    return np.where(np.arange(longest) < lengths[:, None], drawn, PADDING), lengths


def _targets(symbols: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """START, the symbols, END, padding."""
    n, longest = symbols.shape
    targets = np.full((n, longest + 2), PADDING)
    targets[:, 0], targets[:, 1:-1] = START, symbols
    targets[np.arange(n), lengths + 1] = END
    return targets
