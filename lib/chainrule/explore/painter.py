"""Painting: from `draw(fig, result, **settings)` to pixels, fast enough to follow a slider.

Every picture is drawn on a fresh figure, so nothing of an earlier one can remain. Two things are kept between pictures:
the panels' places, because solving the layout is slow and panels that jump are hard to compare; and the pixels of the
paper, ticks and labels, which cost most of the drawing and rarely change.
"""

import io
from collections.abc import Callable, Generator
from itertools import combinations
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text
from PIL import Image

SCREEN_DPI = 100  # at which one dot is one CSS pixel
MARGIN = 0.1  # inches around each panel, so that a tick label may be a digit longer than in the first picture


class Painter:
    """Paints the pictures of one explorer at one size, in inches, and resolution, in dots per inch."""

    def __init__(self, draw: Callable[..., None], figsize: tuple[float, float], dpi: int):
        self.draw, self.figsize, self.dpi = draw, figsize, dpi
        self._places: dict[int, list[Any]] = {}  # number of panels → where each one lies
        self._paper: tuple[Any, Any] = (None, None)  # what paper and ticks show, and their pixels

    def figure(self, result: Any, settings: dict[str, Any]) -> Figure:
        """The figure that draw makes, its panels where they were in the first figure with as many."""
        fig = Figure(self.figsize, dpi=self.dpi, layout=ConstrainedLayoutEngine(w_pad=MARGIN, h_pad=MARGIN))
        FigureCanvasAgg(fig)
        self.draw(fig, result, **settings)
        places = self._places.get(len(fig.axes))
        if places is None:
            fig.draw_without_rendering()
            self._places[len(fig.axes)] = [ax.get_position(original=True) for ax in fig.axes]
            return self.figure(result, settings)  # anew, because solving has left its traces in this one
        fig.set_layout_engine("none")
        for ax, place in zip(fig.axes, places, strict=True):
            ax.set_position(place)
        return fig

    def paint(self, result: Any, settings: dict[str, Any]) -> np.ndarray:
        """The picture as an array (height, width, 3) of bytes."""
        *_, pixels = self.steps(result, settings)
        return np.asarray(pixels)

    def steps(self, result: Any, settings: dict[str, Any]) -> Generator[np.ndarray | None, None, None]:
        """Paint in steps between which others may act: None for what is not finished, at last the picture."""
        fig = self.figure(result, settings)
        yield None
        renderer = fig.canvas.get_renderer()
        for ax in fig.axes:
            ax.apply_aspect(ax.get_axes_locator()(ax, renderer) if ax.get_axes_locator() else None)
        behind = [] if _overlap(fig) else [a for ax in fig.axes for a in _paper_of(ax)]
        if behind:
            shown = tuple(_shown(a) for a in behind)
            if shown != self._paper[0]:
                for artist in (fig.patch, *behind):
                    artist.draw(renderer)
                self._paper = shown, fig.canvas.copy_from_bbox(fig.bbox)
                yield None
            renderer.restore_region(self._paper[1])
            for artist in (fig.patch, *behind):
                artist.set_visible(False)
        fig.draw(renderer)
        yield np.array(np.asarray(renderer.buffer_rgba())[..., :3])


def encode(pixels: np.ndarray, kind: str, **options: Any) -> bytes:
    """The pixels as an image file of that kind ("png", "webp"), without metadata."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, format=kind, **options)
    return out.getvalue()


def _overlap(fig: Figure) -> bool:
    """Whether a panel's paper would hide what another has drawn, so that order matters."""
    opaque = [ax for ax in fig.axes if ax.axison and ax.get_frame_on() and ax.patch.get_visible()]
    return any(a.bbox.overlaps(b.bbox) for a, b in combinations(opaque, 2))


def _paper_of(ax: Axes) -> list[Any]:
    """The parts of a panel that may be painted before everything else without changing the picture."""
    plain = ax.name == "rectilinear" and ax.get_visible() and ax.axison and ax.get_frame_on()
    sides = [spine for spine in ax.spines.values() if spine.spine_type != "colorbar"]
    if not plain or any(spine.get_position() != ("outward", 0.0) for spine in sides):
        return []
    axes = (ax.xaxis, ax.yaxis)
    drawn = [a for a in ax.get_children() if a not in axes and a is not ax.patch and a.get_visible()]
    return [ax.patch, *(axis for axis in axes if _goes_first(axis, drawn))]


def _goes_first(axis: Axis, drawn: list[Any]) -> bool:
    """Whether the axis can be painted before the artists drawn in its panel: none of those below it may touch it."""
    made = max(len(vars(axis).get(ticks, ())) for ticks in ("majorTicks", "minorTicks"))  # ticks that draw has touched
    sides = {axis.get_ticks_position(), axis.get_label_position()}
    if made > 1 or not axis.get_visible() or not sides <= {"bottom", "left", "right"}:
        return False
    below = [a for a in drawn if a.get_zorder() < axis.get_zorder()]
    outside = all(
        params.get("direction", "out") == "out" and not params.get("gridOn")
        for params in (axis.get_tick_params("major"), axis.get_tick_params("minor"))
    )
    return not below or (outside and all(a.get_clip_on() for a in below))


def _shown(artist: Any) -> tuple[Any, ...]:
    """Everything that the artist's pixels depend on."""
    if not isinstance(artist, Axis):
        return artist.get_window_extent().bounds, artist.get_visible(), artist.get_facecolor(), artist.get_alpha()
    place = artist.axes.bbox.bounds
    locations = [tuple(np.asarray(ticks, float)) for ticks in (artist.get_majorticklocs(), artist.get_minorticklocs())]
    written = artist.get_major_formatter()
    strings = tuple(written.format_ticks(locations[0])), written.get_offset()
    params = [repr(sorted(artist.get_tick_params(which).items(), key=str)) for which in ("major", "minor")]
    limits = artist.get_scale(), tuple(artist.get_view_interval()), artist.labelpad
    return place, *limits, *locations, *strings, *params, _look(artist.label), _look(artist.get_offset_text())


def _look(text: Text) -> tuple[Any, ...]:
    font = text.get_fontproperties()
    where = text.get_position(), text.get_ha(), text.get_va(), text.get_rotation()
    return text.get_text(), hash(font), text.get_color(), text.get_visible(), text.get_alpha(), *where
