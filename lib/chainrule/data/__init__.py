"""Small data sets, drawn with a generator or bundled: points, images, sequences, text, a graph, ratings.

x is float32 and comes first, labels and ids are int64; what a function returns beyond that, its docstring says.
"""

from chainrule.data.drawings import PATTERNS, SHAPES, patterns, shapes
from chainrule.data.images import shift, shifted_digits
from chainrule.data.karate import Graph, karate_club
from chainrule.data.missing import impute
from chainrule.data.points import (
    blobs,
    circles,
    eight_gaussians,
    gate,
    moons,
    ring_centres,
    swiss_roll,
    two_spirals,
    xor,
)
from chainrule.data.rated import Ratings, ratings
from chainrule.data.real import Split, digits, iris, split
from chainrule.data.scaling import min_max, standardise
from chainrule.data.sequences import (
    END,
    FIRST_SYMBOL,
    PADDING,
    START,
    Pairs,
    adding_problem,
    noisy_sine,
    reversal,
    sorting,
)
from chainrule.data.text import Characters, Parts, corpus, cut, windows

__all__ = [
    "END",
    "FIRST_SYMBOL",
    "PADDING",
    "PATTERNS",
    "SHAPES",
    "START",
    "Characters",
    "Graph",
    "Pairs",
    "Parts",
    "Ratings",
    "Split",
    "adding_problem",
    "blobs",
    "circles",
    "corpus",
    "cut",
    "digits",
    "eight_gaussians",
    "gate",
    "impute",
    "iris",
    "karate_club",
    "min_max",
    "moons",
    "noisy_sine",
    "patterns",
    "ratings",
    "reversal",
    "ring_centres",
    "shapes",
    "shift",
    "shifted_digits",
    "sorting",
    "split",
    "standardise",
    "swiss_roll",
    "two_spirals",
    "windows",
    "xor",
]
