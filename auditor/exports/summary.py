"""Values that one row states for all rows of its group: the period, total and currency of a settlement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .layout import Summary
from .table import Engine

if TYPE_CHECKING:
    import polars as pl


def spread(rows: pl.LazyFrame, summary: Summary, engine: Engine) -> pl.LazyFrame:
    """Give every row the values of its group's summary row, which itself stays a row."""
    import polars as pl

    if engine == "in-memory":
        rows = rows.collect(engine=engine).lazy()
    stating = pl.col(summary.marker).is_null() & pl.col(summary.total).is_not_null()
    stated = rows.filter(stating).select(summary.key, *summary.spread)
    stated = stated.unique(summary.key, keep="first", maintain_order=True)
    found = stated.collect(engine=engine)
    return rows.with_columns(_filled(found, summary.key, name) for name in summary.spread)


def _filled(stated: pl.DataFrame, key: str, name: str) -> pl.Expr:
    import polars as pl

    kind = stated.schema[name]
    keyed = stated.filter(pl.col(key).is_not_null())
    value = pl.lit(None, dtype=kind)
    if keyed.height:
        value = pl.col(key).replace_strict(keyed[key], keyed[name], default=None, return_dtype=kind)
    own = pl.coalesce(pl.col(name), value)
    if stated.height != 1:
        return own
    # With one settlement in the file a row whose own number is unreadable can belong to no other.
    only = pl.lit(stated[name][0], dtype=kind)
    return pl.when(pl.col(key).is_null()).then(pl.coalesce(pl.col(name), only)).otherwise(own).alias(name)
