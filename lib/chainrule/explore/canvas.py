"""The widget of a drawing: its pixels are buttons, so that mouse, finger and keyboard can all draw."""

from typing import Any

import ipywidgets as widgets
import numpy as np
import traitlets

from chainrule.explore.free import Drawing

PIXEL = "24px"


class Canvas(widgets.VBox):
    """A list of pictures to begin with, and below it the picture. `value` says what has become of it."""

    value = traitlets.Unicode()

    def __init__(self, drawing: Drawing, value: str, label: str, longest: int):
        self._drawing = drawing
        self.choice = widgets.Dropdown(
            options=drawing.examples, description=label, style={"description_width": f"{longest}ch"}
        )
        rows, columns = drawing.pixels(value).shape
        self._shades = [widgets.ButtonStyle(button_color=f"rgb({s}, {s}, {s})") for s in range(0, 256, 17)]
        size = widgets.Layout(width=PIXEL, height=PIXEL, margin="0", padding="0")
        self.pixels = [
            widgets.Button(layout=size, tooltip=f"row {i + 1}, column {j + 1}")
            for i in range(rows)
            for j in range(columns)
        ]
        paper = widgets.GridBox(
            self.pixels,
            layout={"grid_template_columns": f"repeat({columns}, {PIXEL})", "margin": f"0 0 0 {longest}ch"},
        )
        super().__init__([self.choice, paper])
        for number, pixel in enumerate(self.pixels):
            pixel.on_click(lambda _, number=number: self._touch(number))
        self.choice.observe(self._begin, "value")
        self.observe(self._show, "value")
        self.value = value

    def _touch(self, pixel: int) -> None:
        self.value = self._drawing.touch(self.value, pixel)

    def _begin(self, change: Any) -> None:
        if change["new"] != self.value.split("\n")[0]:
            self.value = change["new"]

    def _show(self, change: Any) -> None:
        self.choice.value = change["new"].split("\n")[0]
        levels = np.rint(self._drawing.pixels(change["new"]).ravel() * (len(self._shades) - 1)).astype(int)
        for pixel, level in zip(self.pixels, levels, strict=True):
            pixel.style = self._shades[level]
