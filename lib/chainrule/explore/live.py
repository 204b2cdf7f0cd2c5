"""The live explorer: widgets that compute anew at every move.

The latest setting wins. One task computes; between partial results it gives the kernel a moment to receive messages,
and when a slider has moved on meanwhile it closes the stale computation, so that its `finally` runs, and starts again.
"""

import asyncio
import time
import traceback
from collections.abc import Callable, Coroutine
from contextlib import closing
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from chainrule.explore.controls import Control, Settings, written
from chainrule.explore.painter import SCREEN_DPI, encode

if TYPE_CHECKING:
    from chainrule.explore.explorer import Explorer

LISTEN_EVERY = 0.02  # seconds of computing between two looks at the sliders
PICTURE_EVERY = 0.2  # seconds between two pictures of a computation that goes on
SLOW = 0.3  # seconds after which a reader wonders whether anything happens
PLAY_PAUSE = 0.35  # seconds that Play rests on a finished picture


class Live:
    """The widgets of one explorer. `box` holds them all; `first` is the default frame; `idle()` waits for the task."""

    def __init__(self, explorer: "Explorer"):
        self._explorer, self._painter = explorer, explorer.painter(SCREEN_DPI)
        self._wanted: Settings | None = None
        self._tasks: dict[str, asyncio.Task[None]] = {}
        began = time.perf_counter()
        self.first = explorer.frame(self._painter, explorer.result(explorer.default), explorer.default)
        self._took = time.perf_counter() - began
        self.sliders = {c.name: _slider(c) for c in explorer.controls}
        for slider in self.sliders.values():
            slider.observe(self._moved, "value")
        self.image = widgets.Image(value=_png(self.first.pixels), format="png")
        self.says = widgets.HTML(_says(self.first.text))
        self.play = widgets.ToggleButton(description="Play", tooltip=f"Step through {explorer.play}")
        self.play.observe(self._play, "value")
        buttons = [self.play] if explorer.play else []
        caption = widgets.HTML(f"<p>{escape(explorer.caption)}</p>")
        self.box = widgets.VBox([*self.sliders.values(), *buttons, self.image, self.says, caption])

    async def idle(self) -> None:
        """Wait until the picture shows what the sliders say."""
        if "follow" in self._tasks:
            await self._tasks["follow"]

    def _moved(self, _: Any) -> None:
        following = self._wanted is not None or not self._done("follow")
        self._wanted = {name: slider.value for name, slider in self.sliders.items()}
        if not following:
            self._start("follow", self._follow)

    def _play(self, _: Any) -> None:
        self.play.description = "Pause" if self.play.value else "Play"
        if self.play.value and self._done("walk"):
            self._start("walk", self._walk)

    def _done(self, name: str) -> bool:
        return name not in self._tasks or self._tasks[name].done()

    def _start(self, name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run the work as a task of the kernel's loop, or to its end where there is none."""
        try:
            self._tasks[name] = asyncio.get_running_loop().create_task(work())
        except RuntimeError:
            asyncio.run(work())

    async def _follow(self) -> None:
        while self._wanted is not None:
            settings, self._wanted = self._wanted, None
            try:
                await self._run(settings)
            except Exception:
                self._fail(settings)

    async def _run(self, settings: Settings) -> None:
        if self._took > SLOW:
            self.says.value = _says(f"Computing {self._explorer.phrase(settings)} …")
        began = shown = listened = time.perf_counter()
        with closing(self._explorer.results(settings)) as results:
            for result in results:
                now = time.perf_counter()
                if now - shown > PICTURE_EVERY:
                    self._show(result, settings)
                    shown = time.perf_counter()
                if now - listened > LISTEN_EVERY:
                    await asyncio.sleep(0.001)  # sleep(0) would not let the kernel read its sockets
                    listened = time.perf_counter()
                    if self._wanted is not None:
                        return
        self._show(result, settings)
        self._took = time.perf_counter() - began

    def _show(self, result: Any, settings: Settings) -> None:
        frame = self._explorer.frame(self._painter, result, settings)
        self.image.value, self.says.value = _png(frame.pixels), _says(frame.text)

    def _fail(self, settings: Settings) -> None:
        """Say what went wrong beneath the picture, which stays as it was."""
        where, what = escape(self._explorer.phrase(settings)), escape(traceback.format_exc())
        last = what.strip().splitlines()[-1]
        details = f"<details><summary>Traceback</summary><pre>{what}</pre></details>"
        self.says.value = f'<div role="alert"><strong>At {where}: {last}</strong>{details}</div>'

    async def _walk(self) -> None:
        """Move one slider through its values, each only after the picture before it is complete."""
        control = next(c for c in self._explorer.controls if c.name == self._explorer.play)
        slider, values = self.sliders[control.name], list(control.values)
        ahead = values[values.index(slider.value) + 1 :] if slider.value in values else []
        for value in ahead or values:
            if not self.play.value:
                return
            slider.value = value
            await self.idle()
            await asyncio.sleep(PLAY_PAUSE)
        self.play.value = False


def _slider(control: Control) -> widgets.ValueWidget:
    shown = {"description": control.label, "style": {"description_width": "10rem"}, "layout": {"width": "36rem"}}
    if control.free:
        free = control.free
        return widgets.FloatSlider(value=control.default, min=free.lo, max=free.hi, step=free.step, **shown)
    if control.is_switch:
        return widgets.Checkbox(value=control.default, indent=False, **shown)
    return widgets.SelectionSlider(options=[(written(v), v) for v in control.values], value=control.default, **shown)


def _png(pixels: Any) -> bytes:
    return encode(pixels, "png", compress_level=1)


def _says(text: str) -> str:
    return f'<p role="status" aria-live="polite">{escape(text)}</p>'
