import hashlib
import re
import zlib

import checks_data
import numpy as np
import pytest
from helpers import rng

import chainrule.data.text
from chainrule.data import Characters, corpus, cut, windows

AB = Characters("ab")


def test_check():
    checks_data.text_by_hand(chainrule.data.text)


def test_the_corpus_is_there_and_every_character_has_an_id():
    text = corpus()
    characters = Characters(text)
    ids = characters.encode(text)
    assert len(text) > 10_000 and len(ids) == len(text) and ids.max() == len(characters) - 1
    assert characters.decode(ids) == text and text == corpus() and "\r" not in text


def test_the_corpus_is_frozen_prose_that_does_not_repeat_itself():
    text = corpus()
    assert hashlib.sha256(text.encode()).hexdigest().startswith("50dc6a87f259bf07")  # the numbers on the pages are its
    assert len(text) == 244_663 and len(set(text)) == 63
    sentences = [re.sub(r"\W+", " ", part).strip().lower() for part in re.split(r"[.!?]", text)]
    long = [sentence for sentence in sentences if len(sentence.split()) >= 4]
    assert len(long) == len(set(long)) == 3_283
    assert 2.2 < len(text) / len(zlib.compress(text.encode(), 9)) < 2.8  # as prose does; templates reach far more


def test_what_is_cut_is_whole():
    text = "".join(chr(97 + i) for i in rng().integers(0, 26, 1001))
    parts = cut(text)
    assert "".join(parts) == text and [len(part) for part in parts] == [801, 100, 100]
    array = rng().normal(0, 1, (20, 3))
    assert np.array_equal(np.concatenate(cut(array, 0.25, 0.5)), array)
    assert [len(part) for part in cut(range(3), 0.3, 0.3)] == [1, 1, 1]


def test_windows_are_copies():
    ids = np.arange(9)
    x, target = windows(ids, 2)
    x[...], target[...] = 7, 7
    assert np.array_equal(ids, np.arange(9)) and x.dtype == target.dtype == ids.dtype


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Characters(""), "Characters takes a text with at least one character, got ''"),
        (lambda: Characters(["a"]), r"Characters takes a text with at least one character, got \['a'\]"),
        (lambda: AB.encode("abc"), "Characters knows 2 characters; 'c' at 2 is not among them"),
        (lambda: AB.encode("A"), "'A' at 0 is not among them"),
        (lambda: AB.decode(np.array([0, 2])), "Characters decodes ids 0 to 1, got 0 to 2"),
        (lambda: AB.decode(np.array([-1])), "Characters decodes ids 0 to 1, got -1 to -1"),
        (lambda: AB.decode(np.array([0.5])), "Characters decodes integer ids, got float64"),
        (lambda: cut("abc", 0.5, 0.6), "three parts; 3 items would be cut into 0, 2 and 2"),
        (lambda: cut("abcd"), "three parts; 4 items would be cut into 4, 0 and 0"),
        (lambda: cut("abcd", test=0), r"test takes a number in \(0, 1\), got 0"),
        (lambda: cut("abcd", validation=1), r"validation takes a number in \(0, 1\), got 1"),
        (lambda: windows(np.arange(4), 4), r"windows of 4 take a sequence of more than 4 ids, got \(4,\)"),
        (lambda: windows(np.ones((4, 2)), 1), r"more than 1 ids, got \(4, 2\)"),
        (lambda: windows(np.arange(4), 0), "T takes a positive integer, got 0"),
        (lambda: windows(np.arange(4), 2, step=0), "step takes a positive integer, got 0"),
    ],
)
def test_wrong_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()
