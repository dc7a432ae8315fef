"""Exports saved as workbooks: what a spreadsheet does to them, and what of it can be undone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from auditor.exports import Reading, find_sources, read, rows_at
from auditor.exports import workbook_limits as limits

from .conftest import LEDGER_16, Desk, ledger_row, rows

HEADER = LEDGER_16.split("\t")
DATE, REFERENCE, QUANTITY, TIMED = (
    HEADER.index(name) for name in ("Date", "Reference ID", "Quantity", "Date and Time")
)
Cells = Iterable[Iterable[object]]


def book(*sheets: Cells, **options: object) -> bytes:
    """A workbook whose sheets hold these rows from their first row on; datetimes become formatted days."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **options}) as workbook:
        days = workbook.add_format({"num_format": "mm/dd/yyyy"})
        for cells in sheets:
            sheet = workbook.add_worksheet()
            for r, row in enumerate(cells):
                for c, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(r, c, cell, days)
                    elif isinstance(cell, str):
                        sheet.write_string(r, c, cell)
                    elif cell is not None:
                        sheet.write(r, c, cell)
    return buffer.getvalue()


def event(**cells: object) -> list[object]:
    """A ledger row as Excel keeps it: numbers are numbers."""
    row: list[object] = list(ledger_row().split("\t"))
    row[QUANTITY] = -1
    for name, value in cells.items():
        row[{"day": DATE, "ref": REFERENCE, "timed": TIMED}[name]] = value
    return row


def test_a_workbook_reads_like_the_text_it_was_opened_from(desk: Desk) -> None:
    plain = [ledger_row(), ledger_row(qty="-3", title="Größe ™ 靴", date="07/17/2026")]
    as_text = desk.rows("\n".join([LEDGER_16, *plain, ""]))
    cells = [row.split("\t") for row in plain]
    as_book = desk.rows(book([HEADER, *([*row[:QUANTITY], int(row[QUANTITY]), *row[QUANTITY + 1 :]] for row in cells)]))
    assert as_book == as_text


def test_days_come_back_from_cells_and_from_bare_serial_numbers(desk: Desk) -> None:
    loaded = desk.rows(
        book([HEADER, event(day=datetime(2026, 7, 16, 13, 45)), event(day=46219), event(day=46219.5), event()])  # noqa: DTZ001
    )
    assert [r["date"] for r in loaded] == [date(2026, 7, 16)] * 4


def test_serial_numbers_of_a_workbook_that_counts_from_1904_are_days_of_its_own(desk: Desk) -> None:
    def days(base: str) -> list[date]:
        plain = book([HEADER, event(day=44757)], [])
        changed = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(changed, "w") as new:
            for name in old.namelist():
                content = old.read(name)
                new.writestr(name, content.replace(b"<workbookPr ", b"<workbookPr " + base.encode()))
        return [r["date"] for r in desk.rows(changed.getvalue())]

    assert days("") == [date(2022, 7, 15)]
    assert days('date1904="1" ') == [date(2026, 7, 16)]


def test_identifiers_that_became_numbers_keep_their_digits_up_to_fifteen(desk: Desk) -> None:
    reading = desk.read(book([HEADER, event(ref=20076865361276), event(ref=12), event(ref=123456789012345678)]))
    assert [r["reference_id"] for r in rows(reading)] == ["20076865361276", "12", None]
    (reject,) = reading.rejects
    assert (reject.line, reject.column, reject.severity) == (4, "Reference ID", "kept")
    assert "1.23457E+17" in reject.reason


def test_an_identifier_that_became_a_day_is_damaged(desk: Desk) -> None:
    reading = desk.read(book([HEADER, event(ref=date(2026, 3, 5))]))
    (row,) = rows(reading)
    assert row["reference_id"] is None
    assert "damaged" in reading.rejects[0].reason


def test_money_is_what_the_cell_holds_not_what_binary_makes_of_it(desk: Desk) -> None:
    loaded = desk.rows(
        book([["sku", "unit-cost", "currency", "effective-from"], ["A", 0.1 + 0.2, "USD", date(2026, 1, 13)]])
    )
    assert loaded[0]["unit_cost"] == Decimal("0.3000")


def test_days_of_which_a_spreadsheet_took_day_for_month_are_turned_back_when_that_is_proven(desk: Desk) -> None:
    # 07/05 was read as the seventh of May; 07/16 stayed text, for there is no month 16.
    reading = desk.read(book([HEADER, event(day=date(2026, 5, 7), timed=""), event(day="07/16/2026", timed="")]))
    assert [r["date"] for r in rows(reading)] == [date(2026, 7, 5), date(2026, 7, 16)]
    assert "put back" in reading.problems[0].what
    witnessed = desk.read(book([HEADER, event(day=date(2026, 5, 7), timed="2026-07-05T00:00:00-0700")]))
    assert [r["date"] for r in rows(witnessed)] == [date(2026, 7, 5)]


@pytest.mark.parametrize(
    "days",
    [
        [date(2026, 5, 7), "05/07/2026"],
        [date(2026, 5, 7), date(2026, 5, 16), "07/16/2026"],
        [date(2026, 7, 7), "07/16/2026"],
        [date(2026, 5, 7)],
    ],
)
def test_days_are_left_alone_when_nothing_proves_that_they_were_exchanged(desk: Desk, days: list[object]) -> None:
    reading = desk.read(book([HEADER, *(event(day=day, timed="") for day in days)]))
    assert rows(reading)[0]["date"] == days[0]
    assert not reading.problems


