"""Visiting an explorer's settings one by one, as a test would call a function; the website's build visits them all.

A slider's ends are where a computation overflows, an axis label leaves the picture or a description divides by zero.
"""

from matplotlib.figure import Figure

from chainrule.explore.controls import Settings
from chainrule.explore.explorer import Explorer, Frame
from chainrule.explore.painter import Painter

SLACK = 0.03  # inches that text may reach beyond the picture's edge


def visit(explorer: Explorer, painter: Painter, settings: Settings) -> Frame:
    """The frame of these settings.

    Raises RuntimeError that names explorer and settings, from whatever went wrong there; at the default and at the ends
    of the controls also where something is cut off.
    """
    try:
        result = explorer.result(settings)
        if settings in (explorer.default, *explorer.corners):
            _check_edges(painter.figure(result, explorer.given(settings)))
        return explorer.frame(painter, result, settings)
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        raise RuntimeError(f"explorer {explorer.name!r} fails at {explorer.phrase(settings)}: {what}") from error


def _check_edges(fig: Figure) -> None:
    """Raise ValueError where something is cut off: places are fixed by the default, and a longer label may not fit."""
    box, (width, height) = fig.get_tightbbox(), fig.get_size_inches()
    beyond = max(-box.x0, -box.y0, box.x1 - width, box.y1 - height)
    if beyond > SLACK:
        raise ValueError(f"the picture is cut off by {beyond:.2f} in; fix the axes' limits or widen the figure")
