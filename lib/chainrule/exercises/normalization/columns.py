"""Means and variances of columns: of one batch, of the running averages, of many batches."""

import numpy as np

from chainrule.exercises.exercise import Exercise

outlier = Exercise(
    ask="A batch holds 0, 0, 0, 0 and 1000. What does BatchNorm make of the 1000?",
    difficulty="easy",
    minutes=2,
    hints=(
        "Does it matter that it is 1000? Try 0, 0, 0, 0 and 1 in your head.",
        "Compute the mean first, then the five squared distances from it.",
    ),
    answer=2.0,
    right="Mean 200, standard deviation 400. It is the square root of N − 1, however large the outlier.",
    mistakes={
        "nothing is left": (0.0, "That is what the column's mean becomes. The outlier is far from the mean."),
        "untouched": (1000.0, "Its column is standardised: it comes out with variance 1."),
        "the estimate": (
            800 / np.sqrt(200_000),
            "You divided by N − 1 in the variance. Batch norm divides by N; the other goes into the running average.",
        ),
        "one": (1.0, "With two examples it would be. Here four others pull the mean to their side."),
        "without the mean": (5**0.5, "You divided by the root mean square, which is RMS norm. Subtract the mean too."),
    },
)


def _folded(W, b, gamma, beta, mean, var, eps):
    factor = gamma / np.sqrt(var + eps)
    return W * factor, (b - mean) * factor + beta


def _layers(seed, n_in, n_out):
    rng = np.random.default_rng(seed)
    vectors = [rng.standard_normal(n_out) for _ in range(4)]
    return (rng.standard_normal((n_in, n_out)), *vectors, rng.uniform(0.2, 3, n_out), 0.01)


folded = Exercise(
    ask="Write folded(W, b, gamma, beta, mean, var, eps): weights and biases of dense layer and normalization in one.",
    difficulty="medium",
    minutes=15,
    hints=(
        "Write down what comes out for one unit, from x to y, and multiply out.",
        "Each unit has one factor. Does a unit own a row of W or a column?",
        "The bias goes through the same line as everything else: less the mean, times the factor, plus beta.",
    ),
    answer=_folded,
    right="This is how trained networks are shipped: the normalization costs nothing any more.",
    cases=(_layers(0, 3, 2), _layers(1, 2, 2), _layers(2, 2, 4)),
    mistakes={
        "the bias as it was": (
            lambda W, b, gamma, beta, mean, var, eps: (W * (gamma / np.sqrt(var + eps)), b + beta),
            "The weights are right. Follow the old bias through the normalization: what happens to it there?",
        ),
        "no mean": (
            lambda W, b, gamma, beta, mean, var, eps: (
                W * (gamma / np.sqrt(var + eps)),
                b * gamma / np.sqrt(var + eps) + beta,
            ),
            "Put in x = 0 and follow it: something is subtracted before the division.",
        ),
        "no gamma": (
            lambda W, b, gamma, beta, mean, var, eps: (W / np.sqrt(var + eps), (b - mean) / np.sqrt(var + eps) + beta),
            "That standardises. The trained factor has got lost.",
        ),
        "the variance": (
            lambda W, b, gamma, beta, mean, var, eps: (
                W * gamma / (var + eps),
                (b - mean) * gamma / (var + eps) + beta,
            ),
            "You divided by a variance. By what does the layer divide?",
        ),
        "no eps": (
            lambda W, b, gamma, beta, mean, var, eps: (
                W * gamma / np.sqrt(var),
                (b - mean) * gamma / np.sqrt(var) + beta,
            ),
            "Nearly; the layer guards its division with a small number, and here it is not so small.",
        ),
    },
)


def _pooled(means, variances, sizes):
    means, variances, sizes = (np.asarray(a, float) for a in (means, variances, sizes))
    share = sizes / sizes.sum()
    mean = share @ means
    return mean, share @ variances + share @ (means - mean) ** 2


def _within_only(means, variances, sizes):
    share = np.asarray(sizes, float) / np.sum(sizes)
    return share @ np.asarray(means, float), share @ np.asarray(variances, float)


def _unweighted(means, variances, sizes):
    return float(np.mean(means)), float(np.mean(variances) + np.var(means))


def _standard_deviations(means, variances, sizes):
    mean, _ = _pooled(means, variances, sizes)
    share = np.asarray(sizes, float) / np.sum(sizes)
    return mean, (share @ np.sqrt(variances)) ** 2 + share @ (np.asarray(means, float) - mean) ** 2


pooled = Exercise(
    ask="Write pooled(means, variances, sizes): mean and variance of all examples, from those of each batch.",
    difficulty="hard",
    minutes=30,
    hints=(
        "The mean of all is a weighted mean of the means. By what is it weighted?",
        "Two batches without any spread, at 0 and at 10: what is the variance of all? Where does it come from?",
        "Write each distance from the common mean as the distance from the batch's mean plus that of the batch's mean "
        "from the common one, and square.",
    ),
    answer=_pooled,
    right="Variance within the batches plus variance between them: the law of total variance.",
    cases=(
        ([0.0, 10.0], [0.0, 0.0], [4, 4]),
        ([1.0, 2.0, -1.0], [1.0, 0.5, 4.0], [64, 64, 3]),
        ([0.5, 0.25], [2.0, 3.0], [8, 2]),
    ),
    mistakes={
        "within the batches only": (
            _within_only,
            "Two batches without any spread, at 0 and at 10, have a variance together. Yours is zero.",
        ),
        "every batch alike": (_unweighted, "A batch of three counts as much as one of 64 here. Should it?"),
        "deviations averaged": (
            _standard_deviations,
            "You averaged standard deviations. It is squares that add up.",
        ),
    },
)
