"""The rows below the header as a table of text, each with the line it stands on, and the rows that fit no table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from auditor.model import Problem

from .header import Layout
from .names import bare
from .records import CUT, MAX_LINE, TAB, Record, numbered_lines, records
from .survey import Survey, survey

if TYPE_CHECKING:
    import polars as pl

LINE = "line"
#: A column that is not loaded but may tell day-first from month-first.
WITNESS = "date witness"
BATCH = 100_000
#: So few rows are quicker in memory than in a stream.
FEW_ROWS = 20_000
MANY_BAD_ROWS = 20_000
_LONGEST_KEPT = 300
_MOST_CELLS_KEPT = 2_000
_MOST_TEXT_KEPT = 100_000_000
Engine = Literal["in-memory", "streaming"]


@dataclass(frozen=True, slots=True)
class Ragged:
    """A row that is left out because its cells do not fit the header."""

    record: Record
    reason: str


class HopelessFileError(Exception):
    """So much of a file cannot be read that the rest is not looked at; `problem` says how much."""

    def __init__(self, bad: int, rows: int, reason: str, line: int) -> None:
        self.bad, self.rows, self.reason, self.line = bad, rows, reason, line
        super().__init__(reason)

    def problem(self, file: str) -> Problem:
        """The refusal."""
        what = f"{self.bad:,} of the first {self.rows:,} rows cannot be read, the first because {self.reason}."
        return Problem(what, "Download this export again; do not save it from a spreadsheet.", file, self.line)


def hopeless(bad: int, rows: int) -> bool:
    """Whether so many of so many rows are bad that no export can be meant."""
    return bad > MANY_BAD_ROWS and bad * 2 > rows


@dataclass(slots=True)
class TextTable:
    """Rows as text: `frame` has the canonical columns of the file, blank cells still as printed, and `line`.

    `formulas` and `spaces`: a cell may be wrapped as a spreadsheet does, or have white space at an end. `headers`
    counts the rows that are the header once more.
    """

    frame: pl.LazyFrame
    rows: int
    columns: tuple[str, ...]
    ragged: list[Ragged] = field(default_factory=list)
    truncated: bool = False
    formulas: bool = True
    spaces: bool = True
    headers: int = 0

    @property
    def engine(self) -> Engine:
        """The way to look at all its rows."""
        return "in-memory" if self.rows <= FEW_ROWS else "streaming"


def text_table(path: Path, layout: Layout, workdir: Path) -> TextTable:
    """Read the UTF-8 text at `path` below its header: the quick way when the lines are even, else record by record."""
    places = dict(layout.places)
    witness = layout.header.place(layout.report.date_witness)
    if witness is not None:
        places[WITNESS] = witness
    seen = survey(path, layout.line, layout.delimiter)
    if _quick_way_fits(seen, layout):
        return _quick(path, layout, places, seen)
    return _exact(path, layout, places, workdir)


def _quick_way_fits(seen: Survey, layout: Layout) -> bool:
    if seen.rows == 0 or not seen.even or seen.cells is None:
        return False
    return layout.header.named <= seen.cells <= len(layout.header.cells) and seen.cells > 1


def _quick(path: Path, layout: Layout, places: Mapping[str, int], seen: Survey) -> TextTable:
    import polars as pl

    names = [f"cell {i}" for i in range(seen.cells or 0)]
    tabs = layout.delimiter == TAB
    scan = pl.scan_csv(
        path,
        separator=layout.delimiter,
        quote_char='"' if seen.quotes and not tabs else None,
        has_header=False,
        skip_lines=layout.line,
        schema=dict.fromkeys(names, pl.String),
        row_index_name=LINE,
        row_index_offset=layout.line + 1,
        glob=False,
    )
    cells = {name: pl.col(names[place]) for name, place in places.items()}
    if tabs and seen.wrapped:
        cells = {name: _unquoted(cell) for name, cell in cells.items()}
    frame = scan.select(pl.col(LINE).cast(pl.Int64), *(cell.alias(name) for name, cell in cells.items()))
    spaces = seen.spaces or seen.wrapped or (seen.quotes and not tabs)
    return TextTable(frame, seen.rows, tuple(layout.places), formulas=seen.formulas, spaces=spaces)


def _unquoted(cell: pl.Expr) -> pl.Expr:
    import polars as pl

    bare = cell.str.strip_chars()
    wrapped = bare.str.starts_with('"') & bare.str.ends_with('"') & (bare.str.len_bytes() >= 2)
    inner = bare.str.slice(1, bare.str.len_chars().cast(pl.Int64) - 2).str.replace_all('""', '"', literal=True)
    return pl.when(wrapped).then(inner).otherwise(cell)


def _exact(path: Path, layout: Layout, places: Mapping[str, int], workdir: Path) -> TextTable:
    import polars as pl

    sorting = _Sorting(layout)
    parts: list[pl.LazyFrame] = []
    lines = (item for item in numbered_lines(path) if item[0] > layout.line)
    schema = {LINE: pl.Int64, **dict.fromkeys(places, pl.String)}
    for number, batch in enumerate(_batches(sorting.fitting(records(lines, layout.delimiter)), BATCH)):
        columns: dict[str, list[int] | list[str | None]] = {LINE: [r.line for r in batch]}
        columns |= {n: [r.cells[p] if p < len(r.cells) else None for r in batch] for n, p in places.items()}
        frame = pl.DataFrame(columns, schema=schema)
        part = workdir / f"part-{number:05d}.parquet"
        if len(batch) < BATCH and not parts:
            parts.append(frame.lazy())
        else:
            frame.write_parquet(part, compression="lz4")
            parts.append(pl.scan_parquet(part, glob=False))
    whole = pl.concat(parts) if parts else pl.DataFrame(schema=schema).lazy()
    return TextTable(
        whole, sorting.rows, tuple(layout.places), sorting.ragged, sorting.truncated, headers=sorting.headers
    )


def _batches(rows: Iterator[Record], size: int) -> Iterator[list[Record]]:
    batch: list[Record] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


class _Sorting:
    """Tells rows that fit the header from those that do not, counting both; blank rows and headers are no rows."""

    def __init__(self, layout: Layout) -> None:
        self.rows = self.headers = self._text = 0
        self._header = layout.header.cells[: layout.header.named]
        self.ragged: list[Ragged] = []
        self.truncated = False
        self._width = len(layout.header.cells)
        self._named = layout.header.named
        report = layout.report
        needed = [place for name, place in layout.places.items() if report.columns[name].required]
        self._needed = max(needed, default=-1) + 1
        self._short_before = False

    def fitting(self, rows: Iterator[Record]) -> Iterator[Record]:
        """The rows that fit; the last one is held back until it is known to be the last."""
        held: Record | None = None
        for row in rows:
            if row.blank:
                continue
            if self._is_header(row.cells):
                self.headers += 1
                continue
            self.rows += 1
            if held is not None and self._fits(held):
                yield held
            held = row
        if held is not None and not self._cut_off(held) and self._fits(held):
            yield held

    def _fits(self, row: Record) -> bool:
        reason = row.fault or self._misfit(row.cells)
        if reason:
            self._keep(row, reason)
        # A damaged row is no sign that rows of this file may end early.
        self._short_before = self._short_before or (not reason and len(row.cells) < self._named)
        return not reason

    def _keep(self, row: Record, reason: str) -> None:
        """Keep as much of the row as is shown of it. Raises HopelessFileError when there are too many."""
        cells = [cell[:_LONGEST_KEPT] for cell in row.cells[:_MOST_CELLS_KEPT]]
        self._text += sum(map(len, cells)) + _LONGEST_KEPT
        self.ragged.append(Ragged(row._replace(cells=cells), reason))
        if hopeless(len(self.ragged), self.rows) or self._text > _MOST_TEXT_KEPT:
            first = self.ragged[0]
            raise HopelessFileError(len(self.ragged), self.rows, first.reason, first.record.line)

    def _is_header(self, cells: Sequence[str]) -> bool:
        named = self._header
        return bare(cells[0]) == named[0] and tuple(map(bare, cells[: len(named)])) == named

    def _misfit(self, cells: Sequence[str]) -> str:
        if cells[-1].endswith(CUT):
            return f"the row is longer than {MAX_LINE:,} characters: the file is damaged"
        if "\0" in "".join(cells):
            return "the row holds NUL bytes: the file is damaged"
        if len(cells) < self._needed:
            return f"the row has {len(cells)} cells where the header has {self._named}"
        if any(cell.strip() for cell in cells[self._width :]):
            return f"the row has {len(cells)} cells where the header has {self._width}"
        return ""

    def _cut_off(self, row: Record) -> bool:
        """The last row is short and no other one was: the file ends in the middle of it."""
        if len(row.cells) >= self._named or self._short_before or (self.rows == 1 and not self._misfit(row.cells)):
            return False
        self.truncated = True
        reason = f"the last row is cut off after {len(row.cells)} of {self._named} cells: the file is truncated"
        self.ragged.append(Ragged(row, reason))
        return True
