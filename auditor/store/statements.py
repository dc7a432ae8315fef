"""Exports whose first row states a total: what it states for all their rows, and whether these add up to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import duckdb

from auditor.exports.layout import Report, Summary
from auditor.model import Problem
from auditor.store.folding import Folding

_MOST_NAMED = 3


def spread_summaries(con: duckdb.DuckDBPyConnection, summary: Summary) -> None:
    """Give every folded row what the summary row of its key states, also where that row lies in another file."""
    stated = ", ".join(f"max({name}) as {name}" for name in summary.spread)
    filled = ", ".join(f"{name} = coalesce(folded.{name}, summaries.{name})" for name in summary.spread)
    con.execute(
        f"""update folded set {filled}
            from (select {summary.key}, {stated} from folded group by {summary.key}) as summaries
            where folded.{summary.key} = summaries.{summary.key}"""
    )


def note_incomplete(con: duckdb.DuckDBPyConnection, fold: Folding) -> list[Problem]:
    """Settlements whose rows, from all files together, do not add up to what they state: a problem for each.

    They go into the table `incomplete_settlements`. Rows after the as-of date belong to the sum as well.
    """
    report, summary = fold.report, fold.report.summary
    if summary is None:
        return []
    names = {index: file.name for index, file in fold.files}
    doubts = []
    for key, total, amount, end, indexes in _sums(con, fold, summary):
        if total is not None and total == amount:
            continue
        con.execute("insert into incomplete_settlements values (?, ?)", [key, end])
        doubts.append(_doubt(report, key, total, amount, sorted(names[index] for index in indexes)))
    return doubts


def _sums(
    con: duckdb.DuckDBPyConnection, fold: Folding, summary: Summary
) -> Sequence[tuple[str, Decimal | None, Decimal, date | None, list[int]]]:
    """By settlement: the total it states, the sum of its rows, its last day, and the files it lies in."""
    rows = "folded"
    if any(file.newest_event and file.newest_event > fold.as_of for _, file in fold.files):
        everything = Folding(fold.report, fold.files, fold.whole, date.max)
        con.execute(f"create or replace temp view incoming as {everything.incoming()}")
        rows = f"({everything.folded()})"
    amount = " + ".join(f"coalesce({name}, 0)" for name in summary.amount)
    last_day = "period_end" if "period_end" in fold.report.columns else "null::date"
    return con.execute(
        f"""select {summary.key}, max({summary.total}),
              coalesce(sum({amount}) filter ({summary.marker} is not null), 0), max({last_day}),
              list(distinct export_index order by export_index)
            from {rows} as stated where {summary.key} is not null group by {summary.key} order by {summary.key}"""
    ).fetchall()


def _doubt(report: Report, key: str, total: Decimal | None, amount: Decimal, files: Sequence[str]) -> Problem:
    more = f" and {len(files) - _MOST_NAMED} more" if len(files) > _MOST_NAMED else ""
    where = ", ".join(files[:_MOST_NAMED]) + more
    if total is None:
        what = f"{report.title} {key} has no summary row, so its period and currency are unknown."
        return Problem(what, "Download the whole settlement again.", where)
    what = f"the rows of {report.title} {key} add up to {amount:.2f}, but it states {total:.2f}: rows are missing."
    return Problem(what, "Download the settlement again; until then its refunds and prices need a person.", where)
