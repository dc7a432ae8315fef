"""Text that could be run, or could drive a terminal, is made harmless; everything else stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.formulas import neutralise, restore
from auditor.publish.cells import one_line


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+49",
        "-5 °C",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "  =1",
        "\u00a0=1",
        "\u3000＝1",
        "＋1",
        "－1",
        "＠x",
        "\ufeff=1",
        "−1",
    ],
)
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert neutralise(text) == "'" + text


@pytest.mark.parametrize("text", ["", "Mug", "000123", "1-2", "a=b", "マグ", '"quoted"', "'tis a mug", "{}", "#1"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert neutralise(text) == text


@given(st.text(alphabet="'=+-@ \t\rab＝", max_size=6) | st.text())
def test_neutralising_can_be_undone_exactly(text: str) -> None:
    assert restore(neutralise(text)) == text


@given(st.text())
def test_a_line_for_the_terminal_has_no_control_characters_and_no_direction_marks(text: str) -> None:
    line = one_line("\x1b[31m\u202e" + text + "\x9b\u2028\n")
    assert line.isprintable() or all(ch.isprintable() or ch.isspace() or ord(ch) > 0xAC for ch in line)
    assert not set(line) & {"\x1b", "\u202e", "\n", "\r", "\u2028", "\x9b"}


def test_a_line_for_the_terminal_keeps_its_words() -> None:
    assert one_line("Becher\r\nmit  Umbruch") == "Becher mit Umbruch"
