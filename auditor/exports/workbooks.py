"""Exports that were saved as a workbook: the first sheet with a known header, as lines of text.

A cell's value counts, not how it is shown; of a formula its last result. What a spreadsheet does to text on the way
in is undone where that is certain: numbers lose their `.0`, serial numbers in date columns become days again, days
whose day and month it took for each other are turned back. An identifier of more than 15 digits is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.model import Problem

from .catalog import Catalog
from .header import SCANNED_LINES, Layout, find_header
from .prepared import Prepared, one_line, write_rows
from .records import TAB
from .swapped_days import swapped_places, turned
from .workbook_limits import counts_from_1904, is_locked, too_large

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

MAX_SHEETS = 50
_REMEDY = "Save the sheet as .csv, or hand in the original export."
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_SERIALS = range((date(1995, 1, 1) - _EPOCH).days, (date(2101, 1, 1) - _EPOCH).days)
#: A spreadsheet keeps 15 digits of a number.
_EXACT = 10**15

Cell = str | float | bool | date | datetime | time | timedelta
Row = Sequence[Cell]


def read_workbook(path: Path, catalog: Catalog, target: Path, file: str) -> Prepared | Problem | str:
    """The first sheet of the workbook at `path` that holds an export, as text in `target`; else a problem, or why not.

    Raises BadZipFile and OSError for a file that is no archive.
    """
    if is_locked(path):
        return Problem("The workbook is protected by a password.", "Save it without one, or as .csv.", file)
    if why := too_large(path):
        return Problem(f"The workbook is not opened: {why}.", _REMEDY, file)
    return _guarded(lambda: _first_export(path, catalog, target, file), file)


def _guarded(look: Callable[[], Prepared | Problem | str], file: str) -> Prepared | Problem | str:
    """What `look` gives; whatever goes wrong inside the parser is a damaged workbook."""
    from python_calamine import CalamineError, PasswordError, WorksheetNotFound, XmlError, ZipError

    try:
        return look()
    except PasswordError:
        return Problem("The workbook is protected by a password.", "Save it without one, or as .csv.", file)
    except (CalamineError, XmlError, ZipError, WorksheetNotFound) as error:
        return Problem(f"The workbook is damaged: {error}.", _REMEDY, file)
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        return Problem("The workbook is damaged.", _REMEDY, file)


def _first_export(path: Path, catalog: Catalog, target: Path, file: str) -> Prepared | Problem | str:
    from python_calamine import CalamineWorkbook

    epoch = _EPOCH_1904 if counts_from_1904(path) else _EPOCH
    found: Prepared | Problem | None = None
    others = []
    with CalamineWorkbook.from_path(path) as book:
        for sheet in _sheets(book):
            layout = _layout(sheet, catalog, file)
            if layout is None:
                continue
            if found is not None:
                others.append(sheet.name)
            elif isinstance(layout, Problem):
                found = layout
            else:
                found = _written(sheet, layout, target, epoch, file)
    if isinstance(found, Prepared) and others:
        what = f"Only the sheet '{found.sheet}' is read; {', '.join(map(repr, others))} may hold exports too."
        problem = Problem(what, "Save each sheet as a file of its own.", file)
        return Prepared(found.path, found.layout, found.sheet, (*found.problems, problem))
    return found or f"a workbook without the header of a known report in the first {SCANNED_LINES} rows of a sheet"


def _sheets(book: CalamineWorkbook) -> Iterator[CalamineSheet]:
    from python_calamine import SheetTypeEnum

    for place, about in enumerate(islice(book.sheets_metadata, MAX_SHEETS)):
        if about.typ == SheetTypeEnum.WorkSheet:
            yield book.get_sheet_by_index(place)


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, Row]]:
    """The rows by their number in the sheet; cells from the sheet's first used column on."""
    return enumerate(sheet.iter_rows(), 1)


def _layout(sheet: CalamineSheet, catalog: Catalog, file: str) -> Layout | Problem | None:
    if sheet.start is None:
        return None
    first = islice(_rows(sheet), SCANNED_LINES)
    return find_header(((n, TAB.join(one_line(_text(cell)) for cell in row)) for n, row in first), catalog, file)


def _written(sheet: CalamineSheet, layout: Layout, target: Path, epoch: date, file: str) -> Prepared:
    columns = layout.report.columns
    kinds = {place: columns[name].type for name, place in layout.places.items()} if layout.delimiter == TAB else {}
    days = [place for place, kind in kinds.items() if kind == "date"]
    swapped = swapped_places((row for n, row in _rows(sheet) if n > layout.line), layout, days)

    def texts(row: Row) -> list[str]:
        cells = [_text(cell) for cell in row]
        for place, kind in kinds.items():
            if place < len(row):
                cells[place] = _of_kind(row[place], kind, epoch, place in swapped)
        return cells

    body = ((n, texts(row) if n > layout.line else [_text(cell) for cell in row]) for n, row in _rows(sheet))
    write_rows(target, body)
    problems = tuple(_turned_back(layout.header.cells[place], file) for place in sorted(swapped))
    return Prepared(target, layout, sheet.name, problems)


def _turned_back(column: str, file: str) -> Problem:
    what = f"A spreadsheet took day and month of '{column}' for each other; they were put back."
    return Problem(what, "Compare a few dates, or hand in the original export.", file)


def _of_kind(cell: Cell, kind: str, epoch: date, swapped: bool) -> str:
    """The cell of a column of this type as text."""
    if kind == "date":
        if isinstance(cell, float | int) and not isinstance(cell, bool) and int(cell) in _SERIALS:
            cell = epoch + timedelta(days=int(cell))
        return _text(turned(cell) if swapped else cell)
    if kind == "id" and isinstance(cell, date):
        # A SKU such as MAR-05 that became a day: with its time it is no identifier, so the reader marks it.
        return f"{cell:%Y-%m-%d} 00:00:00"
    return _text(cell)


def _text(cell: Cell) -> str:
    match cell:
        case str():
            return cell
        case bool():
            return str(cell).upper()
        case int() | float():
            return _number(cell)
        case datetime():
            return f"{cell:%Y-%m-%d}" if cell.time() == time() else f"{cell:%Y-%m-%d %H:%M:%S}"
        case date():
            return cell.isoformat()
    return str(cell)


def _number(value: float) -> str:
    if abs(value) >= _EXACT:
        return f"{value:.5E}"
    return str(int(value)) if value == int(value) else f"{value:.15g}"
