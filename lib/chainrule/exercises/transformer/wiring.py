"""The way back through a block, writing until the end, and who may look at whom."""

import numpy as np

from chainrule.exercises.exercise import Exercise

DY = np.array([[1.0, -2.0], [0.5, 3.0]])
A, B = np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([[0.5, 0.0], [1.0, 0.25]])


def _through(pre, post):
    """A way back made of its two cases, each (dy, back_f, back_norm) → dx."""
    return lambda dy, back_f, back_norm, norm_first: (pre if norm_first else post)(dy, back_f, back_norm)


def _pre(dy, f, norm):
    return dy + norm(f(dy))


def _post(dy, f, norm):
    return norm(dy) + f(norm(dy))


def _tried(back_through, norm_first):
    return back_through(DY, lambda dz: dz @ A, lambda dz: dz @ B, norm_first)


back_through = Exercise(
    ask="Write back_through(dy, back_f, back_norm, norm_first): the gradient of the block's input.",
    difficulty="medium",
    minutes=10,
    hints=(
        "Write both blocks as formulas, y = x + f(norm(x)) and y = norm(x + f(x)), and draw the way of x to y. Where "
        "does it fork, where does it join?",
        "At a fork the gradients of the two branches add. Which steps stand before the fork on the way back?",
    ),
    answer=_through(_pre, _post),
    cases=[(True,), (False,)],
    observe=_tried,
    right="With the norm first, dy stands alone in the sum. With the norm last, all of it goes through back_norm.",
    mistakes={
        "no way past": (
            _through(lambda dy, f, norm: norm(f(dy)), lambda dy, f, norm: f(norm(dy))),
            "You went through the part only. x also reaches y past it.",
        ),
        "order of the way forward": (
            _through(lambda dy, f, norm: dy + f(norm(dy)), _post),
            "With the norm first, x meets the norm and then f. On the way back the last comes first.",
        ),
        "norm passed by": (
            _through(_pre, lambda dy, f, norm: dy + f(norm(dy))),
            "With the norm last, the sum goes through the norm. Can a gradient get round it?",
        ),
        "twice the same": (
            _through(_pre, _pre),
            "You treat both blocks alike. Where does the norm stand when norm_first is False?",
        ),
    },
)


def _scores(table):
    """A step that scores the next id by how many have been written, and by the last id."""
    return lambda ids: np.roll(np.eye(6)[table[min(len(ids) - 1, len(table) - 1)]], ids[-1] % 2)


def _write(stop=True, with_start=False, with_end=True, limit=0, forced=False):
    def write(step, start, end, length):
        ids = [start]
        while len(ids) <= length + limit:
            fed = [start] * len(ids) if forced else ids
            ids.append(int(np.argmax(step(fed))))
            if stop and ids[-1] == end:
                break
        if not with_end and ids[-1] == end:
            ids.pop()
        return ids if with_start else ids[1:]

    return write


def _written(write, table, length):
    return write(_scores(table), 1, 2, length)


write = Exercise(
    ask="Write write(step, start, end, length): the ids that are written in free running.",
    difficulty="medium",
    minutes=15,
    hints=(
        "Keep one list, which begins as [start]. Each round asks step for scores, takes the largest, and puts its id "
        "at the end of the list.",
        "Two things end the loop. Then decide which items of the list are to be returned.",
    ),
    answer=_write(),
    observe=_written,
    cases=[([3, 4, 2, 5], 8), ([5, 3, 4, 0], 3), ([1, 0, 4], 8)],
    right="Each id is chosen after those that were chosen before it: one slip changes what everything later is asked.",
    mistakes={
        "never ends": (_write(stop=False), "You go on after the end has been chosen."),
        "start included": (_write(with_start=True), "start was given to the model; the model did not write it."),
        "end left out": (_write(with_end=False), "Where the end was chosen it belongs to what was written."),
        "one too many": (_write(limit=1), "You stop one id late where no end comes: at most length ids."),
        "one too few": (_write(limit=-1), "You stop one id early where no end comes."),
        "nothing fed back": (
            _write(forced=True),
            "Your step does not see what was written before. Each new id has to be put at the end of what goes in.",
        ),
    },
)


def _prefix(S, T):
    mask = np.tri(S + T, dtype=bool)
    mask[:, :S] = True
    return mask


def _source_blind_to_later(S, T):
    return np.tri(S + T, dtype=bool)


def _turned(S, T):
    return _prefix(S, T).T


def _without_itself(S, T):
    mask = np.tri(S + T, k=-1, dtype=bool)
    mask[:, :S] = True
    return mask


prefix_mask = Exercise(
    ask="Write prefix_mask(S, T): True where a place may look at another.",
    difficulty="medium",
    minutes=10,
    hints=(
        "Draw it for S = 2 and T = 3 on squared paper: which columns are True in row 1, and which in row 4?",
        "Begin with the causal mask of all S + T places. Which block of it is missing?",
    ),
    answer=_prefix,
    cases=[(2, 3), (3, 1), (1, 2)],
    right="With this mask one stack is encoder and decoder at once: the source is read from both sides, the target "
    "written from left to right, and the same weights do both.",
    mistakes={
        "causal all over": (
            _source_blind_to_later,
            "That is the plain causal mask: the first place of the source cannot see the second.",
        ),
        "turned": (_turned, "Rows and columns are exchanged: the row is who looks."),
        "not itself": (_without_itself, "A place after the source may also look at itself."),
        "everyone": (lambda S, T: np.ones((S + T, S + T), bool), "Your writers see what has not been written yet."),
        "source not seen": (
            lambda S, T: np.block(
                [[np.ones((S, S), bool), np.zeros((S, T), bool)], [np.zeros((T, S), bool), np.tri(T, dtype=bool)]]
            ),
            "Your writers do not see the source. What would they write?",
        ),
    },
)
