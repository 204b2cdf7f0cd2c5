"""Steps that do not depend on the scale of the gradient: by the entry, and by the matrix."""

import numpy as np

from chainrule.exercises.exercise import Exercise

other_units = Exercise(
    ask='The loss is multiplied by 1000. Which trains as before at its old rate: "SGD", "momentum", "RMSprop", "none"?',
    difficulty="easy",
    minutes=3,
    hints=(
        "Every gradient is multiplied by 1000 as well. Follow that factor through one step of each.",
        "In which of the three does the factor appear twice, once above and once below a fraction's line?",
    ),
    answer="RMSprop",
    right="The factor is in g and in √s, and drops out as long as the gradients are far above ε.",
    mistakes={
        "gradient descent": ("SGD", "Its step is the rate times the gradient. Which of the two has changed?"),
        "a sum": ("momentum", "A sum of gradients that are all a thousand times as long is a thousand times as long."),
        "nobody": ("none", "One of them divides the gradient by a measure of the gradient's own size."),
    },
)


def _bowl(theta):
    return np.array([1.0, 30.0, 0.01]) * (theta - np.array([1.0, -1.0, 2.0]))


def _adam(correct_m=True, correct_v=True, inside=False, square=True, sign=-1, start=1, swapped=False):
    def adam(theta, gradient, steps, rate, beta1, beta2, eps):
        b1, b2 = (beta2, beta1) if swapped else (beta1, beta2)
        m, v = np.zeros_like(theta), np.zeros_like(theta)
        for t in range(start, steps + start):
            g = gradient(theta)
            m = b1 * m + (1 - b1) * g
            v = b2 * v + (1 - b2) * (g**2 if square else np.abs(g))
            with np.errstate(all="ignore"):
                m_hat = m / (1 - b1**t) if correct_m else m
                v_hat = v / (1 - b2**t) if correct_v else v
                divisor = np.sqrt(v_hat + eps) if inside else np.sqrt(v_hat) + eps
                theta = theta + sign * rate * m_hat / divisor
        return theta

    return adam


def _in_place(theta, gradient, steps, rate, beta1, beta2, eps):
    theta -= theta - _adam()(theta, gradient, steps, rate, beta1, beta2, eps)
    return theta


def _no_root(theta, gradient, steps, rate, beta1, beta2, eps):
    m, v = np.zeros_like(theta), np.zeros_like(theta)
    for t in range(1, steps + 1):
        g = gradient(theta)
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
        theta = theta - rate * m / (1 - beta1**t) / (v / (1 - beta2**t) + eps)
    return theta


def _run(adam, theta, steps, rate, beta1, beta2, eps):
    start = np.array(theta)
    end = adam(start, _bowl, steps, rate, beta1, beta2, eps)
    return end, start  # the second shows whether the caller's array was left alone


adam = Exercise(
    ask="Write adam(theta, gradient, steps, rate, beta1, beta2, eps) with both bias corrections; return where it ends.",
    difficulty="medium",
    minutes=20,
    hints=(
        "Two arrays of zeros before the loop, and a step number that begins at one. In the loop, the gradient is "
        "asked for once.",
        "Keep m and v themselves uncorrected from step to step; divide copies of them when you need them.",
    ),
    answer=_adam(),
    observe=_run,
    right="The library's version folds the two corrections into two numbers and works in place; the path is this one.",
    cases=(
        ((0.0, 0.5, 0.0), 1, 0.1, 0.9, 0.999, 1e-8),
        ((0.0, 0.5, 0.0), 25, 0.05, 0.9, 0.999, 1e-8),
        ((3.0, 0.0, 1.0), 10, 0.1, 0.5, 0.75, 0.5),
    ),
    mistakes={
        "no correction": (
            _adam(correct_m=False, correct_v=False),
            "Your first step is more than three times the rate. Both averages start at zero: divide by what they lack.",
        ),
        "only m": (_adam(correct_v=False), "Your first step is about 32 times the rate: v is still uncorrected."),
        "only v": (_adam(correct_m=False), "Your first step is a tenth of the rate: m is still uncorrected."),
        "eps inside": (
            _adam(inside=True),
            "You added `eps` under the root. In the formula it stands beside it, which matters where v is small.",
        ),
        "no square": (
            _adam(square=False),
            "v should average squares; yours averages sizes, and takes a root of those.",
        ),
        "no root": (_no_root, "The divisor is the root of v, so that the scale of the gradient drops out."),
        "uphill": (_adam(sign=1), "Each of your steps goes up. The gradient points uphill."),
        "from step zero": (_adam(start=0), "At your first step 1 − β⁰ is zero, and you divide by it. Count from one."),
        "swapped": (_adam(swapped=True), "beta1 belongs to the average of g, beta2 to that of g²."),
        "in place": (_in_place, "Right, but the caller's array has moved too. `theta = theta − …` makes a new one."),
    },
)


def _orthogonal(matrix):
    u, _, vt = np.linalg.svd(matrix, full_matrices=False)
    return u @ vt


def _transposed(matrix):
    u, _, vt = np.linalg.svd(matrix, full_matrices=False)
    return u @ vt.T if vt.shape[0] == vt.shape[1] and u.shape[1] == vt.shape[0] else (u @ vt).T


orthogonal_step = Exercise(
    ask="Write orthogonal_step(matrix): the exact U Vᵀ of a matrix U S Vᵀ.",
    difficulty="hard",
    minutes=120,
    hints=(
        "`np.linalg.svd` returns three things. Which of them is to be replaced by ones, and what is left then?",
        "For a matrix that is not square, ask for the factors without the full square ones, or the shapes do not fit.",
    ),
    answer=_orthogonal,
    right="The same directions, every stretch set to one. It costs a decomposition a step, which is why Muon "
    "multiplies matrices instead.",
    cases=(
        (np.array([[3.0, 1.0], [0.5, 2.0]]),),
        (np.array([[1.0, 2.0, -1.0], [0.0, 1.0, 4.0]]),),
        (np.array([[2.0, 0.1], [-1.0, 0.3], [0.2, 1.0]]),),
    ),
    mistakes={
        "V not turned": (_transposed, "NumPy's third factor is Vᵀ already. You have turned it once more."),
        "only divided": (
            lambda matrix: matrix / np.linalg.norm(matrix),
            "That makes the matrix as a whole of size one. Its singular values are as unequal as before.",
        ),
        "by the largest": (
            lambda matrix: matrix / np.linalg.norm(matrix, 2),
            "Now the largest singular value is one, and the others are as far below it as they were.",
        ),
        "signs": (np.sign, "Signs are the step of Adam's kind, entry by entry. Muon evens out singular values."),
        "unchanged": (
            lambda matrix: matrix + 0.0,
            "That is the matrix itself: the singular values are still in it. Leave S out.",
        ),
    },
)
