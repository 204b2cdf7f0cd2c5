"""A word is known by the company it keeps: vectors that tell a word's real neighbours from words drawn at random.

For each pair (centre, context) from a text, skip-gram with negative sampling draws K words from a noise distribution
and trains a logistic regression, context or noise?, on the products of the centre's vector with theirs.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.arrays import expect_generator, expect_number, expect_positive_int
from chainrule.embedding import Embedding
from chainrule.layer import Layer


class SkipGram(Layer):
    """Two vectors a word, one as the centre and one as a context: scores v_c · u_o.

    centre (N,), contexts (N, M) → scores (N, M), all ids in 0 … words − 1.

    Backward  dv = Σ_m dscore_m u_m,  du_m = dscore_m v;  ids have no gradient: `back` returns (None, None).
    Init      centres normal with variance 1 / d, contexts zero: every score starts at 0.
    Source    Mikolov et al. (2013b), eq. 4.
    """

    def __init__(self, words: int, d: int, rng: np.random.Generator, dtype: Any = np.float32):
        expect_positive_int("SkipGram words", words)
        expect_positive_int("SkipGram d", d)
        self.words = words
        self.centres = Embedding(words, d, rng, std=d**-0.5, dtype=dtype)
        self.contexts = Embedding(words, d, rng, std=0.0, dtype=dtype)

    def forward(self, centre: np.ndarray, contexts: np.ndarray) -> tuple:
        if np.ndim(centre) != 1 or np.ndim(contexts) != 2 or len(centre) != len(contexts):
            raise ValueError(
                f"SkipGram takes centres (N,) and contexts (N, M), got {np.shape(centre)} and {np.shape(contexts)}"
            )
        v, back_v = self.centres(centre)
        u, back_u = self.contexts(contexts)

        def backward(dscores: np.ndarray) -> tuple[None, None]:
            back_v((dscores[:, None, :] @ u)[:, 0])
            back_u(dscores[:, :, None] * v[:, None, :])
            return None, None

        return (u @ v[:, :, None])[:, :, 0], backward

    def loss(
        self, centre: np.ndarray, context: np.ndarray, negatives: np.ndarray
    ) -> tuple[np.floating, Callable[..., None]]:
        """mean over pairs of −log σ(v_c · u_o) − Σ_k log σ(−v_c · u_k); `back()` leaves the gradients.

        centre (N,), context (N,), negatives (N, K).
        """
        scores, back = self(centre, np.concatenate([context[:, None], negatives], axis=1))
        sign = np.ones_like(scores)
        sign[:, 0] = -1
        wrong = sign * scores  # log σ(−wrong) is what each score contributes
        loss = (np.maximum(wrong, 0) + np.log1p(np.exp(-np.abs(wrong)))).sum() / scores.dtype.type(len(scores))

        def backward(dloss: float = 1.0) -> None:
            back(sign * (0.5 * (1 + np.tanh(0.5 * wrong))) * float(dloss / len(scores)))

        return loss, backward

    def neighbours(self, word: int, k: int = 10) -> np.ndarray:
        """The k words whose centre vectors have the largest cosine with that of `word`, the nearest first."""
        return self._nearest(self._units()[word], {word}, k)

    def analogy(self, a: int, b: int, c: int, k: int = 1) -> np.ndarray:
        """a is to b as c is to …: the k words nearest to b − a + c, the three themselves left out.

        Source  Mikolov, Yih & Zweig (2013), section 4, on vectors of length 1.
        """
        units = self._units()
        return self._nearest(units[b] - units[a] + units[c], {a, b, c}, k)

    def _units(self) -> np.ndarray:
        W = self.centres.W
        return W / np.maximum(np.linalg.norm(W, axis=1, keepdims=True), np.finfo(W.dtype).tiny)

    def _nearest(self, vector: np.ndarray, without: set[int], k: int) -> np.ndarray:
        expect_positive_int("k", k)
        scores = self._units() @ vector
        scores[list(without)] = -np.inf
        return np.argsort(-scores, kind="stable")[: min(k, self.words - len(without))]


def noise_distribution(counts: np.ndarray, power: float = 0.75) -> np.ndarray:
    """p(w) ∝ count(w)^power: between what the text says and every word alike. Mikolov et al. (2013b), section 2.2."""
    expect_number("power", power, low=0)
    counts = np.asarray(counts, np.float64)
    if counts.ndim != 1 or counts.size == 0 or counts.min() < 0 or not counts.sum() > 0:
        raise ValueError("noise_distribution takes counts >= 0 of each word, not all zero")
    weights = np.where(counts > 0, counts**power, 0)
    return weights / weights.sum()


def draw_negatives(p: np.ndarray, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Word ids drawn from p, by looking up uniform numbers in its sums: many times faster than rng.choice."""
    expect_generator(rng)
    sums = np.cumsum(p)
    return np.searchsorted(sums, rng.random(shape) * sums[-1], side="right").astype(np.int64)


def skip_grams(ids: np.ndarray, window: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """(centres, contexts): all pairs of words at most r apart, r drawn for each centre from 1 … window.

    A near word is thus taken more often than a far one: Mikolov et al. (2013a), section 3.2.
    """
    expect_positive_int("window", window)
    expect_generator(rng)
    ids = np.asarray(ids)
    if ids.ndim != 1 or ids.dtype.kind not in "iu":
        raise ValueError(f"skip_grams takes a text as integer ids (T,), got {ids.dtype} {ids.shape}")
    reach, places = rng.integers(1, window + 1, len(ids)), np.arange(len(ids))
    pairs = []
    for offset in (o for r in range(1, window + 1) for o in (-r, r)):
        there = places + offset
        ok = (there >= 0) & (there < len(ids)) & (abs(offset) <= reach)
        pairs.append((ids[places[ok]], ids[there[ok]]))
    centres, contexts = zip(*pairs, strict=True)
    return np.concatenate(centres), np.concatenate(contexts)
