"""One worksheet: typed cells, a frozen header, a filter, widths, and the limits of the format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]

from auditor.formulas import neutralise
from auditor.policy.money import digits, round_money
from auditor.publish.cells import row_json
from auditor.publish.tables import Column

MAX_ROWS = 1_048_576
MAX_TEXT = 32_767
_FIRST_DAY = date(1900, 3, 1)  # before it, Excel's calendar counts a 29 February 1900 that never was
_WIDTHS = {"whole": 10, "money": 13, "date": 12, "text": 16, "cells": 60}
_WIDE = {"title": 44, "summary": 70, "explanation": 70, "reasons": 30, "note": 60, "raw": 60, "file": 34, "draft": 50}


class Formats:
    """The workbook's cell formats, each made once; money by the number of its digits."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self.header: Format = book.add_format({"bold": True, "bottom": 1, "bg_color": "#F3F4F6", "valign": "top"})
        self.heading: Format = book.add_format({"bold": True, "font_size": 13})
        self.date: Format = book.add_format({"num_format": "yyyy-mm-dd"})
        self.whole: Format = book.add_format({"num_format": "#,##0"})
        self.note: Format = book.add_format({"italic": True})
        self._money: dict[int, Format] = {}

    def money(self, currency: str) -> Format:
        """The format with the digits of this currency."""
        places = digits(currency)
        if places not in self._money:
            self._money[places] = self._book.add_format({"num_format": ("#,##0." + "0" * places).rstrip(".")})
        return self._money[places]

    def coloured(self, font: str, ground: str) -> Format:
        """A format for a conditional colour."""
        return self._book.add_format({"font_color": font, "bg_color": ground})


class Sheet:
    """A worksheet that is written from top to bottom."""

    def __init__(self, book: Workbook, formats: Formats, name: str) -> None:
        self._sheet = book.add_worksheet(name)
        self._formats = formats
        self._next = 0
        self._headers: dict[str, tuple[int, int]] = {}
        self._last = 0

    def table(self, table: Sequence[Column], rows: Iterable[Sequence[Any]]) -> None:
        """The whole sheet as one filtered table; rows beyond the format's limit are cut, with a note."""
        for place, column in enumerate(table):
            width = _WIDE.get(column.name, _WIDTHS[column.kind])
            self._sheet.set_column(place, place, max(width, len(column.name) + 3))
        self.rows(table, rows)
        self._sheet.freeze_panes(1, 0)
        self._sheet.autofilter(0, 0, max(self._last, 1), len(table) - 1)

    def rows(self, table: Sequence[Column], rows: Iterable[Sequence[Any]]) -> None:
        """A header row and the rows beneath it, from the next free line on."""
        for place, column in enumerate(table):
            self._sheet.write_string(self._next, place, column.name.replace("_", " "), self._formats.header)
            self._headers[column.name] = (self._next, place)
        self._next += 1
        money_of = next((place for place, column in enumerate(table) if column.name == "currency"), None)
        left_out = 0
        for row in rows:
            if self._next >= MAX_ROWS - 1:
                left_out += 1
                continue
            self._row(table, row, "" if money_of is None else row[money_of])
        self._last = self._next - 1
        if left_out:
            self.note(f"{left_out:,} more rows do not fit into a worksheet; they are in the CSV and Parquet files.")

    def heading(self, text: str) -> None:
        """A heading on a line of its own, one line below what stands above."""
        self._next += 1 if self._next else 0
        self._sheet.write_string(self._next, 0, neutralise(text), self._formats.heading)
        self._next += 1

    def note(self, text: str) -> None:
        """A sentence on a line of its own."""
        self._sheet.write_string(self._next, 0, neutralise(text), self._formats.note)
        self._next += 1

    def widths(self, *widths: int) -> None:
        """Column widths from the left, in characters."""
        for place, width in enumerate(widths):
            self._sheet.set_column(place, place, width)

    def colour_words(self, column: str, colours: Mapping[str, tuple[str, str]]) -> None:
        """Colour the cells of a column that hold exactly one of these words."""
        top, place = self._headers[column]
        for word, (font, ground) in colours.items():
            rule = {
                "type": "cell",
                "criteria": "==",
                "value": f'"{word}"',
                "format": self._formats.coloured(font, ground),
            }
            self._sheet.conditional_format(top + 1, place, max(self._last, top + 1), place, rule)

    def _row(self, table: Sequence[Column], row: Sequence[Any], currency: str) -> None:
        line, sheet, formats = self._next, self._sheet, self._formats
        for place, (column, value) in enumerate(zip(table, row, strict=True)):
            if value is None or value == "":
                continue
            match column.kind:
                case "text":
                    sheet.write_string(line, place, _fitting(neutralise(value)))
                case "whole":
                    sheet.write_number(line, place, value, formats.whole)
                case "money":
                    # A worksheet knows only binary numbers; 15 digits of them are exact, and CSV has every digit.
                    sheet.write_number(line, place, float(round_money(value, currency)), formats.money(currency))
                case "cells":
                    sheet.write_string(line, place, _fitting(neutralise(row_json(value))))
                case "date" if value >= _FIRST_DAY:
                    sheet.write_datetime(line, place, value, formats.date)
                case "date":
                    sheet.write_string(line, place, value.isoformat())
        self._next += 1


def _fitting(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"
