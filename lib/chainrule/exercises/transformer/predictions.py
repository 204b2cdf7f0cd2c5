"""What a layer holds, and what a norm makes of a louder stream."""

from chainrule.exercises.exercise import Exercise

layer_count = Exercise(
    ask="How many numbers does an encoder layer hold with d = 64 and m = 256?",
    difficulty="easy",
    minutes=3,
    hints=(
        "Queries, keys, values and the output: four dense layers from 64 to 64. Then two dense layers more, and what a "
        "norm holds for each column.",
        "A dense layer from a to b holds a b weights and b biases; a norm holds a factor and a shift for each column.",
    ),
    answer=49984,
    right="4 d² + 4 d, 2 d m + m + d and 4 d: with m = 4 d that is 12 d² + 13 d, and the first term is nearly all.",
    mistakes={
        "rule of thumb": (49152, "That is 12 d², which leaves out what stands in vectors: biases and norms."),
        "no biases": (49408, "You have the matrices and the norms. Each dense layer has a bias too."),
        "no norms": (49728, "Attention and network are right. There is a norm before each of them."),
        "one norm": (49856, "You have counted one norm. How many parts does the layer have?"),
        "no output map": (45824, "Queries, keys and values are three maps. What mixes the answers of the heads?"),
    },
)

louder = Exercise(
    ask="The stream is multiplied by 10 before a pre-norm block. What happens to the note that the block adds?",
    difficulty="easy",
    minutes=3,
    hints=(
        "The block reads norm(x). What is norm(10 x), if you leave out ε?",
        "The mean grows tenfold, and so does the standard deviation.",
    ),
    answer="unchanged",
    right="The norm takes the factor out, so the same note is written beside a louder text. A stream grows with depth, "
    "so late blocks speak more and more softly in proportion. Sun and others (2025) find here the reason why the last "
    "layers of large pre-norm models do so little.",
    mistakes={
        "passed on": ("10 times as large", "So it would be without a norm. What does the norm do to a common factor?"),
        "confused with the way back": (
            "a tenth",
            "On the way *back* a factor of a tenth does appear, where the norm divides the gradient. And forward?",
        ),
    },
)
