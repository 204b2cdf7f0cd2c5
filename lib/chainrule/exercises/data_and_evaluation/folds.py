"""A cross-validated score in which everything is learnt inside the fold."""

import numpy as np

from chainrule.data import standardise
from chainrule.exercises.exercise import Exercise


def _columns(x, t, k):
    means = np.array([x[t == c].mean(0) for c in (0, 1)])
    return np.argsort(-np.abs(means[1] - means[0]))[:k], means


def _scored(x, t, k, held_out, scale="train", choose="train", learn="train"):
    """The share of right rows, where each step sees the training rows, all rows, or nothing."""
    right, everyone = 0, np.arange(len(x))
    for held in held_out:
        train = np.setdiff1d(everyone, held)
        if scale == "none":
            z = x
        else:
            _, z = standardise(x[train if scale == "train" else everyone], x)
        chosen, _ = _columns(
            z[train if choose == "train" else everyone], t[train if choose == "train" else everyone], k
        )
        seen = {"train": train, "all": everyone, "held": held}[learn]
        _, means = _columns(z[seen], t[seen], k)
        apart = ((z[held][:, None, chosen] - means[:, chosen]) ** 2).sum(2)
        right += int((apart.argmin(1) == t[held]).sum())
    return right / len(x)


def _variant(**places):
    return lambda x, t, k, held_out: _scored(x, t, k, held_out, **places)


def _mean_of_folds(x, t, k, held_out):
    return float(np.mean([_scored(x, t, k, [held]) * len(x) / len(held) for held in held_out]))


def _all_columns(x, t, k, held_out):
    return _scored(x, t, x.shape[1], held_out)


def _made(seed, n, d, folds):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, d)) * rng.uniform(0.2, 30, d) + rng.uniform(-5, 5, d)
    x[:, 0] += 0.6 * x[:, 0].std() * np.arange(n) / n  # a drift, so that the parts differ
    x[rng.integers(n, size=3), rng.integers(d, size=3)] *= 9
    return x, np.arange(n) % 2, 3, np.split(rng.permutation(n), folds)


honest_score = Exercise(
    ask="Write honest_score(x, t, k, held_out): scale, choose columns and take class means from each fold's training "
    "rows alone; the share of rows that are right.",
    difficulty="hard",
    minutes=60,
    hints=(
        "Start with the loop: for each fold, the training rows are all rows that it does not hold "
        "(`np.setdiff1d`). Nothing but the count of right rows lives outside the loop.",
        "`standardise(train, held)` learns from its first argument and applies to both.",
        "From here on use the scaled training rows: two class means, their differences, the k largest, and the "
        "squared distances of each held-out row to the two means in those columns.",
    ),
    answer=_scored,
    cases=(_made(0, 40, 300, [13, 20, 31]), _made(1, 36, 200, 4), _made(2, 60, 40, 3)),
    right="On noise it stays near one half. Move the choice of columns out of the loop and it leaves it by far; move "
    "the scaling out and hardly anything happens.",
    mistakes={
        "columns from all rows": (
            _variant(choose="all"),
            "Your columns were chosen with the held-out rows, and their labels, in view: the leak of this chapter.",
        ),
        "class means from all rows": (
            _variant(learn="all"),
            "Your class means contain the held-out rows, which are then close to themselves.",
        ),
        "everything from all rows": (
            _variant(scale="all", choose="all", learn="all"),
            "Every step of yours sees the held-out rows. Which of them belong inside the loop? All.",
        ),
        "scaled by all rows": (
            _variant(scale="all"),
            "The scaling sees the held-out rows. It is the mildest of leaks, and a leak.",
        ),
        "not scaled": (
            _variant(scale="none"),
            "Without scaling, the columns with the largest units differ most and decide the distances.",
        ),
        "mean of the folds": (
            _mean_of_folds,
            "You averaged the scores of the folds. They are of different sizes; the share asked for counts rows.",
        ),
        "all columns": (_all_columns, "All columns took part: where does k enter?"),
    },
)
