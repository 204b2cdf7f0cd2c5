"""Explorers: sliders over a computation, in a live kernel and on the website alike.

One call, `explore(compute, draw, …)`, is the only way to make a slider. In a live kernel the controls are ipywidgets
and every move computes anew. While the website is built (the environment sets CHAINRULE_STATIC) the same call computes
a picture for each combination of values and shows them under native controls, with no kernel and no server.
"""

import math
import os
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from chainrule.explore.controls import Control, Value, linear_range, log_range, make_controls
from chainrule.explore.explorer import STATIC, Explorer
from chainrule.explore.fit import expect_takes, means_another, origin
from chainrule.explore.free import Free, drawing, number, text

__all__ = ["Explorer", "drawing", "explore", "linear_range", "log_range", "number", "text"]

MOST_FRAMES = 60

_explorers: dict[str, tuple[Any, Any] | None] = {}  # where each name was given


def explore(
    compute: Callable[..., Any],
    draw: Callable[..., None],
    *,
    name: str,
    describe: Callable[..., str] | None = None,
    caption: str = "",
    start: Mapping[str, Value] | None = None,
    labels: Mapping[str, str] | None = None,
    unit_of: Mapping[str, str] | None = None,
    edit: Mapping[str, Free] | None = None,
    play: str | None = None,
    figsize: tuple[float, float] = (8, 3.5),
    **controls: Iterable[Value],
) -> Explorer:
    """Sliders over a computation: `explore(compute, draw, name="decay", rate=log_range(0.01, 1, 5), …)`.

    compute   `compute(**settings)` returns the result, or is a generator of partial results, the last one complete.
    draw      `draw(fig, result, **settings)` draws on an empty figure, in plain Matplotlib; called for every result.
    describe  `describe(result, **settings)` states the result in one sentence; it stands under the picture, and is
              heard by those who cannot see it.
    name      the explorer's identity on its page and in addresses, such as "lora-rank".
    caption   one sentence, the message of the picture.
    start     the default of some controls, `start={"rate": 0.1}`; the middle value otherwise.
    labels    how a control reads, `labels={"rate": "learning rate"}`; its name otherwise.
    unit_of   what a control's numbers count, `unit_of={"angle": "°", "T": "steps"}`; they are shown with it.
    edit      controls that a live kernel leaves free, `edit={"w": number(-3, 3, 0.1, examples=[-1, 0, 1])}`; also
              `text` to type and a `drawing` whose pixels are edited.
    play      the control that a Play button walks through.
    controls  each a list: numbers make a slider, strings a choice, [False, True] a switch; `log_range` and
              `linear_range` make lists of numbers.

        def compute(rate):
            loss = [1.0]
            for step in range(200):
                loss.append(loss[-1] * (1 - rate) ** 2)
                yield loss

        def draw(fig, loss, rate):
            ax = fig.subplots()
            ax.semilogy(loss)
            ax.set(xlim=(0, 200), ylim=(1e-6, 1), xlabel="step", ylabel="loss")

        explore(compute, draw, name="decay", rate=log_range(0.01, 1, 5), caption="The rate sets the slope.",
                describe=lambda loss, rate: f"After {len(loss) - 1} steps the loss is {loss[-1]:.2g}.")

    Panels stay where the first picture puts them: give axes fixed limits, and the eye can compare.
    Raises  ValueError for a name that is no slug, an unfit control, a function that does not take the controls, a
            missing describe or caption, more than 60 combinations, a name that another cell has used.
    """
    _expect_words(name, caption)
    if describe is None:
        cure = 'describe=lambda result, **settings: f"The loss is {result:.2g}."'
        raise ValueError(f"explorer {name!r} needs one sentence that states the result, such as {cure}")
    functions: dict[str, Callable[..., Any]] = {"compute": compute, "draw": draw, "describe": describe}
    for what, function in functions.items():
        if not callable(function):
            raise ValueError(f"explorer {name!r} takes a function as {what}, got {function!r}")
    made = make_controls(controls, edit or {}, start or {}, labels or {}, unit_of or {})
    _expect_controls(name, made, play)
    for (what, function), first in zip(functions.items(), ("", "fig, result", "result"), strict=True):
        expect_takes(name, what, function, first, [c.name for c in made])
    made_in = origin(compute)
    if name in _explorers and (os.environ.get(STATIC) or means_another(_explorers[name], made_in)):
        raise ValueError(
            f"two explorers of this page are named {name!r}; a name is an address, so give each its own"
            " (if the other cell is gone, restart the kernel)"
        )
    _explorers[name] = made_in
    return Explorer(compute, draw, describe, name=name, caption=caption, controls=made, play=play, figsize=figsize)


def _expect_words(name: str, caption: Any) -> None:
    """Raise ValueError where the name is no slug or the caption no sentence."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise ValueError(f"explore takes a name in small letters and hyphens, such as 'lora-rank', got {name!r}")
    if not isinstance(caption, str) or not caption.strip():
        raise ValueError(f"explorer {name!r} takes a sentence as caption, the message of the picture; got {caption!r}")


def _expect_controls(name: str, made: list[Control], play: str | None) -> None:
    """Raise ValueError where there is no control, none to play, or too many frames."""
    if not made:
        raise ValueError(f"explorer {name!r} has no control; give it a list of values, such as rank=[1, 2, 4]")
    names = [c.name for c in made]
    if play is not None and play not in names:
        raise ValueError(f"explorer {name!r} is to play {play!r}, but its controls are {names}")
    frames = math.prod(len(c.values) for c in made)
    if frames > MOST_FRAMES:
        sizes = " × ".join(str(len(c.values)) for c in made)
        raise ValueError(
            f"explorer {name!r} would have {sizes} = {frames} frames; the most is {MOST_FRAMES}: "
            "drop values or a control"
        )
