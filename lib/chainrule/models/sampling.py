"""From logits to the next token: what a language model writes depends as much on how it is drawn as on the model.

`temperature`, `top_k` and `top_p` change logits (..., V) into logits, −∞ where a token is ruled out, so they compose;
`sample` draws. Any model that ends in logits can use them.
"""

from collections.abc import Callable

import numpy as np

from chainrule.activations import softmax
from chainrule.arrays import expect_generator, expect_number, expect_positive_int


def temperature(logits: np.ndarray, t: float) -> np.ndarray:
    """Logits l / t, less a number for each row: probabilities ∝ p^(1/t), sharper for t < 1, flatter for t > 1.

    t = 0 is the limit: the largest logit alone is left (the first of equals), and sampling is greedy.
    Source  Ackley, Hinton & Sejnowski (1985). Raises ValueError where t < 0.
    """
    _expect(logits)
    expect_number("temperature", t, low=0)
    if t == 0:
        return _only(logits, np.arange(logits.shape[-1]) == logits.argmax(-1)[..., None])
    return (logits - logits.max(-1, keepdims=True)) / float(t)


def top_k(logits: np.ndarray, k: int) -> np.ndarray:
    """The k largest logits of each row, −∞ elsewhere; of equals at the edge, those with lower ids.

    Source  Fan, Lewis & Dauphin (2018), section 5.4. Raises ValueError where k < 1.
    """
    _expect(logits)
    expect_positive_int("top_k", k)
    return _only(logits, _ranks(logits) < k)


def top_p(logits: np.ndarray, p: float) -> np.ndarray:
    """The nucleus: the fewest largest logits of each row whose probabilities sum to at least p, −∞ elsewhere.

    Source  Holtzman et al. (2020), eq. 2 and 3. Raises ValueError where p is not in (0, 1].
    """
    _expect(logits)
    expect_number("top_p", p, low=0, high=1, open_low=True)
    ranks = _ranks(logits)
    probabilities, _ = softmax(logits.astype(np.float64))
    descending = -np.sort(-probabilities, axis=-1)
    before = np.cumsum(descending, axis=-1) - descending  # what the larger ones sum to
    return _only(logits, np.take_along_axis(before, ranks, -1) < p)


def sample(
    logits: np.ndarray, rng: np.random.Generator, t: float = 1.0, k: int | None = None, p: float | None = None
) -> np.ndarray:
    """Ids (...), each drawn from softmax(logits) (..., V) after temperature t, then top-k, then top-p.

    By inversion: the first id at which the summed probabilities exceed a uniform number.
    Raises ValueError where an option makes no sense.
    """
    expect_generator(rng)
    logits = temperature(logits, t)
    logits = logits if k is None else top_k(logits, k)
    logits = logits if p is None else top_p(logits, p)
    sums = np.cumsum(softmax(logits.astype(np.float64))[0], axis=-1)
    sums /= sums[..., -1:]
    return (sums > rng.random((*logits.shape[:-1], 1))).argmax(-1)


def expect_prompt(prompt: np.ndarray, length: int, rng: np.random.Generator) -> np.ndarray:
    """The prompt as ids (N, T). Raises ValueError unless it holds a token, and length and rng make sense."""
    expect_positive_int("generate length", length)
    expect_generator(rng)
    ids = np.asarray(prompt)
    if ids.ndim != 2 or not ids.size:
        raise ValueError(f"generate takes a prompt (N, T) of at least one token, got {ids.shape}")
    return ids


def written(
    logits_after: Callable[[np.ndarray], np.ndarray],
    ids: np.ndarray,
    length: int,
    rng: np.random.Generator,
    t: float,
    k: int | None,
    p: float | None,
) -> np.ndarray:
    """ids (N, T) and `length` more, drawn one by one by `sample`: (N, T + length).

    logits_after(fed) gives the logits (N, …, V) after each token fed, first all of ids, then each new one; it is for
    the model to remember what it has been fed.
    """
    fed = ids
    for _ in range(length):
        fed = sample(logits_after(fed)[:, -1:], rng, t, k, p)
        ids = np.concatenate([ids, fed], axis=1)
    return ids


def _ranks(logits: np.ndarray) -> np.ndarray:
    """0 for the largest of each row, 1 for the next, …; equals by id."""
    order = np.argsort(-logits, axis=-1, kind="stable")
    return np.argsort(order, axis=-1, kind="stable")


def _only(logits: np.ndarray, kept: np.ndarray) -> np.ndarray:
    return np.where(kept, logits, logits.dtype.type(-np.inf))


def _expect(logits: np.ndarray) -> None:
    if not isinstance(logits, np.ndarray) or logits.dtype.kind != "f" or logits.ndim == 0 or not logits.shape[-1]:
        got = f"{logits.dtype} {logits.shape}" if isinstance(logits, np.ndarray) else type(logits).__name__
        raise ValueError(f"sampling takes floating-point logits (..., V), got {got}")
