"""From next-token probabilities to a sequence: the likeliest token each time, or several beginnings at once.

Both functions ask a model through one call, step(ids, state) → (log-probabilities of the next token, state):

    ids (B,)      the last token of each of B sequences
    state         a tuple of arrays with the B sequences along their second axis, as recurrent layers give them
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from chainrule.arrays import expect_number, expect_positive_int

State = tuple[np.ndarray, ...]
Step = Callable[[np.ndarray, State], tuple[np.ndarray, State]]


class Hypothesis(NamedTuple):
    """A decoded sequence without its start token, with its end token if it got there, and log p of all of it."""

    ids: tuple[int, ...]
    log_probability: float
    score: float  # what the beam ranks by: log p over the length penalty


def greedy(step: Step, state: State, start: np.ndarray, end: int, max_length: int) -> np.ndarray:
    """The likeliest next token, again and again: ids (B, at most max_length), filled with `end` once that has come.

    start (B,) holds the first token of each sequence, which is not part of the result.
    """
    expect_positive_int("max_length", max_length)
    ids, done, decoded = np.asarray(start), np.zeros(len(start), bool), []
    while len(decoded) < max_length and not done.all():
        log_p, state = step(ids, state)
        ids = np.where(done, end, log_p.argmax(1))
        done |= ids == end
        decoded.append(ids)
    return np.stack(decoded, axis=1) if decoded else np.zeros((len(start), 0), int)


def beam_search(
    step: Step, state: State, start: int, end: int, width: int, max_length: int, length_penalty: float = 0.0
) -> list[Hypothesis]:
    """Keep the `width` best beginnings and extend them until all have ended; the hypotheses, best first.

    state           of one sequence; step is called with as many as are alive
    max_length      a hypothesis of so many tokens is complete without `end`
    length_penalty  a power: hypotheses are ranked by log p / ((5 + length) / 6) to that power; 0 ranks by log p,
                    which favours short sequences

    A hypothesis that has ended stays in the beam as long as it ranks high enough. Width 1 is `greedy`; a width of
    at least all sequences there are is exact.

    Source    Sutskever, Vinyals & Le (2014), section 3.2; length penalty: Wu et al. (2016), eq. 14.
    """
    expect_positive_int("beam width", width)
    expect_positive_int("max_length", max_length)
    expect_number("length_penalty", length_penalty, low=0)
    beam, alive = [Hypothesis((), 0.0, 0.0)], [0]
    for length in range(1, max_length + 1):
        living = [beam[i] for i in alive]
        log_p, state = step(np.array([h.ids[-1] if h.ids else start for h in living]), state)
        norm = ((5 + length) / 6) ** length_penalty
        grown = _grown(living, log_p, width, norm)
        ended = [(h, -1) for i, h in enumerate(beam) if i not in alive]
        kept = sorted(ended + grown, key=lambda pair: -pair[0].score)[:width]
        beam = [hypothesis for hypothesis, _ in kept]
        alive = [i for i, h in enumerate(beam) if h.ids[-1] != end]
        if not alive:
            break
        state = tuple(s[:, [kept[i][1] for i in alive]] for s in state)
    return beam


def _grown(living: list[Hypothesis], log_p: np.ndarray, width: int, norm: float) -> list[tuple[Hypothesis, int]]:
    """The best `width` one-token extensions of the living hypotheses, each with the number of its parent."""
    total = np.array([[h.log_probability] for h in living]) + log_p
    best = np.argsort(-total, axis=None, kind="stable")[:width]
    pairs = zip(*np.unravel_index(best, total.shape), strict=True)
    return [
        (Hypothesis((*living[k].ids, int(token)), float(total[k, token]), float(total[k, token] / norm)), int(k))
        for k, token in pairs
    ]
