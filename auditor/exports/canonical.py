"""The columns of a report in its catalog's order, whatever a file calls them and wherever it states them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .cells import polars_type
from .dates import MONTH
from .header import Layout
from .localised import in_canonical_words
from .summary import spread
from .table import LINE, Engine

if TYPE_CHECKING:
    import polars as pl


def canonical_rows(rows: pl.LazyFrame, values: Mapping[str, pl.Expr], layout: Layout, engine: Engine) -> pl.LazyFrame:
    """All canonical columns in the catalog's order, absent ones NULL, and the line.

    `values` types the cells of the text columns in `rows`; those without one stay as they are.
    """
    import polars as pl

    there = set(layout.places)
    columns = []
    for canonical, column in layout.report.columns.items():
        cell = column.cell_of or (column.stated.column if column.stated else canonical)
        if canonical in layout.above:
            value: pl.Expr = pl.lit(layout.above[canonical], dtype=pl.String)
        elif column.constant:
            value = pl.lit(column.constant, dtype=pl.String)
        elif cell in there:
            printed = column.cell_of and column.type == "text"
            read = pl.col(cell) if printed else values.get(cell, pl.col(cell))
            value = in_canonical_words(rows, read, column)
            if column.last_day:
                value = (
                    pl.when(pl.col(cell).str.strip_chars().str.contains(MONTH))
                    .then(value.dt.month_end())
                    .otherwise(value)
                )
        else:
            value = pl.lit(None, dtype=polars_type(column))
        columns.append(value.alias(canonical))
    typed_rows = rows.select(*columns, pl.col(LINE))
    summary = layout.report.summary
    return spread(typed_rows, summary, engine) if summary else typed_rows
