"""The live explorer: widgets that compute anew at every move.

The latest setting wins. One task computes; between partial results it gives the kernel a moment to receive messages,
and when a slider has moved on meanwhile it closes the stale computation, so that its `finally` runs, and starts again.
A computation is abandoned at one of its yields; one that never yields runs to its end.
"""

import asyncio
import gc
import time
import traceback
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from contextlib import closing
from html import escape
from typing import TYPE_CHECKING, Any

from chainrule.explore.controls import Settings
from chainrule.explore.painter import SCREEN_DPI
from chainrule.explore.panel import Panel, encoded

if TYPE_CHECKING:
    from chainrule.explore.explorer import Explorer

LISTEN_EVERY = 0.015  # seconds of computing between two looks at the sliders
PICTURE_EVERY = 0.2  # seconds between two pictures of a computation that goes on
PLAY_PAUSE = 0.35  # seconds that Play rests on a finished picture


class Live:
    """A panel that answers. `first` is the default frame; `idle()` waits until the picture is what the sliders say."""

    def __init__(self, explorer: "Explorer"):
        gc.collect()
        gc.freeze()  # no garbage collection need go through all libraries again, which takes it 0.1 s
        self._explorer, self._painter = explorer, explorer.painter(SCREEN_DPI)
        self._wanted: Settings | None = None
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._shown = explorer.default
        self.first = explorer.frame(self._painter, explorer.result(explorer.default), explorer.default)
        self._text = self.first.text
        self.panel = Panel(explorer, self.first)
        for slider in self.panel.inputs.values():
            slider.observe(self._moved, "value")
        self.panel.play.observe(self._play, "value")
        self.panel.pin.observe(self._pin, "value")
        self.panel.reset.on_click(self._reset)

    async def idle(self) -> None:
        """Wait until the picture shows what the sliders say."""
        if "follow" in self._tasks:
            await self._tasks["follow"]

    def _moved(self, _: Any) -> None:
        self.panel.hear()
        following = self._wanted is not None or not self._done("follow")
        self._wanted = {name: slider.value for name, slider in self.panel.inputs.items()}
        if not following:
            self._start("follow", self._follow)

    def _reset(self, _: Any) -> None:
        self.panel.play.value = False
        for name, value in self._explorer.default.items():
            self.panel.inputs[name].value = value

    def _pin(self, _: Any) -> None:
        if self.panel.pin.value:
            self.panel.keep(self._explorer.phrase(self._shown), self._text)
        else:
            self.panel.release()

    def _play(self, _: Any) -> None:
        self.panel.play.description = "Pause" if self.panel.play.value else "Play"
        if self.panel.play.value and self._done("walk"):
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
        doing = f"Computing {self._explorer.phrase(settings)} …"
        self.panel.say_meanwhile(self._text, doing, late=True)
        shown = listened = time.perf_counter()
        with closing(self._explorer.results(settings)) as results:
            for result in results:
                now = time.perf_counter()
                if now - listened > LISTEN_EVERY:
                    if await self._moved_on():
                        return
                    listened = time.perf_counter()
                if now - shown > PICTURE_EVERY:
                    for _ in self._show(result, settings):
                        if await self._moved_on():
                            return
                    self.panel.say_meanwhile(self._text, doing, late=False)
                    shown = listened = time.perf_counter()
        deque(self._show(result, settings), maxlen=0)
        self.panel.say(self._text)

    async def _moved_on(self) -> bool:
        """Let the kernel read its messages; whether a slider has moved. sleep(0) would not let it read its sockets."""
        await asyncio.sleep(0.001)
        return self._wanted is not None

    def _show(self, result: Any, settings: Settings) -> Generator[None, None, None]:
        """Show a result, in steps, since drawing takes the kernel longest. Who leaves it midway has changed nothing."""
        text = self._explorer.sentence(result, settings)
        for pixels in self._painter.steps(result, self._explorer.given(settings)):
            yield
            if pixels is not None:
                self.panel.image.value, self._text, self._shown = encoded(pixels), text, settings
        gc.collect()  # a figure is a ring of objects; twenty would pile up, and clearing them away stop everything

    def _fail(self, settings: Settings) -> None:
        """Say what went wrong beneath the picture, which stays as it was."""
        where, what = escape(self._explorer.phrase(settings)), escape(traceback.format_exc())
        last = what.strip().splitlines()[-1]
        details = f"<details><summary>Traceback</summary><pre>{what}</pre></details>"
        self.panel.says.value = f'<div role="alert"><strong>At {where}: {last}</strong>{details}</div>'

    async def _walk(self) -> None:
        """Move one slider through its values, each only after the picture before it is complete."""
        control = next(c for c in self._explorer.controls if c.name == self._explorer.play)
        slider, values = self.panel.inputs[control.name], list(control.values)
        ahead = values[values.index(slider.value) + 1 :] if slider.value in values else []
        for value in ahead or values:
            if not self.panel.play.value:
                return
            slider.value = value
            await self.idle()
            await asyncio.sleep(PLAY_PAUSE)
        self.panel.play.value = False
