"""What a check says, as a notebook shows it: one short block, read out by screen readers when it changes."""

import html
import re
from dataclasses import dataclass

HEADINGS = {"right": "Right.", "hint": "Not yet.", "wrong": "Not yet.", "not attempted": ""}


@dataclass(frozen=True)
class Feedback:
    """The verdict on an answer.  status: "right", "hint" (a foreseen mistake), "wrong" or "not attempted"."""

    status: str
    text: str

    def __repr__(self) -> str:
        return f"{HEADINGS[self.status]} {self.text}".strip()

    def _repr_html_(self) -> str:
        text = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(self.text, quote=False))
        heading = f"<strong>{HEADINGS[self.status]}</strong> " if HEADINGS[self.status] else ""
        name = self.status.replace(" ", "-")
        return (
            f'<div role="status" class="exercise-feedback {name}" '
            f'style="border-left: 0.25em solid; padding: 0.25em 0.75em"><p>{heading}{text}</p></div>'
        )
