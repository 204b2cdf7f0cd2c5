"""The website's explorer: native controls over pictures computed when the site is built.

The figure carries its pictures as data addresses, so a page exported by any tool works by itself; the site's build
moves them to files. `explorer.js` wakes the controls; without it the default picture and its caption remain.
"""

import base64
import json
from html import escape
from typing import TYPE_CHECKING

from chainrule.explore.controls import Control, written
from chainrule.explore.painter import SCREEN_DPI, encode

if TYPE_CHECKING:
    from chainrule.explore.explorer import Explorer, Frame

SITE_DPI, QUALITY = 150, 84


def figure(explorer: "Explorer") -> "tuple[str, Frame]":
    """The explorer as HTML, and its default frame."""
    painter = explorer.painter(SITE_DPI)
    default = explorer.default
    first = explorer.frame(painter, explorer.result(default), default)  # its layout holds for all
    frames = [
        first if point == default else explorer.frame(painter, explorer.result(point), point) for point in explorer.grid
    ]
    start = explorer.grid.index(default)
    return _html(explorer, frames, start), first


def _html(explorer: "Explorer", frames: "list[Frame]", start: int) -> str:
    pictures = [_address(f) for f in frames]
    data = json.dumps({"frames": pictures, "alts": [f.text for f in frames]}).replace("<", "\\u003c")
    width, height = (round(side * SCREEN_DPI) for side in explorer.figsize)
    name = escape(explorer.name)
    rows = "\n".join(_row(c) for c in explorer.controls)
    play = f'<button type="button" class="explorer-play" data-control="{explorer.play}">Play</button>\n'
    return (
        f'<figure class="explorer" id="explorer-{name}" data-name="{name}" data-frame="{start}">\n'
        f'<img class="dark-light" src="{pictures[start]}" width="{width}" height="{height}" '
        f'alt="{escape(frames[start].text)}" decoding="async">\n'
        f'<div class="explorer-controls" role="group" aria-label="{escape(explorer.caption)}" hidden>\n{rows}\n'
        f"{play if explorer.play else ''}</div>\n"
        f'<p class="explorer-says" role="status"></p>\n'
        f"<figcaption>{escape(explorer.caption)}</figcaption>\n"
        f'<script type="application/json" class="explorer-data">{data}</script>\n'
        f"</figure>"
    )


def _address(frame: "Frame") -> str:
    picture = encode(frame.pixels, "webp", quality=QUALITY, method=4)
    return "data:image/webp;base64," + base64.b64encode(picture).decode()


def _row(control: Control) -> str:
    texts = [written(v) for v in control.values]
    shown = escape(texts[control.start])
    if control.is_switch:
        kind = f'type="checkbox"{" checked" if control.start else ""}'
    else:
        kind = f'type="range" min="0" max="{len(texts) - 1}" step="1" value="{control.start}" aria-valuetext="{shown}"'
    return (
        f'<label><span>{escape(control.label)}</span><input {kind} data-control="{control.name}" '
        f'data-values="{escape(json.dumps(texts))}" autocomplete="off"><output>{shown}</output></label>'
    )
