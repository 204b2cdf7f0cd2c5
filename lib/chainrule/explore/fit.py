"""Whether the parts of an explorer fit: its functions take its controls, and on a page its name means it alone.

A mistake is named where it is made, and not when a slider moves.
"""

import inspect
import sys
from collections.abc import Callable, Sequence
from typing import Any

POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def expect_takes(whose: str, what: str, function: Callable[..., Any], first: str, controls: Sequence[str]) -> None:
    """Raise ValueError where the function cannot be called as what(first, control=…, control=…)."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except ValueError:
        return  # some built-in functions do not tell
    call = f"{what}({', '.join(part for part in (first, *controls) if part)})"
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        rest = [p for p in parameters if p.kind is p.KEYWORD_ONLY]
    else:
        places = len(first.split(", ")) if first else 0
        if sum(p.kind in POSITIONAL for p in parameters) < places:
            raise ValueError(f"explorer {whose!r} calls {call}, but {what} takes {inspect.signature(function)}")
        rest = parameters[places:]
    named = {p.name: p for p in rest if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)}
    takes_all = any(p.kind is p.VAR_KEYWORD for p in parameters)
    surplus = [] if takes_all else [c for c in controls if c not in named]
    wanting = [n for n, p in named.items() if p.default is p.empty and n not in controls]
    if surplus:
        raise ValueError(
            f"explorer {whose!r} calls {call}, but {what} does not take {surplus}; "
            f"add the parameter to {what} or drop the control"
        )
    if wanting:
        raise ValueError(
            f"explorer {whose!r} calls {call}, but {what} also needs {wanting}; "
            f"give a control of that name, such as {wanting[0]}=[…], or a default"
        )


def origin(function: Callable[..., Any]) -> tuple[Any, Any] | None:
    """What tells the cell being run from others, and this run of it from others; None outside a kernel.

    The cell is known by the front end's id for it, or by the name of the function where the front end gives none.
    """
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is None or not hasattr(shell, "get_parent"):
        return None
    cell = shell.get_parent().get("metadata", {}).get("cellId")
    return cell or getattr(function, "__qualname__", None), shell.execution_count


def means_another(old: tuple[Any, Any] | None, new: tuple[Any, Any] | None) -> bool:
    """Whether two explorers of one name are two on a page: made in one run of a cell, or in different cells."""
    return old is not None and new is not None and (old[1] == new[1] or old[0] != new[0])
