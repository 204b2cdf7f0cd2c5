"""Four exercises that the tests of exercises try their answers on."""

import numpy as np

from chainrule.exercises.exercise import Exercise

x, dy = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([[1.0], [0.0], [2.0]])
gradient = Exercise(
    ask="Write dL/dW of a dense layer.",
    difficulty="easy",
    minutes=5,
    hints=("Which entries of y does W touch?", "Sum `x` times dy over the batch: <which> product is that?"),
    answer=lambda x, dy: x.T @ dy,
    right="Each weight adds up x times dy over the batch.",
    mistakes={
        "averaged": (lambda x, dy: x.T @ dy / len(x), "The mean belongs to the loss; here the batch is summed."),
        "transposed": (lambda x, dy: dy.T @ x, "W is (n_in, n_out): what is the shape of yours?"),
        "raises": (lambda x, dy: x @ dy, "x is (N, n_in), dy is (N, n_out): which axis must the product sum over?"),
    },
    cases=[(x, dy), (x[:1], dy[:1])],
)
lora = Exercise(
    ask="What happens when both factors start at zero?",
    difficulty="medium",
    minutes=2,
    hints=("Write both gradients.",),
    answer="never moves",
    right="Each factor's gradient is multiplied by the other, and both are zero.",
    mistakes={
        "slow": ("trains slowly", "Write the gradient of A. Which factor multiplies it?"),
        "trains": ("trains", "At the first step, what is the gradient of B?"),
    },
)
count = Exercise(
    ask="How many numbers does Dense(3, 4) hold?",
    difficulty="hard",
    minutes=1,
    hints=("Count weights, then biases.", "A weight for each pair.", "A bias for each unit."),
    answer=16,
    right="3 · 4 weights and 4 biases.",
    mistakes={"no bias": (12, "And the biases?")},
)
scale = Exercise(
    ask="Which scale of W keeps the variance?",
    difficulty="hard",
    minutes=3,
    hints=("What is the variance of a sum?",),
    answer=lambda n: n**-0.5,
    right="The variance of a sum of n terms is n times theirs.",
    mistakes={"forgot the root": (lambda n: 1 / n, "That scales the variance by 1/n².")},
    cases=[(1,), (4,)],
)
