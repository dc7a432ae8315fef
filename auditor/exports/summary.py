"""Values that one row states for all rows of its group: the period, total and currency of a settlement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.model import Problem

from .layout import Summary

if TYPE_CHECKING:
    import polars as pl


def spread(rows: pl.LazyFrame, summary: Summary, file: str) -> tuple[pl.LazyFrame, list[Problem]]:
    """Give every row the values of its group's summary row, which itself stays a row.

    A group without a summary row, or whose amounts do not add up to the stated total, is a problem: Amazon closes a
    settlement before it publishes it, so that the sum of its amounts is its total.
    """
    import polars as pl

    stating = pl.col(summary.marker).is_null() & pl.col(summary.total).is_not_null()
    stated = (
        rows.filter(stating).select(summary.key, *summary.spread).unique(summary.key, keep="first", maintain_order=True)
    ).collect()
    sums = (
        rows.filter(stating.not_()).group_by(summary.key).agg(pl.col(summary.amount).sum(), pl.len().alias("rows"))
    ).collect()
    filled = [_filled(stated, summary.key, name) for name in summary.spread]
    return rows.with_columns(filled), _doubts(stated, sums, summary, file)


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


def _doubts(stated: pl.DataFrame, sums: pl.DataFrame, summary: Summary, file: str) -> list[Problem]:
    totals = dict(zip(stated[summary.key], stated[summary.total], strict=True))
    problems = []
    for key, amount in sorted(
        zip(sums[summary.key], sums[summary.amount], strict=True), key=lambda item: item[0] or ""
    ):
        if key is None:
            continue
        if key not in totals:
            what = f"Settlement {key} has no summary row here: its period and currency are unknown."
            problems.append(Problem(what, "Give the whole settlement file.", file))
        elif totals[key] != amount:
            there, stated_total = f"{amount.normalize():f}", f"{totals[key].normalize():f}"
            what = f"The rows of settlement {key} add up to {there}, its stated total is {stated_total}."
            problems.append(Problem(what, "The file may be cut off: download it again.", file))
    return problems
