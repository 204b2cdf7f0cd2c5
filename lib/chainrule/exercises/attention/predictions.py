"""What a lookup does before anything is trained: a query of nothing, shifted keys, costs, and who may see whom."""

import numpy as np

from chainrule.exercises.exercise import Exercise

zero_query = Exercise(
    ask="What does attention answer to the zero query, with the values 0, 3 and 9?",
    difficulty="easy",
    minutes=1,
    hints=("What is the dot product of the zero vector with any key? What does a softmax make of three such scores?",),
    answer=4,
    right="All scores are 0, so each fact has the weight 1/3 and the answer is the plain mean.",
    mistakes={
        "nothing asked, nothing answered": (0, "The scores are zero, but e⁰ is not. The weights still add up to one."),
        "sum": (12, "You gave each fact the weight 1. What do the three weights add up to?"),
        "middle": (3, "That is the value in the middle. No fact is better than another here: which mean is that?"),
    },
)

shifted_keys = Exercise(
    ask="You add the same vector c to every key. What happens to the weights?",
    difficulty="easy",
    minutes=3,
    hints=(
        "Write the score of one query with the key k + c as two terms.",
        "Which of the two terms differs from key to key? Then think of the rows of the Jacobian.",
    ),
    answer="unchanged",
    right="Every score of a query grows by q·c / √d, and a softmax sees only differences. Keys have no absolute place.",
    mistakes={
        "longer keys": (
            "sharper",
            "Longer keys do make larger scores. But sharpness comes from differences between scores: take two keys, "
            "and subtract.",
        ),
        "more alike": (
            "flatter",
            "The keys become more alike in direction. Take two of them and subtract their scores: does c survive?",
        ),
        "depends": (
            "it depends on c",
            "How much the scores move depends on c. Does it differ between two keys of the same query?",
        ),
    },
)

crossing = Exercise(
    ask="From what length on do scores and mixing cost more than the four dense maps, at a width of 512?",
    difficulty="easy",
    minutes=5,
    hints=(
        "A product of (n, m) with (m, k) costs 2 n m k. Write both bills with T and d.",
        "Set the two bills equal and divide by what they share.",
    ),
    answer=1024,
    right="8 T d² = 4 T² d at T = 2 d. At a quarter of that length, scores and mixing are a fifth of the work.",
    mistakes={
        "equal to the width": (512, "That is where T² d equals T d². How many products of each kind are there?"),
        "scores alone": (
            2048,
            "You counted the scores and forgot that the map is then multiplied with the values (or the reverse).",
        ),
        "no output map": (768, "Queries, keys and values make three dense maps. What comes after the mixing?"),
    },
)


def _window(T, w):
    back = np.arange(T)[:, None] - np.arange(T)
    return (back >= 0) & (back < w)


window_mask = Exercise(
    ask="Write window_mask(T, w): True where place t may look at place s, itself and the w − 1 places before it.",
    difficulty="medium",
    minutes=10,
    hints=(
        "Draw it for T = 5 and w = 2: a diagonal, and one line of cells beside it. On which side?",
        "For each cell, by how many places does s lie before t? Two comparisons of that number are enough.",
    ),
    answer=_window,
    cases=[(5, 2), (4, 1), (3, 7)],
    right="It is the causal mask without its far corner. In a program that skips what is masked, the work then grows "
    "with T w and no longer with T².",
    mistakes={
        "one too many": (
            lambda T, w: _window(T, w + 1),
            "Count the True cells of your last row: a place sees w places, and it is one of them itself.",
        ),
        "the future": (lambda T, w: _window(T, w).T, "Your rows look to the right: row t has to look at s ≤ t."),
        "both sides": (
            lambda T, w: abs(np.arange(T)[:, None] - np.arange(T)) < w,
            "Your window reaches to both sides. What follows place t must stay unseen.",
        ),
        "blocked where allowed": (
            lambda T, w: ~_window(T, w),
            "That is the opposite: here True means that looking is allowed.",
        ),
        "no window": (
            lambda T, w: np.tri(T, dtype=bool),
            "That is the causal mask. It has no far end yet: w does not occur in it.",
        ),
    },
)
