"""What the check of an exercise says to stubs, right answers, foreseen mistakes and the unforeseen."""

import numpy as np
import pytest
from made_exercises import count, gradient, lora

from chainrule.exercises.compare import is_blank, same, show
from chainrule.exercises.exercise import Exercise


def stub_with_docstring(x, dy):
    """What it should do."""


def stub_scaffold(x, dy):
    total = x.sum()  # noqa: F841
    return ...


def stub_not_implemented(x, dy):
    raise NotImplementedError


class StubLayer:
    def forward(self, x):
        """The forward pass."""
        ...


@pytest.mark.parametrize(
    "stub",
    [
        ..., None, NotImplemented, (..., 3), lambda x, dy: ..., stub_with_docstring, stub_scaffold,
        stub_not_implemented, StubLayer,
    ],
)  # fmt: skip
def test_a_stub_is_not_attempted(stub):
    assert gradient.check(stub).status == "not attempted"
    assert repr(gradient.check(stub)) == "Not attempted yet."


@pytest.mark.parametrize(
    "answer",
    [0, "", False, [], np.zeros(3), lambda x, dy: 1, lambda x, dy: x, lambda x, dy: None if len(x) else 3],
)
def test_an_answer_is_not_taken_for_a_stub(answer):
    assert not is_blank(answer)


def forgot_return(x, dy):
    x.T @ dy


def writes_into_x(x, dy):
    x[...] = 0
    return x.T @ dy


@pytest.mark.parametrize(
    ("exercise", "answer", "wanted"),
    [
        (gradient, forgot_return, "For x = `[[1., 2.], [3., 4.], [5., 6.]]`, dy = `[[1.], [0.], [2.]]` your func"),
        (gradient, lambda x, dy: -(x.T @ dy), "the answer is `[[11.], [14.]]`, yours is `[[-11.], [-14.]]`."),
        (gradient, lambda x, dy: (x.T @ dy)[:, 0], "the answer has shape (2, 1), yours has shape (2,)."),
        (gradient, lambda x, dy: 1 / 0, "your answer raised ZeroDivisionError: division by zero"),
        (gradient, lambda x: x, "your answer raised TypeError"),
        (gradient, 3, "The answer is a function; yours is `3`."),
        (gradient, writes_into_x, "the answer is `[[11.], [14.]]`, yours is `[[0.], [0.]]`."),
        (lora, "explodes", "answer is one of `'never moves'`, `'trains'`, `'trains slowly'`; yours is `'explodes'`."),
        (count, 20, "Yours, `20`, is too large."),
        (count, "16", "Yours is `'16'`, the answer is a number."),
        (count, True, "Yours is `True`, the answer is a number."),
        (count, np.ones(2), "The answer has shape (), yours has shape (2,)."),
    ],
)  # fmt: skip
def test_an_unforeseen_answer_gets_an_account_of_itself(exercise, answer, wanted):
    verdict = exercise.check(answer)
    assert verdict.status == "wrong"
    assert verdict.text.startswith(exercise.ask)
    assert wanted in verdict.text


def test_a_wrong_value_does_not_give_the_answer_away():
    for wrong in (15, 17, -3, 1e9, "x", None or np.zeros((2, 2))):
        assert "16" not in count.check(wrong).text


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (gradient, lambda x, dy: np.einsum("ni,no->io", x, dy)),
        (gradient, lambda x, dy: (x.T @ dy).astype(np.float32)),
        (lora, "  Never moves "),
        (count, 16.0),
        (count, np.int64(16)),
    ],
)
def test_right_answers_in_other_words(exercise, answer):
    assert exercise.check(answer).status == "right"
    assert exercise.check(answer).text == exercise.right


def test_observe_judges_a_property_instead_of_a_value():
    trains = Exercise(
        ask="Give a rate at which w ← w − η w converges.",
        difficulty="easy",
        minutes=1,
        hints=("By which factor does a step multiply w?",),
        answer=0.5,
        right="0 < η < 2.",
        mistakes={"too fast": (2.5, "Follow w for two steps: what is |w| afterwards?")},
        observe=lambda rate: bool(abs(1 - rate) < 1),
    )
    assert [trains.check(r).status for r in (0.1, 1.9, 2.0, 2.5, "fast", ...)] == [
        "right", "right", "hint", "hint", "wrong", "not attempted"
    ]  # fmt: skip
    assert "TypeError" in trains.check("fast").text


