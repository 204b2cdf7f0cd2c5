"""Visiting an explorer: running it at its default and at every corner, as a test would a function.

A slider's ends are where a computation overflows, an axis label leaves the picture or a description divides by zero.
"""

from matplotlib.figure import Figure

from chainrule.explore.explorer import Explorer
from chainrule.explore.painter import SCREEN_DPI

SLACK = 0.03  # inches that text may reach beyond the picture's edge


def visit(explorer: Explorer) -> dict[str, str]:
    """Compute, draw and describe at the default and at every combination of the controls' ends.

    Returns  {settings in words: description}.
    Raises   RuntimeError that names explorer and settings, from whatever went wrong there.
    """
    painter = explorer.painter(SCREEN_DPI)
    seen = {}
    for settings in [explorer.default, *explorer.corners]:
        phrase = explorer.phrase(settings)
        if phrase in seen:
            continue
        try:
            result = explorer.result(settings)
            seen[phrase] = explorer.frame(painter, result, settings).text
            _check_edges(painter.figure(result, settings))
        except Exception as error:
            what = f"{type(error).__name__}: {error}"
            raise RuntimeError(f"explorer {explorer.name!r} fails at {phrase}: {what}") from error
    return seen


def _check_edges(fig: Figure) -> None:
    """Raise ValueError where something is cut off: places are fixed by the default, and a longer label may not fit."""
    box, (width, height) = fig.get_tightbbox(), fig.get_size_inches()
    beyond = max(-box.x0, -box.y0, box.x1 - width, box.y1 - height)
    if beyond > SLACK:
        raise ValueError(f"the picture is cut off by {beyond:.2f} in; fix the axes' limits or widen the figure")
