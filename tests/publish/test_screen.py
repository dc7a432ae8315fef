"""The screen at the end of a run."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from auditor.model import Results
from auditor.publish.screen import summary_json, summary_screen
from auditor.publish.speech import speech_of

OUT = Path("audit-results")


def _screen(results: Results, width: int = 80, *, terminal: bool = False) -> str:
    file = io.StringIO()
    summary_screen(results, OUT, Console(file=file, width=width, force_terminal=terminal), speech_of("en"))
    return file.getvalue()


def test_it_says_what_was_found_per_currency_and_never_adds_currencies(results: Results) -> None:
    text = _screen(results)
    assert "75.00 EUR  1 without a value" in text
    assert "75.00 USD" in text
    assert "2,500 JPY" in text
    assert "150" not in text


def test_it_names_the_five_nearest_safe_dates(results: Results) -> None:
    text = _screen(results)
    order = [text.index(f"f0000000000{number}") for number in (1, 2, 3, 4, 5)]
    assert order == sorted(order)
    assert "f00000000006" not in text


def test_it_says_what_could_not_be_concluded_and_which_export_is_missing(results: Results) -> None:
    text = " ".join(_screen(results).split())
    assert "returns are not covered. Export FBA customer returns from 2026-04-01 to 2026-06-30." in text
    assert "left out: 1 (rejects.csv)" in text
    assert "notes.txt" in text


def test_it_says_where_the_files_are(results: Results) -> None:
    text = _screen(results)
    assert "audit-results/summary.html" in text
    assert "audit-results/claims  2 drafts" in text


def test_it_fits_eighty_columns_and_one_screen(results: Results) -> None:
    lines = _screen(results).splitlines()
    assert max(cell_len(line) for line in lines) <= 80
    assert not [line for line in lines if line != line.rstrip()]


@pytest.mark.parametrize("width", [20, 40, 60, 200])
def test_ids_dates_and_amounts_are_never_cut(results: Results, width: int) -> None:
    text = _screen(results, width)
    for word in ("f00000000005", "2026-07-12", "25.00 USD", "2,500 JPY"):
        assert word in text


def test_it_is_plain_when_piped_and_under_no_color(results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in _screen(results)
    assert "\x1b[" in _screen(results, terminal=True)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[31m" not in _screen(results, terminal=True)
    assert ";31m" not in _screen(results, terminal=True)


def test_markup_in_names_is_text(results: Results) -> None:
    manifest = {**results.manifest, "account": "[red]acme[/red] :smile:", "warnings": ["[/] \x1b[2J"]}
    text = _screen(replace(results, manifest=manifest))
    assert "[red]acme[/red] :smile:" in text
    assert "\x1b" not in text


def test_finding_nothing_says_how_much_was_looked_at(empty: Results) -> None:
    assert "Nothing owed was found in 80 rows of 2 files." in _screen(empty)
    assert "File next" not in _screen(empty)


def test_the_json_says_the_same(results: Results) -> None:
    told = json.loads(json.dumps(summary_json(results)))
    euro = next(entry for entry in told["by_currency"] if entry["currency"] == "EUR")
    assert euro["open"] == {"findings": 4, "units": 8, "amount": "75.00", "without_value": 1}
    assert euro["within_7_days"]["amount"] == "25.00"
    assert euro["expired"]["amount"] == "25.00"
    unknown = next(entry for entry in told["by_currency"] if entry["currency"] == "")
    assert unknown["open"]["amount"] == ""
    assert [finding["finding_id"][-1] for finding in told["file_next"]] == list("12345")
    assert told["totals"] == results.manifest["totals"]