def back_of(f, x, dy):
    return f(x)[1](dy)


@pytest.mark.parametrize(
    ("observe", "wanted"),
    [
        (back_of, "For x = `3`, dy = `2` the answer is `12`, yours is `6`."),
        (lambda f, x, arriving: back_of(f, x, arriving), "For x = `3`, arriving = `2` the answer is"),
        (lambda f, x, *others: back_of(f, x, *others), "For (`3`, `2`) the answer is"),
    ],
)
def test_observe_names_the_arguments_of_its_cases(observe, wanted):
    square = Exercise(
        ask="Write square(a).",
        difficulty="easy",
        minutes=1,
        hints=("a stands there twice.",),
        answer=lambda a, unused=None: (a * a, lambda dy: 2 * a * dy),
        right="d(a²) = 2 a da.",
        cases=[(3, 2)],
        observe=observe,
    )
    assert wanted in square.check(lambda a: (a * a, lambda dy: a * dy)).text


def test_observe_names_the_arguments_where_the_answer_is_a_value():
    rate = Exercise(
        ask="Which rate?", difficulty="easy", minutes=1, hints=("Less than one.",), answer=0.5, right="Yes.",
        cases=[(4.0,)],
        observe=lambda rate, curvature: rate * curvature,
    )  # fmt: skip
    assert "For curvature = `4.` the answer is `2.`, yours is `4.`." in rate.check(1.0).text


def test_feedback_is_read_out_and_safe():
    html = count.check("<b>`x`</b>")._repr_html_()
    assert html.startswith('<div class="exercise-feedback wrong"><p role="status">')
    assert "<b>" not in html
    assert "style=" not in html
    assert "<strong>Not yet.</strong>" in html
    assert "<code>" in lora.check("x")._repr_html_()
    assert gradient.check(...)._repr_html_().count("<strong>") == 0
    assert repr(lora.check("trains")) == "Not yet. At the first step, what is the gradient of B?"


def test_the_same_answer_always_gets_the_same_words():
    def answer(x, dy):
        return object()

    assert gradient.check(answer) == gradient.check(answer)
    assert "0x" not in gradient.check(answer).text


@pytest.mark.parametrize(
    ("a", "b", "alike"),
    [
        (1, 1.0 + 1e-9, True), (1, 1.001, False), (True, 1, False), (np.True_, True, True), ("a ", "A", True),
        ("a", 1, False),
        (np.ones(2), np.ones((2, 1)), False), (np.ones(3, bool), np.ones(3, bool), True), ((1, "a"), [1, "A"], True),
        ((1,), (1, 2), False), (np.nan, np.nan, True), ({"a": 1}, {"a": 1}, True), (None, None, True),
        (np.ones(2) > 0, True, False),
    ],
)  # fmt: skip
def test_same(a, b, alike):
    assert same(a, b) is alike


def test_show_is_short_and_exact():
    assert show(np.array([[0.123456, 2]])) == "`[[0.1235, 2.    ]]`"
    assert show(np.zeros((30, 2))) == "an array of shape (30, 2)"
    assert show((1, "a")) == "(`1`, `'a'`)"


def test_a_badly_made_exercise_is_refused():
    with pytest.raises(ValueError, match="easy, medium or hard, got 'tough'"):
        Exercise(**{**vars(count), "difficulty": "tough"})
    for hints in ((), ("a", "b", "c", "d"), ("a", " "), ["a"], "a sentence without its comma"):
        with pytest.raises(ValueError, match=r"one to 3 sentences in a tuple, got .*: How many numbers"):
            Exercise(**{**vars(count), "hints": hints})
    with pytest.raises(ValueError, match="needs cases"):
        Exercise(**{**vars(gradient), "cases": ()})
