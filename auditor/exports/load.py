"""The typed rows of a recognised file as Parquet, the rows that fell out, and what the file covers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.model import Problem

from .cells import Typing, polars_type, typed
from .header import Layout
from .layout import DateOrder, Report
from .names import squeezed
from .rejects import Rejected, rejected
from .summary import spread
from .table import LINE, TextTable, text_table

if TYPE_CHECKING:
    import polars as pl

ROWS = "rows.parquet"


def load(name: str, path: Path, layout: Layout, workdir: Path, order: DateOrder | None) -> dict[str, object]:
    """Write the rows of the UTF-8 text at `path` to the file ROWS in `workdir`; the fields of a Reading about them."""
    report = layout.report
    table = text_table(path, layout, workdir)
    headers = {n: layout.header.cells[place] for n, place in layout.places.items()}
    typing = typed(table, report, name, headers, order)
    fallen = rejected(name, path, layout, table, typing, headers)
    rows = _rows(typing, fallen, layout)
    parquet = workdir / ROWS
    rows.sink_parquet(parquet, compression="lz4")
    return {
        "rows_read": table.rows,
        "rows_rejected": fallen.rows,
        "rejects": fallen.rejects,
        "rejected_keys": fallen.keys,
        "problems": (*_cut_off(table, name), *typing.problems),
        **_spans(parquet, report),
        "unknown_values": _unknown_values(parquet, report),
    }


def _rows(typing: Typing, fallen: Rejected, layout: Layout) -> pl.LazyFrame:
    """All canonical columns in the catalog's order, typed, absent ones NULL, and the line."""
    import polars as pl

    rows = typing.clean
    costly = [fault.where for fault in typing.faults if fault.leaves_out]
    if fallen.left_out and costly:
        rows = rows.filter(pl.any_horizontal(costly).not_())
    there = set(layout.places)
    columns = []
    for canonical, column in layout.report.columns.items():
        if canonical in layout.above:
            value: pl.Expr = pl.lit(layout.above[canonical], dtype=pl.String)
        elif canonical in there:
            value = typing.values.get(canonical, pl.col(canonical))
        else:
            value = pl.lit(None, dtype=polars_type(column))
        columns.append(value.alias(canonical))
    typed_rows = rows.select(*columns, pl.col(LINE))
    summary = layout.report.summary
    return spread(typed_rows, summary) if summary else typed_rows


def _cut_off(table: TextTable, name: str) -> list[Problem]:
    if not table.truncated:
        return []
    return [Problem("The last row is cut off: the file is not complete.", "Download it again.", name)]


def _spans(parquet: Path, report: Report) -> dict[str, date | None]:
    import polars as pl

    rows = pl.scan_parquet(parquet, glob=False)
    columns = sorted({*report.covers, *report.event_dates})
    if not columns:
        return {"first_date": None, "last_date": None, "newest_event": None}
    ends = rows.select(
        *(pl.col(c).min().alias(f"{c} first") for c in columns), *(pl.col(c).max().alias(f"{c} last") for c in columns)
    ).collect()
    starts = [day for c in report.covers if (day := ends[f"{c} first"][0])]
    stops = [day for c in report.covers if (day := ends[f"{c} last"][0])]
    events = [day for c in report.event_dates if (day := ends[f"{c} last"][0])]
    return {
        "first_date": min(starts, default=None),
        "last_date": max(stops, default=None),
        "newest_event": max(events, default=None),
    }


def _unknown_values(parquet: Path, report: Report) -> Mapping[str, Mapping[str, int]]:
    """By column, how many rows have each value that the catalog does not list, whatever its case and separators."""
    import polars as pl

    found: dict[str, dict[str, int]] = {}
    for name, column in report.columns.items():
        if not column.codes:
            continue
        documented = {squeezed(code) for code in column.codes}
        counts = pl.scan_parquet(parquet, glob=False).group_by(name).len().collect()
        strange = {v: n for v, n in counts.iter_rows() if v is not None and squeezed(v) not in documented}
        if strange:
            found[name] = dict(sorted(strange.items()))
    return found
