"""The typed rows of a recognised file as Parquet, the rows that fell out, and what the file covers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.model import Problem

from .canonical import canonical_rows
from .cells import Typing, typed
from .header import Layout
from .layout import DateOrder, Report
from .names import squeezed
from .reading import Reading
from .rejects import Rejected, rejected
from .sums import check_sums
from .table import Engine, TextTable, text_table
from .trial import trial

if TYPE_CHECKING:
    import polars as pl

ROWS = "rows.parquet"


def load(known: Reading, path: Path, layout: Layout, workdir: Path, order: DateOrder | None) -> Reading:
    """Write the rows of the UTF-8 text at `path` to ROWS in `workdir`; gives `known` with their facts."""
    name, report = known.name, layout.report
    table = text_table(path, layout, workdir)
    headers = {n: layout.header.cells[place] for n, place in layout.places.items()}
    draft = trial(table, layout, name, headers, order, workdir / ROWS)
    typing = typed(table, report, name, headers, order, draft.texts if draft else None)
    check_sums(typing, layout, name)
    fallen = rejected(name, path, layout, table, typing, headers)
    if draft and draft.stands(typing):
        rows = draft.rows
    else:
        rows = canonical_rows(_kept(typing, fallen), typing.values, layout, table.engine)
        rows = _written(rows, table, workdir / ROWS)
    read = replace(
        known,
        rows_read=table.rows,
        rows_rejected=fallen.rows,
        rejects=fallen.rejects,
        rejected_keys=fallen.keys,
        problems=(*_cut_off(table, name), *_put_together(table, name), *typing.problems),
    )
    return _last_look(read, rows, report, table.engine)


def _written(rows: pl.LazyFrame, table: TextTable, parquet: Path) -> pl.LazyFrame:
    """Write the rows, and give them back for a last look."""
    import polars as pl

    if table.engine == "streaming":
        rows.sink_parquet(parquet, compression="lz4")
        return pl.scan_parquet(parquet, glob=False)
    few = rows.collect(engine="in-memory")
    few.write_parquet(parquet, compression="lz4")
    return few.lazy()


def _kept(typing: Typing, fallen: Rejected) -> pl.LazyFrame:
    """The rows that are not left out, as text."""
    import polars as pl

    costly = [fault.where for fault in typing.faults if fault.leaves_out]
    return typing.clean.filter(pl.any_horizontal(costly).not_()) if fallen.left_out and costly else typing.clean


def _cut_off(table: TextTable, name: str) -> list[Problem]:
    if not table.truncated:
        return []
    return [Problem("The last row is cut off: the file is not complete.", "Download it again.", name)]


def _put_together(table: TextTable, name: str) -> list[Problem]:
    if not table.headers:
        return []
    what = f"The file is {table.headers + 1} exports put together: a row that stands in two of them counts twice."
    return [Problem(what, "Hand in each export as it was downloaded.", name)]


def _last_look(read: Reading, rows: pl.LazyFrame, report: Report, engine: Engine) -> Reading:
    """The reading with the days that its rows cover, the newest event, and values that the catalog does not list."""
    import polars as pl

    days = sorted({*report.covers, *report.event_dates})
    coded = {name: {squeezed(code) for code in column.codes} for name, column in report.columns.items() if column.codes}
    asked = [
        *(pl.col(c).min().alias(f"{c} first") for c in days),
        *(pl.col(c).max().alias(f"{c} last") for c in days),
        *(pl.col(c).unique().drop_nulls().implode().alias(f"{c} values") for c in coded),
    ]
    seen = rows.select(asked).collect(engine=engine) if asked else pl.DataFrame()
    strange = {n: sorted(v for v in seen[f"{n} values"][0] if squeezed(v) not in listed) for n, listed in coded.items()}
    return replace(
        read,
        first_date=min((day for c in report.covers if (day := seen[f"{c} first"][0])), default=None),
        last_date=max((day for c in report.covers if (day := seen[f"{c} last"][0])), default=None),
        newest_event=max((day for c in report.event_dates if (day := seen[f"{c} last"][0])), default=None),
        unknown_values=_counted(rows, {name: values for name, values in strange.items() if values}, engine),
    )


def _counted(rows: pl.LazyFrame, values: Mapping[str, Sequence[str]], engine: Engine) -> dict[str, dict[str, int]]:
    """By column, how many rows have each of the values."""
    import polars as pl

    if not values:
        return {}
    counts = [(pl.col(n) == v).sum().alias(f"{n} {i}") for n, found in values.items() for i, v in enumerate(found)]
    counted = rows.select(counts).collect(engine=engine)
    return {n: {v: counted[f"{n} {i}"][0] for i, v in enumerate(found)} for n, found in values.items()}
