"""The rows that fell out of a file, and the cells whose value stays unknown, each with its line and its text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.model import Reject

from .cells import Fault, Typing
from .dates import parse, printed_day
from .header import Layout
from .lines import lines_of_file, records_at, shown
from .table import LINE, MANY_BAD_ROWS, HopelessFileError, TextTable, hopeless
from .texts import DAMAGED_ID

if TYPE_CHECKING:
    import polars as pl

#: Columns by which a finding can be recognised as touched by a row that was left out.
KEYS = ("fnsku", "order_id")
_PLAUSIBLE_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{5,29}")
_DAMAGED_KEY = re.compile(DAMAGED_ID)
#: In a report of buyers a cell that stands in the wrong place may be a name or a phone number.
_CERTAIN_KEY = re.compile(r"(?:[0-9]{3}|S[0-9]{2})-[0-9]{7}-[0-9]{7}|[XB]0[0-9A-Z]{8}")


@dataclass(frozen=True, slots=True)
class Rejected:
    """`rejects` in line order: one for each row left out, one for each cell kept as unknown.

    `rows` counts rows left out in all, `left_out` those of them that stand in the text table.
    """

    rejects: tuple[Reject, ...]
    keys: tuple[tuple[str, str], ...]
    rows: int
    left_out: int


def rejected(
    file: str, path: Path, layout: Layout, table: TextTable, typing: Typing, headers: Mapping[str, str]
) -> Rejected:
    """Everything in the file that could not be read."""
    visible, width = layout.report.visible(layout.header), layout.header.named
    places = layout.places
    text = _RowText(layout, visible, width)
    key = _CERTAIN_KEY if layout.report.personal else _PLAUSIBLE_KEY
    rejects = [Reject(file, r.record.line, "", r.reason, text.of(r.record.cells), "left_out") for r in table.ragged]
    keys = {found for ragged in table.ragged for found in _keys_of_cells(ragged.record.cells, places, key)}
    left_out = 0
    faulty = _faulty_rows(typing, table)
    records = records_at(lines_of_file(path), [row[LINE] for row in faulty], layout.delimiter) if faulty else {}
    for row in faulty:
        raw = text.of(records[row[LINE]].cells, fits=not layout.report.personal)
        faults = [fault for i, fault in enumerate(typing.faults) if row[_flag(i)]]
        worst = [fault for fault in faults if fault.leaves_out]
        rejects += [_reject(file, row, fault, headers, raw) for fault in worst[:1] or faults]
        if worst:
            left_out += 1
            keys |= {(name, row[name]) for name in KEYS if row.get(name) and key.fullmatch(row[name])}
    rejects.sort(key=lambda r: (r.line, r.column))
    return Rejected(tuple(rejects), tuple(sorted(keys)), left_out + len(table.ragged), left_out)


def _faulty_rows(typing: Typing, table: TextTable) -> list[dict[str, Any]]:
    import polars as pl

    if not typing.faults:
        return []
    names = typing.clean.collect_schema().names()
    needed = sorted({LINE, *(f.column for f in typing.faults), *(k for k in KEYS if k in names)})
    flags = [fault.where.fill_null(value=False).alias(_flag(i)) for i, fault in enumerate(typing.faults)]
    flagged = typing.clean.select(*(pl.col(n) for n in needed), *flags)
    _give_up_on_too_many(flagged, typing.faults, table)
    rows: pl.DataFrame = flagged.filter(pl.any_horizontal(_flag(i) for i in range(len(flags)))).collect(
        engine=table.engine
    )
    return rows.sort(LINE).to_dicts()


def _give_up_on_too_many(flagged: pl.LazyFrame, faults: Sequence[Fault], table: TextTable) -> None:
    """Raise HopelessFileError when most of very many rows would be left out."""
    import polars as pl

    costly = [i for i, fault in enumerate(faults) if fault.leaves_out]
    if not costly or table.rows <= MANY_BAD_ROWS:
        return
    left_out = flagged.filter(pl.any_horizontal(_flag(i) for i in costly))
    count = left_out.select(pl.len()).collect(engine="streaming").item()
    if hopeless(count, table.rows):
        first = left_out.select(pl.all().first()).collect().to_dicts()[0]
        fault = next(faults[i] for i in costly if first[_flag(i)])
        reason = fault.reason.replace("{cell}", str(first[fault.column])[:80])
        raise HopelessFileError(count, table.rows, f"of {fault.column}: {reason}", first[LINE])


def _flag(number: int) -> str:
    return f"fault {number}"


def _reject(file: str, row: Mapping[str, Any], fault: Fault, headers: Mapping[str, str], raw: str) -> Reject:
    reason = fault.reason.replace("{cell}", str(row[fault.column])[:80])
    return Reject(file, row[LINE], headers[fault.column], reason, raw, "left_out" if fault.leaves_out else "kept")


class _RowText:
    """What may be shown of a row with a fault."""

    def __init__(self, layout: Layout, visible: frozenset[int], width: int) -> None:
        self._visible, self._width, self._delimiter = visible, width, layout.delimiter
        self._open = all(place in visible for place in range(width))
        columns = layout.report.columns
        self._first = next((columns[n].type for n, place in layout.places.items() if place == 0), None)

    def of(self, cells: Sequence[str], fits: bool = False) -> str:
        """The row as text; `fits` tells that each cell stands below its header."""
        if fits or self._open:
            return shown(cells, self._visible, self._width, self._delimiter)
        if self._begins_like_a_row(cells):
            return shown(cells, self._visible, self._width, self._delimiter, aligned=False)
        # The rest of a broken comment, not the beginning of a row: nothing in it is where it belongs.
        return shown(cells, (), self._width, self._delimiter)

    def _begins_like_a_row(self, cells: Sequence[str]) -> bool:
        first = cells[0].strip() if cells else ""
        if self._first == "date":
            return parse(printed_day(first)) is not None
        return self._first == "id" and any(key.fullmatch(first) for key in (_PLAUSIBLE_KEY, _DAMAGED_KEY))


def _keys_of_cells(cells: Sequence[str], places: Mapping[str, int], key: re.Pattern[str]) -> set[tuple[str, str]]:
    found = {(name, cells[places[name]].strip()) for name in KEYS if name in places and places[name] < len(cells)}
    return {(name, value) for name, value in found if key.fullmatch(value)}
