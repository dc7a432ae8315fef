"""Every layout of every report, in every encoding and dialect it may have, is recognised and read without a loss."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from auditor.exports import Catalog
from auditor.exports.names import Header, squeezed

from .conftest import Desk, rows
from .layouts import DIALECTS, ROWS, Dialect, Layout, layouts, variants

TAB, SEMICOLON = DIALECTS[0], DIALECTS[-2]


def named(layout: Layout) -> str:
    return f"{layout.report}: {layout.name}"


@pytest.mark.parametrize("layout", layouts(), ids=named)
def test_a_layout_belongs_to_its_report_and_to_no_other(catalog: Catalog, layout: Layout) -> None:
    header = Header(layout.columns)
    assert [report.id for report in catalog.matching(header)] == [layout.report]
    missing = [n for n, c in catalog.reports[layout.report].columns.items() if c.names and c.required]
    places = catalog.reports[layout.report].places(header)
    assert [name for name in missing if name not in places] == []


@pytest.mark.parametrize(
    ("layout", "dialect"), [pytest.param(*each, id=f"{named(each[0])}: {each[1].name}") for each in variants()]
)
def test_a_variant_is_recognised_and_read_with_nothing_left_out(desk: Desk, layout: Layout, dialect: Dialect) -> None:
    reading = desk.read(layout.written(dialect), **dialect.how)
    assert (reading.report_id, reading.delimiter_name) == (layout.report, dialect.delimiter)
    assert reading.line_end == ("\r" if dialect.line_end == "\r" else "\n")
    assert (reading.rows_read, reading.rows_rejected, reading.rejects, reading.problems) == (ROWS, 0, (), ())
    first, *_ = read = rows(reading)
    assert {name: first[name] for name in layout.expect} == expected(layout, first)
    assert unread(layout, dialect, desk, read) == []


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda each: each.name)
def test_the_encoding_that_a_file_is_in_is_found(desk: Desk, dialect: Dialect) -> None:
    ledger = next(layout for layout in layouts() if layout.report == "ledger_detail")
    reading = desk.read(ledger.written(dialect), **dialect.how)
    assert reading.encoding == {"utf-16": "utf-16-le"}.get(dialect.encoding, dialect.encoding)
    assert rows(reading)[1]["title"] == f"{dialect.word} | two parts"


@pytest.mark.parametrize("layout", layouts(), ids=named)
@pytest.mark.parametrize("dialect", [TAB, SEMICOLON], ids=lambda each: each.name)
def test_an_identifier_of_any_report_that_lost_its_digits_is_noted_on_its_row(
    desk: Desk, layout: Layout, dialect: Dialect
) -> None:
    report = desk.catalog.reports[layout.report]
    header, printed = Header(layout.columns), layout.cells()
    places = {name: place for name, place in report.places(header).items() if report.columns[name].type == "id"}
    damaged = "2,00782E+13" if dialect.decimal_comma else "2.00782E+13"
    for place in places.values():
        printed[0][place] = damaged
    reading = desk.read(layout.written(dialect, printed))
    noted = {reject.column for reject in reading.rejects if reject.line == reading.header_line + 1}
    assert noted == {header.cells[places[name]] for name in places}
    assert [damaged in str(row.values()) for row in rows(reading)] == [False] * ROWS


def test_every_report_with_a_header_has_its_layouts_here(catalog: Catalog) -> None:
    texts = {report.id for report in catalog.reports.values() if report.kind == "text"}
    assert {layout.report for layout in layouts()} == texts


def test_every_header_name_of_an_entry_is_that_of_a_layout_or_another_spelling_of_it(catalog: Catalog) -> None:
    """A column that no layout fills under any of its names would never be read."""
    for report in {layout.report for layout in layouts()}:
        seen = {squeezed(column) for layout in layouts() if layout.report == report for column in layout.columns}
        unseen = [
            name
            for name, column in catalog.reports[report].columns.items()
            if column.names and name not in NEVER_IN_A_LAYOUT and not {squeezed(n) for n in column.names} & seen
        ]
        assert unseen == []


#: Added by tools that merge exports; an older band of age.
NEVER_IN_A_LAYOUT = {"seller_id", "age_365_plus"}


def expected(layout: Layout, row: dict[str, Any]) -> dict[str, Any]:
    return {name: Decimal(text) if isinstance(row[name], Decimal) else text for name, text in layout.expect.items()}


def unread(layout: Layout, dialect: Dialect, desk: Desk, read: list[dict[str, Any]]) -> list[str]:
    """Cells that say something and became nothing; rows of a settlement take the first one's period."""
    report = desk.catalog.reports[layout.report]
    printed = layout.cells(dialect.word)
    return [
        f"{name}: {cells[place]}"
        for name, place in report.places(Header(layout.columns)).items()
        for cells, row in zip(printed, read, strict=True)
        if cells[place] not in {"", *report.blanks} and row[name] is None
    ]
