"""The website's explorer: native controls over pictures computed when the site is built.

The figure carries its pictures as data addresses, so a page exported by any tool works by itself; the site's build
moves them to files. `explorer.js` wakes the controls; without it the default picture and its words remain.
"""

import base64
import json
from html import escape
from typing import TYPE_CHECKING

from chainrule.explore.controls import Control, written
from chainrule.explore.painter import SCREEN_DPI, encode
from chainrule.explore.visit import visit
from chainrule.explore.words import with_minus

if TYPE_CHECKING:
    from chainrule.explore.explorer import Explorer, Frame

SITE_DPI, QUALITY = 200, 80  # two dots to a CSS pixel; 35 frames of two panels take 1.5 MB
BUTTONS_HOLD = 44, 7  # letters, and choices, beyond which a row of buttons becomes a list that opens


def bundle(explorer: "Explorer") -> dict[str, str]:
    """The explorer as HTML, and its default frame as PNG. Ends that only a live slider reaches are tried as well."""
    painter = explorer.painter(SITE_DPI)
    default, grid = explorer.default, explorer.grid
    first = visit(explorer, painter, default)  # its layout holds for all
    frames = [first if point == default else visit(explorer, painter, point) for point in grid]
    for beyond in (corner for corner in explorer.corners if corner not in grid):
        visit(explorer, painter, beyond)
    html = _html(explorer, frames, grid.index(default))
    return {"text/html": html, "image/png": base64.b64encode(encode(first.pixels, "png")).decode()}


def _html(explorer: "Explorer", frames: "list[Frame]", start: int) -> str:
    pictures = [_address(f) for f in frames]
    data = json.dumps({"frames": pictures, "alts": [f.text for f in frames]}).replace("<", "\\u003c")
    width, height = (round(side * SCREEN_DPI) for side in explorer.figsize)
    name, text = escape(explorer.name), escape(frames[start].text)
    longest = escape(max((f.text for f in frames), key=len))
    rows = "\n".join(_row(explorer, c) for c in explorer.controls)
    return (
        f'<figure class="explorer" id="explorer-{name}" data-name="{name}" data-frame="{start}">\n'
        f'<div class="explorer-views"><div class="explorer-view">\n'
        f'<img class="dark-light" src="{pictures[start]}" width="{width}" height="{height}" decoding="sync" '
        f'alt="{text}">\n'
        f'<p class="explorer-reading" data-longest="{longest}" aria-hidden="true"><span>{text}</span></p>\n'
        f"</div></div>\n"
        f'<div class="explorer-controls" role="group" aria-label="{escape(explorer.caption)}" hidden>\n{rows}\n'
        f'<div class="explorer-actions">'
        f'<button type="button" class="explorer-pin">Pin to compare</button>'
        f'<button type="button" class="explorer-link">Copy link</button>'
        f'<button type="button" class="explorer-reset" aria-disabled="true">Reset</button></div>\n</div>\n'
        f'<p class="explorer-says" role="status"></p>\n'
        f"<figcaption>{escape(explorer.caption)}</figcaption>\n"
        f'<script type="application/json" class="explorer-data">{data}</script>\n'
        f"</figure>"
    )


def _address(frame: "Frame") -> str:
    picture = encode(frame.pixels, "webp", quality=QUALITY, method=2)
    return "data:image/webp;base64," + base64.b64encode(picture).decode()


def _row(explorer: "Explorer", control: Control) -> str:
    """A control as native elements, its values in the order of the frames."""
    texts, shown = [written(v) for v in control.values], [control.shown(v) for v in control.values]
    kind = _kind(control, texts)
    here = f"explorer-{explorer.name}-{control.name}"
    data = f'data-control="{escape(control.name)}" data-values="{escape(json.dumps(texts))}"'
    if shown != texts:
        data += f' data-shown="{escape(json.dumps(shown))}"'
    label = escape(control.label)
    if kind == "choice":
        role, name = (
            f' role="radiogroup" aria-labelledby="{here}"',
            f'<span class="explorer-name" id="{here}">{label}</span>',
        )
    else:
        role, name = "", f'<label class="explorer-name" for="{here}">{label}</label>'
    play = f'<button type="button" class="explorer-play" aria-label="Play {label}"></button>'
    if kind == "range":
        body = _range(here, texts, shown, control.start)
    else:
        body = {"choice": _choice, "list": _list, "switch": _switch}[kind](here, texts, control.start)
    return (
        f'<div class="explorer-control is-{kind}" {data}{role}>{name}'
        f"{play if explorer.play == control.name else ''}{body}</div>"
    )


def _kind(control: Control, texts: list[str]) -> str:
    if control.is_switch:
        return "switch"
    if not all(isinstance(v, str) for v in control.values):
        return "range"
    letters, most = BUTTONS_HOLD
    return "choice" if len(texts) <= most and len("".join(texts)) <= letters else "list"


def _range(here: str, texts: list[str], shown: list[str], start: int) -> str:
    first, last = (escape(with_minus(text)) for text in (texts[0], texts[-1]))
    now = escape(shown[start])
    longest = escape(max(shown, key=len))
    return (
        f'<span class="explorer-slide"><input type="range" id="{here}" min="0" max="{len(shown) - 1}" step="1" '
        f'value="{start}" aria-valuetext="{now}" autocomplete="off">'
        f'<span class="explorer-ends" aria-hidden="true"><span>{first}</span><span>{last}</span></span></span>'
        f'<output for="{here}" data-longest="{longest}">{now}</output>'
    )


def _switch(here: str, texts: list[str], start: int) -> str:
    checked = " checked" if start else ""
    return (
        f'<input type="checkbox" role="switch" id="{here}"{checked} autocomplete="off">'
        f'<output for="{here}">{escape(texts[start])}</output>'
    )


def _list(here: str, texts: list[str], start: int) -> str:
    options = "".join(
        f"<option{' selected' if i == start else ''}>{escape(text)}</option>" for i, text in enumerate(texts)
    )
    return f'<select id="{here}" autocomplete="off">{options}</select>'


def _choice(here: str, texts: list[str], start: int) -> str:
    return '<span class="explorer-choices">{}</span>'.format(
        "".join(
            f'<label><input type="radio" name="{here}-choice"{" checked" if i == start else ""} autocomplete="off">'
            f"<span>{escape(text)}</span></label>"
            for i, text in enumerate(texts)
        )
    )
