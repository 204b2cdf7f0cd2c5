"""The widgets of a live explorer: controls, buttons, a picture and its text, and a pinned picture beside it.

While another cell runs, the kernel hears of no slider. So that the explorer does not appear dead meanwhile, the browser
says so by itself: beside each control lies a stack of one sheet for every position. The browser links the position to
the sheet; the kernel leaves the one sheet blank whose position it has heard of. All others say that the kernel is busy.
A text and a canvas have no positions to link: beside them a sentence says beforehand that an answer may have to wait.
"""

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import numpy as np

from chainrule.explore.canvas import Canvas
from chainrule.explore.controls import Control, Value
from chainrule.explore.free import Drawing, Number, Text
from chainrule.explore.painter import SCREEN_DPI, encode

if TYPE_CHECKING:
    from chainrule.explore.explorer import Explorer, Frame

BUSY = "The kernel is busy. The picture follows as soon as it is free."
HINTS = {
    Text: "Press Enter to take the text. The answer waits while another cell runs.",
    Drawing: "Press a pixel to ink or to clear it. The answer waits while another cell runs.",
}
STYLE = """<style>
.explorer-late { animation: explorer-late 1ms 0.3s backwards }
@keyframes explorer-late { from { visibility: hidden } }
.explorer-live p { margin: 0; line-height: 1.45 }
.explorer-live .widget-html-content { overflow-wrap: anywhere; white-space: normal }
.explorer-live .widget-toggle-button.mod-active { font-weight: 600 }
</style>"""  # what is late shows after 0.3 s, and never where an answer comes sooner


class Panel:
    """The widgets, without what they do. `box` holds them all."""

    def __init__(self, explorer: "Explorer", first: "Frame"):
        longest = max(len(control.label) for control in explorer.controls)
        self.inputs = {c.name: _input(c, longest) for c in explorer.controls}
        self._sheets = {name: widgets.Stack() for name, slider in self.inputs.items() if hasattr(slider, "index")}
        self._blank, self._waits = widgets.HTML(), widgets.HTML(_late(BUSY))
        self.hear()
        for name, sheets in self._sheets.items():
            widgets.jsdlink((self.inputs[name], "index"), (sheets, "selected_index"))
        self.play = widgets.ToggleButton(description="Play", tooltip=f"Step through {explorer.play}")
        self.pin = widgets.ToggleButton(description="Pin", tooltip="Keep this picture and show the next beside it")
        self.reset = widgets.Button(description="Reset", tooltip="Back to the settings at the start")
        self.image, self.says = widgets.Image(value=encoded(first.pixels), format="webp"), widgets.HTML()
        self.say(first.text)
        self._width = f"{explorer.figsize[0] * SCREEN_DPI:.0f}px"
        self._now = self._framed(self.image, self.says)
        self.pictures = widgets.HBox([self._now], layout={"flex_flow": "row wrap"})
        self.box = self._arranged(explorer)

    def hear(self) -> None:
        """Take note of where the sliders stand, so that they stop saying that nobody hears them."""
        for name, sheets in self._sheets.items():
            slider = self.inputs[name]
            sheets.children = [self._blank if i == slider.index else self._waits for i in range(len(slider.options))]
            sheets.selected_index = slider.index

    def say(self, text: str) -> None:
        """What the finished picture shows; read aloud, as the passing texts are not."""
        self.says.value = f'<p role="status">{escape(text)}</p>'

    def say_meanwhile(self, text: str, doing: str, late: bool) -> None:
        """What the picture shows so far and what is going on, the latter only after a moment where it is `late`."""
        self.says.value = f"<p>{escape(text)} {_late(doing) if late else f'<em>{escape(doing)}</em>'}</p>"

    def keep(self, label: str, text: str) -> None:
        """Pin a copy of the picture before the current one."""
        says = widgets.HTML(f"<p><strong>Pinned at {escape(label)}.</strong> {escape(text)}</p>")
        self.pictures.children = [self._framed(widgets.Image(value=self.image.value, format="webp"), says), self._now]

    def release(self) -> None:
        """Take the pinned picture away."""
        self.pictures.children = [self._now]

    def _framed(self, image: widgets.Image, says: widgets.HTML) -> widgets.VBox:
        image.layout = {"width": "100%", "height": "auto"}
        return widgets.VBox([image, says], layout={"flex": "1 1 22rem", "min_width": "0", "max_width": self._width})

    def _arranged(self, explorer: "Explorer") -> widgets.VBox:
        wrap = {"flex_flow": "row wrap"}
        hints = {
            c.name: widgets.HTML(f"<em>{HINTS[type(c.free)]}</em>") for c in explorer.controls if type(c.free) in HINTS
        }
        beside = self._sheets | hints
        rows = [widgets.HBox([widget, beside[name]], layout=wrap) for name, widget in self.inputs.items()]
        buttons = widgets.HBox([*([self.play] if explorer.play else []), self.pin, self.reset], layout=wrap)
        caption = widgets.HTML(f"{STYLE}<p><em>{escape(explorer.caption)}</em></p>")
        box = widgets.VBox([*rows, buttons, self.pictures, caption], layout={"overflow": "hidden"})
        box.add_class("explorer-live")
        return box


def encoded(pixels: np.ndarray) -> bytes:
    """A picture to be sent at once, exact in every pixel: three fifths of the time of a PNG at its fastest."""
    return encode(pixels, "webp", lossless=True, quality=0, method=0)


def _input(control: Control, longest: int) -> Any:
    """The control's widget, which has a value; all but a text and a canvas also have options and an index."""
    look = {
        "description": control.label,
        "style": {"description_width": f"{longest}ch"},
        "layout": {"width": f"calc({longest}ch + 24rem)", "max_width": "100%"},
    }
    if isinstance(control.free, Drawing):
        return Canvas(control.free, str(control.default), control.label, longest)
    if isinstance(control.free, Text):
        return widgets.Text(value=str(control.default), **look)
    kind = widgets.ToggleButtons if control.is_switch else widgets.SelectionSlider
    made = kind(options=[(control.shown(v), v) for v in _values(control)], value=control.default, **look)
    if control.is_switch:
        made.style.button_width = "4rem"
    return made


def _values(control: Control) -> Sequence[Value]:
    free = control.free
    if not isinstance(free, Number):
        return control.values
    steps = np.arange(free.lo, free.hi + free.step / 2, free.step).clip(max=free.hi)
    return sorted({float(f"{v:.9g}") for v in [*(steps.round(12) + 0.0), *control.values]})


def _late(text: str) -> str:
    return f'<em class="explorer-late">{escape(text)}</em>'
