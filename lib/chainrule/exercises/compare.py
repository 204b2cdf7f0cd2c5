"""Is the reader's answer the right one, and if not, how does it differ? Also: is there an answer at all?"""

import dis
from dataclasses import dataclass, field
from typing import Any

import numpy as np

NOTHING_DONE = {"RESUME", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST", "NOP", "COPY_FREE_VARS", "CACHE"}


def is_blank(answer: Any) -> bool:
    """True for a stub: `...`, None, NotImplemented, a function whose body is `...`, a class of such methods."""
    if answer is ... or answer is None or answer is NotImplemented:
        return True
    if isinstance(answer, (tuple, list)):
        return any(map(is_blank, answer))
    if isinstance(answer, type):
        methods = [m for m in vars(answer).values() if hasattr(m, "__code__")]
        return bool(methods) and all(map(is_blank, methods))
    code = getattr(answer, "__code__", None)
    if code is None:
        return False
    constants = {c for c in code.co_consts if c is not None and c is not ...} - {answer.__doc__}
    return not constants and all(op.opname in NOTHING_DONE for op in dis.get_instructions(code))


@dataclass(frozen=True)
class Raised:
    """An answer that raised instead of returning; two such are the same if the error is of one type."""

    name: str
    text: str = field(compare=False)


def same(a: Any, b: Any) -> bool:
    """Equal as an answer: numbers to rounding, arrays with their shapes, words without case."""
    if isinstance(a, str) and isinstance(b, str):
        return a.strip().casefold() == b.strip().casefold()
    if isinstance(a, (tuple, list)) and isinstance(b, (tuple, list)):
        return len(a) == len(b) and all(map(same, a, b))
    if _is_number(a) and _is_number(b):
        return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=1e-5, atol=1e-8, equal_nan=True))
    if _is_truth(a) and _is_truth(b):
        return np.array_equal(a, b)
    return type(a) is type(b) and bool(np.all(a == b))


def _is_number(a: Any) -> bool:
    return isinstance(a, (int, float, np.ndarray, np.generic)) and np.asarray(a).dtype.kind in "iuf"


def _is_truth(a: Any) -> bool:
    return isinstance(a, (bool, np.ndarray, np.generic)) and np.asarray(a).dtype.kind == "b"


def describe_difference(wanted: Any, came: Any, reveal: bool = True) -> str:
    """One or two sentences on how an answer misses; with reveal=False they do not say what was wanted."""
    if isinstance(came, Raised):
        return f"your answer raised {came.name}: {came.text}"
    if came is None:
        return "your function returned nothing: is there a `return`?"
    if _is_number(wanted) and _is_number(came) and np.shape(wanted) != np.shape(came):
        return f"the answer has shape {np.shape(wanted)}, yours has shape {np.shape(came)}."
    if reveal:
        return f"the answer is {show(wanted)}, yours is {show(came)}."
    if not (_is_number(wanted) and _is_number(came)):
        return f"yours is {show(came)}" + (
            "." if _is_truth(wanted) and _is_truth(came) else f", the answer is {_kind(wanted)}."
        )
    if np.ndim(wanted):
        return f"yours, {show(came)}, differs in {np.sum(~np.isclose(wanted, came))} of {np.size(wanted)} entries."
    return f"yours, {show(came)}, is too {'large' if came > wanted else 'small'}."


def _kind(value: Any) -> str:
    return "a number" if _is_number(value) else "True or False" if _is_truth(value) else f"a {type(value).__name__}"


def show(value: Any) -> str:
    """A short, exact picture of a value, the same on every machine."""
    if isinstance(value, (tuple, list)):
        return "(" + ", ".join(map(show, value)) + ")"
    if isinstance(value, np.ndarray) and value.size > 20:
        return f"an array of shape {value.shape}"
    if _is_number(value) or _is_truth(value):
        return (
            "`"
            + np.array2string(np.asarray(value), precision=4, suppress_small=True, separator=", ").replace("\n", "")
            + "`"
        )
    return f"`{value!r}`" if isinstance(value, (str, dict, set)) else f"a {type(value).__name__}"
