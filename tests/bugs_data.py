"""Changes to data that its checks must notice: see test_planted_bugs.py."""

BUGS = {
    "data.scaling": {
        "scaling_equals_scikit_learn": [
            ("(array - mean) / std", "(array - array.mean(0)) / std"),
            ("train.std(0)", "train.std(0, ddof=1)"),
            ("np.ptp(train, 0)", "train.max(0)"),
            ("(array - low) / span", "array / span"),
        ],
        "constant_columns_become_zero": [
            ("= train[0, constant], 1", "= mean[constant], std[constant]"),
            ("span[span == 0] = 1", "span[span == 0] = np.nan"),
        ],
    },
    "data.missing": {
        "filling_equals_scikit_learn": [
            ('if by == "median"', 'if by == "mean"'),
            ("np.where(np.isnan(array), typical, array)", "np.where(np.isnan(array), np.nanmean(train), array)"),
            ("[:, missing.any(0)]", "[:, np.isnan(array).any(0)]"),
            ("np.isnan(array)[:,", "(array > 0)[:,"),
        ],
        "filling_forward_by_hand": [
            ("before = whole[-1]", "before = typical"),
            ("np.maximum.accumulate(source)", "source"),
            ("filled, before = [], typical", "filled, before = [], 0 * typical"),
            ("[before[None], array]", "[array[:1], array]"),
        ],
    },
    "data.images": {
        "images_move_as_wholes": [
            ("0, 2 * pixels + 1, (2, n)", "0, 2 * pixels, (2, n)"),
            ("windows[np.arange(n), :, top, left]", "windows[np.arange(n), :, top, top]"),
            ("windows[np.arange(n), :, top, left]", "windows[:, :, top[0], left[0]].copy()"),
            ("(pixels, pixels), (pixels, pixels)))", '(pixels, pixels), (pixels, pixels)), "edge")'),
        ],
        "digits_move_within_their_canvas": [
            ("canvas), MARGIN, rng)", "canvas), 1, rng)"),
            ("digits(seed), np", "digits(seed + 1), np"),
        ],
    },
    "data.drawings": {
        "shapes_by_hand": [
            ("math.sqrt(math.pi) / 2", "1"),
            ("9 * math.pi / 20", "1.0"),
            ("math.pi / 2.4", "math.pi / 4"),
            ("rng.uniform(1.2 * r, size - 1.2 * r, (2, n))", "rng.uniform(0 * r, size - 0 * r, (2, n))"),
            ('if kind == "square"', 'if kind == "no"'),
        ],
        "patterns_by_hand": [
            ("+ other / math.pi)) % 2", "+ other / math.pi)) / 2 % 1"),
            ("0.5 * along / corner", "0.5 * along"),
            ("waves * along + phase", "waves * along * along + phase"),
            ("(stripes, checkerboard, gradient)", "(stripes, gradient, checkerboard)"),
        ],
    },
    "data.points": {
        "clouds_and_rolls_by_hand": [
            ("ring_centres()[labels]", "ring_centres()[labels - 1]"),
            ("2 * math.pi * np.arange(modes) / modes", "math.pi * np.arange(modes) / modes"),
            ("(1 + 2 * turns * place)", "(1 + turns * place)"),
            ("place.astype(np.float32)", "(1 - place).astype(np.float32)"),
        ],
    },
    "data.sequences": {
        "sequences_by_hand": [
            ("np.maximum(place, 0), 1)", "np.maximum(place - 1, 0), 1)"),
            ("lengths + 1] = END", "lengths] = END"),
            ("targets[:, 0], targets", "targets[:, -1], targets"),
            ("sources == PADDING, last, sources", "sources == PADDING, 0, sources"),
            ("shortest, longest + 1, n", "shortest, longest, n"),
        ],
        "sums_by_hand": [
            ("0, T // 2, n)", "0, T, n)"),
            ("x[each, first, :1] + x[each, second, :1]", "x[each, first, :1] + x[each, first, :1]"),
            ("rng.uniform(0, 1, (n, T))", "rng.uniform(-1, 1, (n, T))"),
        ],
        "waves_by_hand": [
            ("2 * math.pi / period", "math.pi / period"),
            ("rng.normal(0, noise, (n, T + 1))", "rng.uniform(-noise, noise, (n, T + 1))"),
            ("wave[:, -1:]", "wave[:, -2:-1]"),
        ],
    },
    "data.text": {
        "text_by_hand": [
            ("sorted(set(text))", "sorted(set(text), reverse=True)"),
            ("last - round(validation * n)", "last - round(test * n)"),
            ("both[:, 1:]", "both[:, :-1]"),
            ("[::step]", "[:: step + 1]"),
            ("step = T if step is None else step", "step = T"),
        ],
    },
    "data.rated": {
        "ratings_by_their_truth": [
            ("truth.ravel()[observed]", "truth.T.ravel()[observed]"),
            ("0.6 / math.sqrt(rank)", "0.6 / rank"),
            ("rng.permutation(truth.size)[", "rng.integers(0, truth.size, truth.size)["),
            ("rng.permutation(truth.size)[", "np.arange(truth.size)["),
            ("3 + user + item", "3 + user"),
            ("rng.normal(0, noise, len(observed))", "abs(rng.normal(0, noise, len(observed)))"),
        ],
    },
}
