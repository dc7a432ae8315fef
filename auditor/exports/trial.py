"""A large file is read and written in one go, on trial.

Its first rows suggest how each column is read. The whole file is written so, while the distinct texts of each column
and what became of them are noted. From all these texts it is decided, as for any file, what each of them means; where
the trial gave anything else, the file is written again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .canonical import canonical_rows
from .cells import Typing, polars_type, typed
from .header import Layout
from .layout import Column, DateOrder, Report
from .table import FEW_ROWS, TextTable
from .texts import DAMAGED_ID, Texts, tidied

if TYPE_CHECKING:
    import polars as pl

#: More distinct texts in the first rows than this, and noting them all costs more than a second look.
_FEW_TEXTS = 2_000
_DAYS = ("%m/%d/%Y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y")
#: Every damaged identifier begins with a sign or a digit, and so comes before this.
_AFTER_DIGITS = ":"


@dataclass(frozen=True, slots=True)
class Trial:
    """The `rows` as written on trial, and the texts of the whole file with what became of them."""

    rows: pl.LazyFrame
    texts: Texts
    read: Mapping[str, Mapping[str, Any]]

    def stands(self, typing: Typing) -> bool:
        """Whether `typing`, decided from all texts, gives the very same rows."""
        if self.texts.damaged or any(fault.leaves_out for fault in typing.faults):
            return False
        return all(_values(typing.values[name], name, read) == list(read.values()) for name, read in self.read.items())


def _values(reading: pl.Expr, name: str, texts: Iterable[str]) -> list[Any]:
    """What a reading of the column makes of the texts."""
    import polars as pl

    frame = pl.DataFrame({name: pl.Series(list(texts), dtype=pl.String)})
    return frame.with_columns(reading.alias(name))[name].to_list()


def trial(
    table: TextTable, layout: Layout, file: str, headers: Mapping[str, str], asked: DateOrder | None, parquet: Path
) -> Trial | None:
    """Write the table to `parquet` as its first rows suggest; None when it is small, or they suggest nothing."""
    import polars as pl

    report = layout.report
    if table.engine == "in-memory" or not _each_cell_by_itself(report):
        return None
    first = replace(table, frame=table.frame.head(FEW_ROWS), rows=FEW_ROWS)
    readings = _readings(typed(first, report, file, headers, asked).known, report)
    if readings is None:
        return None
    notes = {n: _Note(report.columns[n], readings.get(n)) for n in table.columns}
    values = {name: note.expression(name) for name, note in notes.items()}
    canonical_rows(tidied(table, report), values, layout, table.engine).sink_parquet(parquet, compression="lz4")
    texts = Texts(
        {n: list(notes[n].read) for n in readings},
        frozenset(n for n, note in notes.items() if note.blank and report.columns[n].filled),
        frozenset(n for n, note in notes.items() if note.damaged),
    )
    return Trial(pl.scan_parquet(parquet, glob=False), texts, {n: notes[n].read for n in readings})


def _each_cell_by_itself(report: Report) -> bool:
    """Whether each value comes from one cell, not also from the cells of other rows or columns."""
    columns = report.columns.values()
    told = any(c.words or c.stated or c.cell_of or c.months or c.last_day for c in columns)
    return not (told or report.summary or report.adds_up)


Reading = Callable[["pl.Series"], "pl.Series"]


def _readings(known: Mapping[str, Mapping[str, Any]], report: Report) -> dict[str, Reading] | None:
    """By column a plain reading that gives the known values; None when a column has none or very many texts."""
    readings: dict[str, Reading] = {}
    for name, values in known.items():
        fitting = (r for r in _plain_readings(report.columns[name]) if len(values) <= _FEW_TEXTS and _gives(r, values))
        reading = next(fitting, None)
        if reading is None:
            return None
        readings[name] = reading
    return readings


def _plain_readings(column: Column) -> Sequence[Reading]:
    kind = polars_type(column)
    if column.type == "date":
        return [partial(_day, form) for form in _DAYS]
    return [lambda cells: cells.cast(kind, strict=False)]


def _day(form: str, cells: pl.Series) -> pl.Series:
    return cells.str.to_date(form, strict=False)


def _gives(reading: Reading, known: Mapping[str, Any]) -> bool:
    import polars as pl

    return reading(pl.Series(list(known), dtype=pl.String)).to_list() == list(known.values())


class _Note:
    """Reads the cells of a column piece by piece, and notes what they are."""

    def __init__(self, column: Column, reading: Reading | None) -> None:
        self._column, self._reading = column, reading
        self.read: dict[str, Any] = {}
        self.blank = self.damaged = False

    def expression(self, name: str) -> pl.Expr:
        """How the column is read."""
        import polars as pl

        if self._reading is None and self._column.type != "id" and not self._column.filled:
            return pl.col(name)
        return pl.col(name).map_batches(self._note, return_dtype=polars_type(self._column), is_elementwise=True)

    def _note(self, cells: pl.Series) -> pl.Series:
        # Several threads note at once: what one has seen another must never take back.
        if cells.null_count():
            self.blank = True
        if self._reading is None:
            if self._column.type == "id":
                numbers = cells.filter(cells < _AFTER_DIGITS)
                if numbers.str.contains(DAMAGED_ID).any():
                    self.damaged = True
            return cells
        texts = cells.unique().drop_nulls()
        self.read.update(zip(texts.to_list(), self._reading(texts).to_list(), strict=True))
        return self._reading(cells)
