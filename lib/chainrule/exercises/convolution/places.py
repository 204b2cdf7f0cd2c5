"""Where windows lie: the size of an output, the way a picture moves, what an output sees."""

from chainrule.exercises.exercise import Exercise

rows = Exercise(
    ask="A picture of 28 rows, a kernel of 5 with stride 2 and padding 2: how many rows has the output?",
    difficulty="easy",
    minutes=2,
    hints=(
        "How many rows are there with the padding, counting both sides? Where may the last window begin, so that its "
        "five rows still fit?",
        "Windows begin at 0, 2, 4, … How many even numbers are there up to the last place where one fits, zero "
        "included?",
    ),
    answer=14,
    right="With the padding there are 32 rows, so a window may begin at rows 0 to 27: at 0, 2, …, 26. The last row of "
    "the padding is never seen.",
    mistakes={
        "one forgotten": (13, "That is the number of the last window, counted from zero. How many windows are there?"),
        "rounded up": (15, "Half a step is no window: the quotient is rounded down, then one is added."),
        "no padding": (12, "That is without padding. How many rows are there with two rows of zeros on each side?"),
        "stride forgotten": (28, "That is how often the kernel fits with stride 1. Stride 2 takes every other."),
    },
)

direction = Exercise(
    ask="A kernel of zeros with a 1 in the middle of its top row: where does the picture move?",
    difficulty="easy",
    minutes=2,
    hints=(
        "Which pixel does the output in the middle of the picture show: the one beneath the centre of the window, or "
        "another?",
        "If each output shows what was above it, think of a single lit pixel: which output shows it?",
    ),
    answer="down",
    right="The output at (i, j) is x at (i − 1, j): it shows what was one row above, so a lit pixel sinks by one.",
    mistakes={
        "up": (
            "up",
            "So it would be in a convolution, where the kernel is turned around. Here the window is laid on the "
            "picture as it is: which pixel lies under the 1?",
        ),
        "left": ("left", "The 1 is above the centre, not beside it: columns are left as they are."),
        "right": ("right", "The 1 is above the centre, not beside it: columns are left as they are."),
    },
)

field = Exercise(
    ask="Write field(L): the receptive field of L layers with kernels of 3 × 3, each with stride 2.",
    difficulty="medium",
    minutes=8,
    hints=(
        "Each layer adds two steps on its own input grid. How many pixels apart are neighbours on the input grid of "
        "the first layer, of the second, of the third?",
        "You get 1 plus twice a sum of powers of two. What is 1 + 2 + 4 + … of L terms, in closed form?",
    ),
    answer=lambda L: 2 ** (L + 1) - 1,
    cases=[(1,), (2,), (3,), (7,)],
    right="Each layer sees about twice as far as the one before: 3, 7, 15, 31, … The stride of the last layer makes no "
    "difference to what one of its outputs sees.",
    mistakes={
        "strides forgotten": (
            lambda L: 2 * L + 1,
            "That is with stride 1. Neighbouring outputs of the first layer are two pixels apart: how many pixels do "
            "the two steps of the second layer add?",
        ),
        "own stride counted": (
            lambda L: 2 ** (L + 2) - 3,
            "A layer's own stride does not change what one of its outputs sees: only the strides before it count.",
        ),
        "the one forgotten": (
            lambda L: 2 ** (L + 1) - 2,
            "Those are the steps. With one layer they are two, and the output sees three pixels.",
        ),
        "strides alone": (
            lambda L: 2**L,
            "That is how far apart the outputs of the last layer lie. What does one of them see? Try a single layer.",
        ),
    },
)
