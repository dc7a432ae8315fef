"""Finding the header row of an export, and what the lines above it say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from auditor.model import Problem

from .catalog import Catalog, two_claims
from .layout import Report
from .localised import spoken
from .names import Header, squeezed
from .records import COMMA, DELIMITERS, SEMICOLON, TAB, records

SCANNED_LINES = 50
MAX_COLUMNS = 2_000


@dataclass(frozen=True)
class Layout:
    """A recognised file: its report, where its header stands, and what each column is."""

    report: Report
    header: Header
    line: int
    delimiter: str
    above: Mapping[str, str]

    @cached_property
    def places(self) -> dict[str, int]:
        """Index in a row by canonical column."""
        return self.report.places(self.header)

    def missing(self, file: str) -> tuple[Problem, ...]:
        """A problem for every column that the report must have and this file lacks."""
        if len(self.header.cells) > MAX_COLUMNS:
            what = f"The header has {len(self.header.cells):,} columns; no export has more than {MAX_COLUMNS:,}."
            return (Problem(what, "Download the report again.", file, self.line),)
        return tuple(self._lacking(name, file) for name in self.report.columns if self._lacks(name))

    def _lacks(self, canonical: str) -> bool:
        column = self.report.columns[canonical]
        return column.required and canonical not in self.places and canonical not in self.above

    def _lacking(self, canonical: str, file: str) -> Problem:
        column = self.report.columns[canonical]
        there = ", ".join(cell for cell in self.header.cells if cell)
        if column.names:
            what = f"The column '{column.names[0]}' is missing from a {self.report.title} file; its header is: {there}."
        else:
            what = f"No line '{column.preamble[0]}' stands above the header of a {self.report.title} file: {there}."
        remedy = column.remedy or "Download the report again, without removing columns or lines."
        return Problem(what, remedy, file, self.line)


def find_header(lines: Iterable[tuple[int, str]], catalog: Catalog, file: str) -> Layout | Problem | None:
    """Look through the first lines for a row that a report recognises; a Problem when two reports claim it."""
    scanned = list(islice(lines, SCANNED_LINES))
    for place, (number, text) in enumerate(scanned):
        for delimiter in _delimiters(text):
            header = Header(next(iter(records([(number, text)], delimiter))).cells)
            found = catalog.matching(header)
            if len(found) > 1:
                return two_claims(found, file)
            if found:
                above = _above(found[0], scanned[:place], delimiter)
                return Layout(found[0], header, number, delimiter, above)
    return None


def _delimiters(text: str) -> tuple[str, ...]:
    """The delimiters to try, in order: a tab decides, a semicolon is only asked when commas give nothing."""
    present = tuple(d for d in DELIMITERS if d in text)
    return (TAB,) if TAB in present else tuple(d for d in (COMMA, SEMICOLON) if d in present)


def _above(report: Report, lines: list[tuple[int, str]], delimiter: str) -> dict[str, str]:
    keys = {squeezed(key): name for name, column in report.columns.items() for key in column.preamble}
    stated: dict[str, str] = {}
    for record in records(lines, delimiter):
        key, *values = [cell.strip() for cell in record.cells]
        name = keys.get(squeezed(key.rstrip(": ")))
        value = next((v for v in values if v), "")
        if name is not None and value:
            stated.setdefault(name, value)
    told = {n: spoken(column.stated, lines) for n, column in report.columns.items() if column.stated}
    return stated | {name: value for name, value in told.items() if value}
