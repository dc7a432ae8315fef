"""The workbook, read back with another library."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from auditor.model import Finding, Results
from auditor.publish import sheets, workbook
from auditor.publish.workbook import workbook_bytes


def _sheet(content: bytes, name: str) -> list[dict[str, Any]]:
    header, *rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(name).to_python()
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_it_has_the_promised_sheets(results: Results) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook_bytes(results)))
    assert book.sheet_names == ["Findings", "Deadlines", "Evidence", "Not claimed", "Data"]


def test_dates_are_dates_numbers_are_numbers_and_identifiers_are_text(results: Results) -> None:
    row = _sheet(workbook_bytes(results), "Findings")[0]
    assert row["claim by"] == date(2026, 7, 3)
    assert row["amount"] == 25.0
    assert row["units"] == 2
    assert row["msku"] == "0001"


def test_unknown_values_are_blank(results: Results) -> None:
    rows = _sheet(workbook_bytes(results), "Findings")
    assert rows[6]["amount"] == ""
    assert rows[9]["claim by"] == ""


def test_no_cell_holds_a_formula_or_a_link(results: Results) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook_bytes(results))) as book:
        text = {name: book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/")}
    assert len(text) == 5
    assert not [name for name, xml in text.items() if "<f>" in xml or "<hyperlink" in xml]


def test_hostile_titles_stand_there_as_neutral_text(results: Results) -> None:
    titles = [row["title"] for row in _sheet(workbook_bytes(results), "Findings")]
    assert titles[0] == "'" + results.findings[0].title
    assert titles[7] == results.findings[7].title


def test_money_is_shown_with_the_digits_of_its_currency(results: Results) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook_bytes(results))) as book:
        styles = book.read("xl/styles.xml").decode()
    # #,##0.00 and #,##0 are the built-in formats 4 and 3
    assert 'numFmtId="4"' in styles or "#,##0.00" in styles
    assert 'numFmtId="3"' in styles or '"#,##0"' in styles


def test_urgency_is_said_in_words(results: Results) -> None:
    words = [row["urgency"] for row in _sheet(workbook_bytes(results), "Findings")]
    assert words[:4] == ["within 7 days", "within 7 days", "within 14 days", "within 14 days"]
    assert words[5:10] == ["within 30 days", "later", "waiting", "expired", "no known last day"]


def test_deadlines_hold_what_can_be_filed_the_nearest_first(results: Results) -> None:
    rows = _sheet(workbook_bytes(results), "Deadlines")
    assert [row["safe by"] for row in rows] == sorted(row["safe by"] for row in rows)
    assert {row["status"] for row in rows} == {"open", "waiting"}
    assert rows[0]["draft"] == "claims/2026-07-03_warehouse_lost_f00000000001.md"


def test_data_says_what_was_read_and_what_is_missing(results: Results) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook_bytes(results)))
    cells = [cell for row in book.get_sheet_by_name("Data").to_python() for cell in row]
    for told in ("台帳.txt", "2026-02-01 to 2026-02-20", "returns are not covered", "notes.txt", 38.0):
        assert told in cells


def test_results_without_findings_still_make_a_workbook(empty: Results) -> None:
    assert _sheet(workbook_bytes(empty), "Findings") == []


def test_the_way_for_very_long_results_gives_the_same_cells(results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    short = workbook_bytes(results)
    monkeypatch.setattr(workbook, "_ROWS_IN_MEMORY", 1)
    long = workbook_bytes(results)
    assert long == workbook_bytes(results)
    for name in ("Findings", "Evidence", "Not claimed"):
        assert _sheet(long, name) == _sheet(short, name)


def test_rows_beyond_the_limit_are_cut_with_a_note(
    results: Results, make_finding: Callable[..., Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "MAX_ROWS", 10)
    many = replace(results, findings=tuple(make_finding(n) for n in range(20)))
    rows = _sheet(workbook_bytes(many), "Findings")
    assert len(rows) == 9
    assert rows[-1]["urgency"].startswith("12 more rows do not fit")


def test_a_text_too_long_for_a_cell_is_cut_visibly(results: Results, make_finding: Callable[..., Finding]) -> None:
    long = replace(results, findings=(make_finding(1, title="x" * 40_000),))
    title = _sheet(workbook_bytes(long), "Findings")[0]["title"]
    assert len(title) == sheets.MAX_TEXT
    assert title.endswith("…")


def test_it_was_made_on_the_as_of_date(results: Results) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook_bytes(results))) as book:
        assert "2026-06-30T00:00:00Z" in book.read("docProps/core.xml").decode()
        assert {entry.date_time[0] for entry in book.infolist()} == {1980}


def test_a_long_workbook_has_the_same_bytes_whatever_the_access_rights_of_new_files(
    results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "_ROWS_IN_MEMORY", 1)
    made = []
    for mask in (0o077, 0o002):
        before = os.umask(mask)
        try:
            made.append(workbook_bytes(results))
        finally:
            os.umask(before)
    assert made[0] == made[1]
