"""Looking up each cell of a column by its text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .table import Engine

if TYPE_CHECKING:
    import polars as pl


def looked_up(cell: pl.Expr, known: Mapping[str, Any], kind: pl.DataType, engine: Engine) -> pl.Expr:
    """The known value of each text, NULL for every other one.

    Polars takes a whole column into memory to replace its cells, so a stream gives it one piece at a time.
    """
    import polars as pl

    old, new = pl.Series(list(known), dtype=pl.String), pl.Series(list(known.values()), dtype=kind)

    def replaced(cells: pl.Series) -> pl.Series:
        return cells.replace_strict(old, new, default=None, return_dtype=kind)

    if engine == "in-memory":
        return cell.replace_strict(old, new, default=None, return_dtype=kind)
    return cell.map_batches(replaced, return_dtype=kind, is_elementwise=True)
