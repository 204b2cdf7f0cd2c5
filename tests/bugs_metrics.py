"""Changes to metrics that its checks must notice: see test_planted_bugs.py."""

BUGS = {
    "metrics.classes": {
        "counts_and_ratios_by_hand": [
            ("(actual * classes + guess,", "(guess * classes + actual,"),
            ("counts.sum(0))\n\n\ndef recall", "counts.sum(1))\n\n\ndef recall"),
            ("2 * np.diag(counts)", "np.diag(counts)"),
            ("np.full(len(part), np.nan)", "np.zeros(len(part))"),
            ("> 0).astype(np.int64)", ">= 0).astype(np.int64)"),
        ],
    },
    "metrics.ranking": {
        "roc_equals_scikit_learn": [
            (
                "last = np.append(np.flatnonzero(values[1:] != values[:-1]), len(values) - 1)",
                "last = np.arange(len(values))",
            ),
            ("(true[1:] + true[:-1]) / 2", "true[1:]"),
            ("np.argsort(-values,", "np.argsort(values,"),
            ("/ counts[-1]", "/ len(counts)"),
        ],
        "pr_equals_scikit_learn": [
            ("true / (true + false)", "true / (true[-1] + false)"),
            ("np.diff(recall, prepend=0) * precision", "np.diff(recall) * (precision[1:] + precision[:-1]) / 2"),
            ("last + 1 - true", "last - true"),
        ],
        "ranking_by_hand": [("[[np.inf], thresholds]", "[[thresholds[0]], thresholds]")],
    },
    "metrics.calibration": {
        "reliability_by_hand": [
            ("np.abs(observed[full] - predicted[full])", "(observed[full] - predicted[full])"),
            ("/ counts.sum())", "/ len(counts))"),
            ("np.sum(counts[full] *", "np.sum("),
            ("means(p), means(happened)", "means(happened), means(p)"),
        ],
        "edges_belong_below": [
            (".astype(p.dtype), p)", ".astype(p.dtype), p, side='right')"),
            ("/ bins).astype(p.dtype)", "/ bins)"),
        ],
        "confidence_is_that_of_the_largest": [
            ("p.argmax(1) == actual", "p[np.arange(len(p)), actual] > 0.5"),
            ("return p.max(1)", "return p[:, 0]"),
        ],
    },
    "metrics.generated": {
        "bits_by_hand": [
            ("/ math.log(2)", "* math.log(2)"),
            ("* float(tokens_per_character)", "/ float(tokens_per_character)"),
        ],
        "exact_matches_by_hand": [
            (" & (ended == should_end)", ""),
            (" & (length == wanted)", ""),
            (" | (np.arange(shared) >= wanted[:, None])", ""),
            ("(a == b).all(1).mean()", "(a == b).mean()"),
        ],
        "coverage_by_hand": [
            ("distances.argmin(1)[near]", "distances.argmin(1)"),
            (">= share * len(x)", ">= share"),
            (">= share * len(x)", "> share * len(x)"),
            ("<= radius", "<= radius**2"),
        ],
    },
}
