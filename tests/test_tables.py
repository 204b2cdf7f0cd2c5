"""A table writes each kind of value as a reader wants it, in Markdown and as text, and refuses what cannot be read."""

import numpy as np
import pytest

from chainrule.tables import power_of_ten, table

ROWS = [
    {"seed": 0, "accuracy": 0.98125, "steps": np.int64(12_000), "learnt": np.bool_(True), "note": None},
    {"seed": 1, "accuracy": np.float32(1), "steps": 5, "learnt": False, "note": "late"},
]


def test_a_table_in_markdown() -> None:
    assert table(ROWS)._repr_markdown_().splitlines() == [
        "| seed | accuracy | steps | learnt | note |",
        "| ---: | ---: | ---: | :--- | :--- |",
        "| 0 | 0.981 | 12,000 | yes | – |",
        "| 1 | 1 | 5 | no | late |",
    ]


@pytest.mark.parametrize(
    "column", [[None, 1.5], ["2", "11/4"], ["42.5%", "3 %"], ["10⁶⁴", power_of_ten(3e-9)], [float("nan"), -1.0]]
)
def test_a_column_of_numbers_is_set_to_the_right(column) -> None:
    assert table([{"value": value} for value in column])._repr_markdown_().splitlines()[1] == "| ---: |"


@pytest.mark.parametrize(
    "column", [[None, None], ["7", "hello"], ["2-3-1", "4"], ["10 layers", "2"], ["inf, 3", "1"], ["yes"]]
)
def test_any_other_column_to_the_left(column) -> None:
    assert table([{"value": value} for value in column])._repr_markdown_().splitlines()[1] == "| :--- |"


def test_zero_has_no_sign() -> None:
    assert table([{"gain": -0.0}]).rows == [["0"]]


def test_powers_of_ten_are_for_the_very_large_and_the_very_small() -> None:
    values = [1.63, 16.3, 163.0, -1630.0, 16300.0, 999_400.0, 1_234_000.0, 0.0000163]
    written = [row[0] for row in table([{"loss": value} for value in values], digits=3).rows]
    assert written == ["1.63", "16.3", "163", "-1,630", "16,300", "999,000", "1.23e+06", "1.63e-05"]


def test_a_number_in_a_sentence_is_a_digit_and_a_power() -> None:
    assert [power_of_ten(v) for v in (3.2e-9, 1.6e-10, 4e12, 0.002)] == [
        "3\u00a0·\u00a010⁻⁹",
        "2\u00a0·\u00a010⁻¹⁰",
        "4\u00a0·\u00a010¹²",
        "2\u00a0·\u00a010⁻³",
    ]


def test_a_table_as_text_has_straight_columns() -> None:
    lines = repr(table(ROWS, digits=4)).splitlines()
    assert lines[1].split() == ["0", "0.9812", "12,000", "yes", "–"]
    assert len({line.index(word) for line, word in zip(lines, ["steps", "12,000", "5"], strict=True)}) == 1


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "at least one row"),
        ([{"seed": 0}, {"epoch": 0}], r"row 1 of the table has columns \['epoch'\], the first has \['seed'\]"),
        ([{"": "before", "loss": 1.0}], r"every column of a table needs a name, got \['', 'loss'\]"),
    ],
)
def test_what_cannot_be_read_is_refused(rows, message) -> None:
    with pytest.raises(ValueError, match=message):
        table(rows)
