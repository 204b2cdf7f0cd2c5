"""An exercise knows the answer, the mistakes that readers make, and what to say about each.

An answer is a value (a prediction, a number, an array) or a function, which is then judged by what it returns for a
few small cases. A mistake is recognised by behaviour: an answer that gives what a listed mistake gives, for every case,
gets the hint that was written for it. Any other wrong answer gets an account of what came and what should have come.
Until the answer is right, the verdict also holds the exercise's own hints, folded.
"""

import copy
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chainrule.exercises.compare import Raised, describe_difference, is_blank, same, show
from chainrule.exercises.feedback import MOST_HINTS, Feedback


@dataclass(frozen=True)
class Exercise:
    """A question with its answer and the mistakes foreseen.

    ask         the question in one sentence
    difficulty  "easy", "medium" or "hard"
    minutes     what a reader should expect to spend
    hints       one to three steps for a reader without an idea: each reveals a little more, and none the answer
    answer      the right value or function
    right       what is said when the answer is right: why it is
    mistakes    {"what was confused": (the wrong value or function, the hint for it)}
    cases       the arguments of each trial call, where the answer is a function; feedback names them as observe's
                parameters after the first, or else as the answer's
    observe     (answer, *case) → what is compared; by default the answer itself, or what it returns
    """

    ask: str
    difficulty: str
    minutes: int
    hints: tuple[str, ...]
    answer: Any
    right: str
    mistakes: Mapping[str, tuple[Any, str]] = field(default_factory=dict)
    cases: Sequence[tuple] = ()
    observe: Callable[..., Any] | None = None

    def __post_init__(self) -> None:
        if self.difficulty not in ("easy", "medium", "hard"):
            raise ValueError(f"difficulty is easy, medium or hard, got {self.difficulty!r}")
        hinted = isinstance(self.hints, tuple) and all(isinstance(h, str) and h.strip() for h in self.hints)
        if not (hinted and 1 <= len(self.hints) <= MOST_HINTS):
            raise ValueError(f"hints are one to {MOST_HINTS} sentences in a tuple, got {self.hints!r}: {self.ask}")
        if callable(self.answer) and not self.cases and self.observe is None:
            raise ValueError(f"an answer that is a function needs cases to try it on: {self.ask}")

    def check(self, answer: Any) -> Feedback:
        """Judge an answer. Never raises for what the reader wrote: an error in it is reported."""
        if is_blank(answer):
            return Feedback("not attempted", "Not attempted yet.", self.hints)
        if callable(self.answer) and not callable(answer):
            return Feedback("wrong", f"{self.ask} The answer is a function; yours is {show(answer)}.", self.hints)
        got = self._outcomes(answer)
        if any(is_blank(outcome) and outcome is not None for outcome in got):  # a scaffold with `...` left in it
            return Feedback("not attempted", "Not attempted yet.", self.hints)
        expected = self._outcomes(self.answer)
        if all(map(same, got, expected)):
            return Feedback("right", self.right)
        for mistake, hint in self.mistakes.values():
            if all(map(same, got, self._outcomes(mistake))):
                return Feedback("hint", hint, self.hints)
        case, wanted, came = next(t for t in zip(self._trials, expected, got, strict=True) if not same(t[2], t[1]))
        return Feedback("wrong", f"{self.ask} {self.account(case, wanted, came)}", self.hints)

    def account(self, case: tuple, wanted: Any, came: Any) -> str:
        """What was asked for and what came, for the first case that shows the difference."""
        if self.cases:
            given = [f"{name} = {show(value)}" for name, value in zip(self._names(case), case, strict=False)]
            return f"For {', '.join(given) or show(case)} {describe_difference(wanted, came)}"
        text = self.without_giving_away(wanted, came)
        return text[0].upper() + text[1:]

    def _names(self, case: tuple) -> list[str]:
        """What the arguments of a case are called, by observe or else by the answer; empty where one has no name."""
        called, skipped = (self.answer, 0) if self.observe is None else (self.observe, 1)
        parameters = inspect.signature(called).parameters.values() if callable(called) else ()
        names = [p.name for p in parameters if p.kind is not p.VAR_POSITIONAL][skipped:]
        return names if len(names) >= len(case) else []

    def without_giving_away(self, wanted: Any, came: Any) -> str:
        """What can be said of a wrong value while the question stays open."""
        if isinstance(wanted, str):
            options = sorted({wanted, *(a for a, _ in self.mistakes.values() if isinstance(a, str))})
            return f"The answer is one of {', '.join(map(show, options))}; yours is {show(came)}."
        return describe_difference(wanted, came, reveal=False)

    @property
    def _trials(self) -> Sequence[tuple]:
        return self.cases or ((),)

    def _outcomes(self, answer: Any) -> list:
        return [self._observed(answer, case) for case in self._trials]

    def _observed(self, answer: Any, case: tuple) -> Any:
        case = copy.deepcopy(case)  # an answer that writes into its arguments spoils only its own
        try:
            if self.observe is not None:
                return self.observe(answer, *case)
            return answer(*case) if callable(answer) else answer
        except NotImplementedError:
            return NotImplemented
        except Exception as error:
            return Raised(type(error).__name__, str(error))
