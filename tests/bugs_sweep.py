"""Changes to sweep that its checks must notice: see test_planted_bugs.py."""

BUGS = {
    "sweep.points": {
        "grids_by_hand": [("product(*choices)", "product(*choices[::-1])")],
        "draws_follow_their_distributions": [
            ("math.exp(rng.uniform(math.log(low), math.log(high)))", "rng.uniform(low, high)"),
            ("math.exp(rng.uniform(math.log(low), math.log(high)))", "math.exp(rng.uniform(math.log(low), high))"),
            ("float(rng.uniform(low, high))", "float(low + high * rng.uniform(0, 1))"),
            ("c[rng.integers(len(c))]", "c[rng.integers(len(c) - 1)]"),
        ],
    },
}
