"""What a check says, as a notebook shows it: one short block, read out by screen readers when it changes.

Hints are folded, each inside the one before, in the browser's own `<details>`: they open by click and by keyboard, in
JupyterLab and on the website, without a script.
"""

import html
import re
from dataclasses import dataclass

HEADINGS = {"right": "Right.", "hint": "Not yet.", "wrong": "Not yet.", "not attempted": ""}
SUMMARIES = ("A hint", "Another hint", "A last hint")
MOST_HINTS = len(SUMMARIES)


@dataclass(frozen=True)
class Feedback:
    """The verdict on an answer.

    status  "right", "hint" (a foreseen mistake), "wrong" or "not attempted"
    text    what is said of the answer
    hints   steps towards the right one, each of which the reader may open
    """

    status: str
    text: str
    hints: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"{HEADINGS[self.status]} {self.text}".strip()

    def _repr_html_(self) -> str:
        heading = f"<strong>{HEADINGS[self.status]}</strong> " if HEADINGS[self.status] else ""
        return (
            f'<div class="exercise-feedback {self.status.replace(" ", "-")}">'
            f'<p role="status">{heading}{_as_html(self.text)}</p>{_folded(self.hints)}</div>'
        )


def _as_html(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))


def _folded(hints: tuple[str, ...]) -> str:
    """The first hint, closed, with the second closed inside it, and so on."""
    inner = ""
    for summary, hint in reversed([*zip(SUMMARIES, hints, strict=False)]):
        inner = f"<details><summary>{summary}</summary><p>{_as_html(hint)}</p>{inner}</details>"
    return inner