def test_the_line_of_a_row_is_its_number_in_the_sheet_and_evidence_finds_it(desk: Desk) -> None:
    cells = [[], ["my notes"], [], [None, *HEADER], [], [None, *event(ref="first")], [], [None, *event(ref="second")]]
    source = desk.source(book(cells), "ledger.xlsx")
    reading = read(source, desk.catalog, desk.cache)
    assert [(r["line"], r["reference_id"]) for r in rows(reading)] == [(6, "first"), (8, "second")]
    assert (reading.sheet, reading.header_line, reading.encoding, reading.delimiter) == ("Sheet1", 4, "xlsx", "")
    found = rows_at(source, reading, [8, 99])
    assert list(found) == [8]
    assert found[8]["Reference ID"] == "second"
    assert Reading.from_json(reading.to_json(), desk.cache) == reading


def test_the_first_sheet_with_a_known_header_is_read_and_the_others_are_named(desk: Desk) -> None:
    reading = desk.read(book([["notes"]], [HEADER, event()], [HEADER, event()]))
    assert (reading.sheet, reading.rows_read) == ("Sheet2", 1)
    (problem,) = reading.problems
    assert "'Sheet3'" in problem.what
    assert "file of its own" in problem.remedy


def test_a_formula_counts_as_its_last_result(desk: Desk) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, event())
        sheet.write_formula(1, QUANTITY, "=-2*2", None, -4)
    assert [r["quantity"] for r in desk.rows(buffer.getvalue())] == [-4]


def test_tabs_and_line_breaks_in_a_cell_break_no_row(desk: Desk) -> None:
    row = event()
    row[HEADER.index("Title")] = 'a\tb\nc "d"'
    assert [r["title"] for r in desk.rows(book([HEADER, row, event()]))] == ['a b c "d"', "Pan"]


def test_a_rejected_row_shows_its_cells_joined_by_tabs(desk: Desk) -> None:
    reading = desk.read(book([HEADER, event(day="yesterday"), event()]))
    (reject,) = reading.rejects
    assert (reject.line, reject.column) == (2, "Date")
    assert reject.raw.startswith("yesterday\tX000000001\tB000000001")


def test_a_comma_file_that_lies_in_one_column_is_read_too(desk: Desk) -> None:
    cells = [[line.replace("\t", ",")] for line in (LEDGER_16, ledger_row(), ledger_row())]
    assert [r["quantity"] for r in desk.rows(book(cells))] == [-1, -1]


def test_a_workbook_may_lie_in_an_archive_and_have_any_name(desk: Desk, tmp_path: Path) -> None:
    content = book([HEADER, event()])
    (tmp_path / "p").mkdir()
    with zipfile.ZipFile(tmp_path / "p" / "exports.zip", "w") as pack:
        pack.writestr("in/ledger.xlsx", content)
    (tmp_path / "p" / "ledger.txt").write_bytes(content)
    (tmp_path / "p" / "renamed.zip").write_bytes(content)
    found = find_sources([tmp_path / "p"])
    assert [s.name for s in found.sources] == ["exports.zip/in/ledger.xlsx", "ledger.txt", "renamed.zip"]
    readings = [read(source, desk.catalog, desk.cache) for source in found.sources]
    assert {r.sha256 for r in readings} == {readings[0].sha256}
    assert [len(rows(r)) for r in readings] == [1, 1, 1]
    assert rows_at(found.sources[0], readings[0], [2])[2]["MSKU"] == "SKU-1"


def test_a_workbook_of_something_else_and_other_office_documents_are_unknown(desk: Desk) -> None:
    document = io.BytesIO()
    with zipfile.ZipFile(document, "w") as pack:
        pack.writestr("[Content_Types].xml", "<x/>")
        pack.writestr("word/document.xml", "<x/>")
    for content in (book([["a", "b"], [1, 2]]), book([]), document.getvalue(), b"\xd0\xcf\x11\xe0" + bytes(2_000)):
        reading = desk.read(content)
        assert (reading.report_id, reading.problems) == (None, ())
        assert 0 < len(reading.why_unknown) < 90


def test_locked_and_damaged_workbooks_are_problems_with_a_remedy(desk: Desk) -> None:
    whole = book([HEADER, event()])
    broken = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name)[:300] if "sheet1" in name else old.read(name))
    locked = b"\xd0\xcf\x11\xe0" + bytes(1_500) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    for content, word in (
        (whole[:-40], "damaged"),
        (b"PK\x03\x04rest", "damaged"),
        (broken.getvalue(), "damaged"),
        (locked, "password"),
    ):
        reading = desk.read(content)
        assert reading.refused
        assert word in reading.problems[0].what
        assert reading.problems[0].remedy


def test_a_sheet_that_would_fill_the_machine_is_not_opened(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    far = io.BytesIO()
    with xlsxwriter.Workbook(far) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_string("XFD1048576", "far away")
    reading = desk.read(far.getvalue())
    assert reading.refused
    assert "8,000,000 cells" in reading.problems[0].what
    monkeypatch.setattr(limits, "MAX_TEXT", 1_000)
    reading = desk.read(book([HEADER, *([*event(), "long" * 100] for _ in range(5))]))
    assert "of text" in reading.problems[0].what


def test_a_blank_cell_with_a_style_far_below_harms_nothing(desk: Desk) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, event())
        sheet.write_blank("XFD1048576", None, workbook.add_format({"bold": True}))
    assert len(desk.rows(buffer.getvalue())) == 1
