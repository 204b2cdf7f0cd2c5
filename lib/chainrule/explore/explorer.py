"""An explorer: what is computed, how it is drawn, and the settings that a reader may change."""

import base64
import itertools
import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from functools import cached_property
from types import GeneratorType
from typing import Any, NamedTuple

import numpy as np

from chainrule.explore.controls import Control, Settings, Value
from chainrule.explore.painter import Painter, encode
from chainrule.explore.words import with_minus

STATIC = "CHAINRULE_STATIC"  # set in the environment of kernels that build the website


class Frame(NamedTuple):
    """A picture, as bytes (height, width, 3), and the text that states what it shows."""

    pixels: np.ndarray
    text: str


class Explorer:
    """Made by `explore`, which says what the arguments mean; shows itself when it is the last line of a cell."""

    def __init__(
        self,
        compute: Callable[..., Any],
        draw: Callable[..., None],
        describe: Callable[..., str],
        *,
        name: str,
        caption: str,
        controls: list[Control],
        play: str | None,
        figsize: tuple[float, float],
    ):
        self.compute, self.draw, self.describe = compute, draw, describe
        self.name, self.caption, self.controls, self.play, self.figsize = name, caption, controls, play, figsize

    @property
    def default(self) -> Settings:
        """The settings at which the explorer opens."""
        return {c.name: c.default for c in self.controls}

    @property
    def grid(self) -> list[Settings]:
        """Every combination of values, the last control changing fastest."""
        return self._combinations(c.values for c in self.controls)

    @property
    def corners(self) -> list[Settings]:
        """Every combination of the controls' ends."""
        return self._combinations(c.ends for c in self.controls)

    def _combinations(self, values: Iterable[Iterable[Value]]) -> list[Settings]:
        names = [c.name for c in self.controls]
        return [dict(zip(names, point, strict=True)) for point in itertools.product(*values)]

    def phrase(self, settings: Settings) -> str:
        """The settings in words: "learning rate = 0.1, rank = 4"."""
        return ", ".join(f"{c.label} = {c.shown(settings[c.name])}" for c in self.controls)

    def given(self, settings: Settings) -> dict[str, Any]:
        """The settings as compute, draw and describe get them."""
        return {c.name: c.given(settings[c.name]) for c in self.controls}

    def results(self, settings: Settings) -> Generator[Any, None, None]:
        """The partial results of compute, the last of them complete; the only one where compute is no generator."""
        out = self.compute(**self.given(settings))
        if not isinstance(out, GeneratorType):
            yield out
            return
        empty = True
        try:
            for result in out:
                empty = False
                yield result
        finally:
            out.close()
        if empty:
            raise ValueError(f"compute of explorer {self.name!r} ended without yielding a result")

    def result(self, settings: Settings) -> Any:
        """The complete result."""
        return deque(self.results(settings), maxlen=1).pop()

    def sentence(self, result: Any, settings: Settings) -> str:
        """What describe says of a result. Raises ValueError where that is no sentence."""
        text = self.describe(result, **self.given(settings))
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"describe of explorer {self.name!r} takes a result to a sentence, it returned {text!r}")
        return with_minus(text.strip())

    def frame(self, painter: Painter, result: Any, settings: Settings) -> Frame:
        """The picture and the sentence for a result."""
        text = self.sentence(result, settings)
        return Frame(painter.paint(result, self.given(settings)), text)

    def painter(self, dpi: int) -> Painter:
        """A painter of this explorer's figures with `dpi` pixels to the inch."""
        return Painter(self.draw, self.figsize, dpi)

    @cached_property
    def live(self) -> Any:
        """The widget of a live kernel."""
        from chainrule.explore.live import Live

        return Live(self)

    def __repr__(self) -> str:
        controls = " × ".join(c.label for c in self.controls)
        return f'Explorer "{self.name}": {controls}, {len(self.grid)} frames'

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        if os.environ.get(STATIC):
            from chainrule.explore.kept import bundle

            return bundle(self) | {"text/plain": repr(self)}
        png = base64.b64encode(encode(self.live.first.pixels, "png", optimize=True)).decode()
        return self.live.panel.box._repr_mimebundle_() | {"image/png": png, "text/plain": repr(self)}
