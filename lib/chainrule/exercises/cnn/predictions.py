"""What can be said of a convolutional network on paper: its weights, its ways back, what it cannot see."""

import math

from chainrule.exercises.exercise import Exercise

weights = Exercise(
    ask="A convolution with kernels of 3 × 3 and a bias takes 16 channels to 32: how many numbers does it learn?",
    difficulty="easy",
    minutes=1,
    hints=(
        "Take one of the output channels. How many kernels does it have, one for each of what?",
        "Each output channel adds up what its kernels say, and then one more number.",
    ),
    answer=4640,
    right="Each of the 32 filters has 16 kernels of 9 weights and a bias: 145 numbers.",
    mistakes={
        "no bias": (4608, "Those are the kernels. What else does each output channel learn?"),
        "one kernel a channel": (320, "That is one kernel for each output. How many channels does a filter look at?"),
        "a bias a kernel": (5120, "You gave each kernel a bias of its own; a filter adds its bias once."),
        "inputs and outputs exchanged": (4624, "You counted a bias for each channel that goes in."),
    },
)

one_pixel = Exercise(
    ask="Kernels of 1 × 1, a mean over places, a dense layer: does shuffling pixels change the accuracy?",
    difficulty="easy",
    minutes=3,
    hints=(
        "What does a kernel of 1 × 1 see of a pixel's neighbours?",
        "Each place goes through one function, by itself. What does a mean know of the order of its terms?",
    ),
    answer="same",
    right="Such a network knows which values the pixels have and how often, and nothing of where. A permutation "
    "changes neither, so its accuracy stays, and it is poor in both cases.",
    mistakes={
        "worse": (
            "worse",
            "So it was for kernels of 3 × 3, which lost their neighbours. Which neighbours can this one lose?",
        ),
        "better": ("better", "Nothing is gained by shuffling: no number comes in that was not there before."),
    },
)

ways = Exercise(
    ask="Write ways(L, k): how many terms of the product of L factors (I + J) go through exactly k blocks?",
    difficulty="medium",
    minutes=10,
    hints=(
        "Multiply out two factors, then three, and sort the terms by how many J they hold.",
        "To write down a term, decide for each factor whether it gives its I or its J. How many decisions give k times "
        "J?",
    ),
    answer=math.comb,
    cases=[(2, 1), (3, 0), (10, 5), (10, 9)],
    right="Each term chooses k of the L blocks. Of the 1,024 ways through ten blocks 672 go through four to six. Where "
    "the Jacobians are small the ways through many blocks carry little, so most of the blame comes through fewer.",
    mistakes={
        "all terms": (lambda L, k: 2**L, "That is how many terms there are in all. How many of them hold exactly k J?"),
        "in any order": (
            math.perm,
            "You count each choice of blocks once for each order. The blocks stand in one order only.",
        ),
        "only one": (lambda L, k: 1, "There is one term without any J, and one with all. And in between?"),
        "up to k": (
            lambda L, k: sum(math.comb(L, i) for i in range(k + 1)),
            "Those are the terms with at most k. How many have exactly k?",
        ),
    },
)
