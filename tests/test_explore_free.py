"""Free controls: numbers, texts and drawings that the reader of a live kernel sets to anything."""

import numpy as np
import pytest
from an_explorer import made

from chainrule.explore import drawing, number, text

STROKE, EMPTY = np.array([[0.0, 1.0, 0.2], [0.0, 0.8, 0.0]]), np.zeros((2, 3))
LINES = {"depth": None, "rate": None}


def drawn():
    """An explorer that adds up the ink of a drawing."""
    return made(
        **LINES,
        edit={"picture": drawing({"a stroke": STROKE, "empty": EMPTY})},
        start={"picture": "a stroke"},
        compute=lambda picture: picture.sum(keepdims=True),
        draw=lambda fig, result, picture: fig.subplots().imshow(picture),
        describe=lambda result, picture: f"{picture.shape} holds {result.item():.1f}.",
    )


def typed():
    """An explorer that counts letters and refuses digits."""

    def compute(sentence):
        if any(letter.isdigit() for letter in sentence):
            raise ValueError(f"letters only, got {sentence!r}")
        return np.full(3, len(sentence))

    return made(
        **LINES,
        name="letters",
        edit={"sentence": text(["a cat", "two cats"])},
        compute=compute,
        draw=lambda fig, result, sentence: fig.subplots().plot(result),
        describe=lambda result, sentence: f"{result[0]} letters in {sentence}.",
    )


def test_a_number_takes_any_step_in_a_live_kernel():
    live = made(depth=None, edit={"depth": number(-3, 3, 0.1, [1, 2])}).live
    live.panel.inputs["depth"].value = 1.7
    assert "0.34" in live.panel.says.value


def test_a_text_is_computed_as_typed_and_an_error_leaves_it_usable():
    live = typed().live
    field = live.panel.inputs["sentence"]
    assert field.value == "two cats" and "8 letters in two cats." in live.panel.says.value
    field.value = "no cat at all"
    assert "13 letters in no cat at all." in live.panel.says.value
    field.value = "7 cats"
    assert "At sentence = 7 cats: ValueError: letters only" in live.panel.says.value
    live.panel.reset.click()
    assert "8 letters" in live.panel.says.value


def test_a_press_puts_ink_on_a_pixel_and_the_next_takes_it_off():
    live = drawn().live
    canvas = live.panel.inputs["picture"]
    pixels = [pixel.style.button_color for pixel in canvas.pixels]
    assert pixels == [f"rgb({s}, {s}, {s})" for s in (0, 255, 51, 0, 204, 0)]  # in steps of 17
    assert canvas.pixels[4].tooltip == "row 2, column 2"
    for pixel, ink in ((0, "3.0"), (2, "3.8"), (2, "2.8"), (4, "2.0"), (4, "3.0"), (0, "2.0")):
        canvas.pixels[pixel].click()
        assert f"(2, 3) holds {ink}." in live.panel.says.value
    assert canvas.value == "a stroke\n-2\n+4\n-0"
    live.panel.pin.value = True
    assert "Pinned at picture = a stroke, edited." in live.panel.pictures.children[0].children[1].value
    live.panel.reset.click()
    assert canvas.value == "a stroke" and [pixel.style.button_color for pixel in canvas.pixels] == pixels


def test_an_example_may_be_named_like_a_touch():
    assert drawing({"+3": STROKE, "empty": EMPTY}).touch("+3", 3) == "+3\n+3"


def test_another_drawing_to_begin_with_forgets_what_was_touched():
    live = drawn().live
    canvas = live.panel.inputs["picture"]
    canvas.pixels[0].click()
    canvas.choice.value = "empty"
    assert canvas.value == "empty" and "holds 0.0." in live.panel.says.value
    canvas.pixels[5].click()
    assert "holds 1.0." in live.panel.says.value
    canvas.value = "a stroke\n+0"
    assert canvas.choice.value == "a stroke" and "holds 3.0." in live.panel.says.value
    assert STROKE.sum() == 2.0 and not EMPTY.any(), "the examples stay as they are"


def test_the_website_offers_the_examples(monkeypatch):
    monkeypatch.setenv("CHAINRULE_STATIC", "1")
    monkeypatch.setattr("chainrule.explore._explorers", {})
    html = drawn()._repr_mimebundle_()["text/html"]
    assert "<span>a stroke</span>" in html and "<span>empty</span>" in html
    assert "(2, 3) holds 2.0." in html and "(2, 3) holds 0.0." in html
    assert "5 letters in a cat." in typed()._repr_mimebundle_()["text/html"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: number(1, 0, 0.1, [0]), "lo < hi"),
        (lambda: number(0, 1, 0, [0]), "0 < step"),
        (lambda: number(0, 1, 0.1, [2]), r"examples between 0 and 1, got \[2\]"),
        (lambda: text("a cat"), "list of texts as examples, got 'a cat'"),
        (lambda: text(["a", 3]), r"got \[3\]"),
        (lambda: drawing({"a": EMPTY, "b": EMPTY.T}), r"one size.*\[\(2, 3\), \(3, 2\)\]"),
        (lambda: drawing({"a": np.zeros((17, 2))}), r"up to 16 × 16; got shapes \[\(17, 2\)\]"),
        (lambda: drawing({"a": np.zeros(4)}), r"got shapes \[\(4,\)\]"),
        (lambda: drawing({}), r"got shapes \[\]"),
        (lambda: drawing({"a": EMPTY, "b": EMPTY - 1}), r"within \[0, 1\].*\['b'\]"),
        (lambda: drawing({"a": EMPTY * np.nan}), r"within \[0, 1\]"),
        (lambda: drawing({"a\nb": EMPTY}), "names of one line"),
    ],
)
def test_unfit_free_controls_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_text_and_a_canvas_say_beforehand_that_an_answer_may_wait():
    for explorer, hint in ((typed(), "Press Enter"), (drawn(), "Press a pixel")):
        beside = explorer.live.panel.box.children[0].children[1]
        assert hint in beside.value and "waits while another cell runs" in beside.value
