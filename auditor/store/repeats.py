"""Rows that two reports of one table state, each in its way: the retired reports and the ledger that replaced them."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from auditor.exports.catalog import Catalog
from auditor.exports.layout import Repeats, Report
from auditor.exports.reading import Reading

LINES_PER_FILE = 2**32


def drop_repeats(
    con: duckdb.DuckDBPyConnection, report: Report, catalog: Catalog, files: Sequence[Reading]
) -> dict[int, int]:
    """Take the report's rows out of its table that another report's files state too; how many, by file index.

    One report prints moments and the other local days, so days may differ by a little. Of several equal rows as many
    go as the other report states.
    """
    tables = {index: catalog.reports[file.report_id] for index, file in enumerate(files) if file.report_id}
    own = [index for index, other in tables.items() if other.id == report.id]
    others = [index for index, other in tables.items() if other.table == report.table and other.id != report.id]
    if report.repeats is None or not own or not others:
        return {}
    repeated = _repeated(report.table, report.repeats, own, others)
    con.execute(f"create temp table repeated as {repeated}")
    con.execute(f"delete from {report.table} where row_id in (from repeated)")
    counts = con.execute(f"select row_id // {LINES_PER_FILE}, count(*) from repeated group by all").fetchall()
    con.execute("drop table repeated")
    return dict(counts)


def _repeated(table: str, repeats: Repeats, own: Sequence[int], others: Sequence[int]) -> str:
    day, keys = repeats.date, ", ".join(repeats.columns)
    same = " and ".join(f"own.{name} is not distinct from stated.{name}" for name in repeats.columns)
    return f"""
        with stated as (
          select {keys}, {day} as stated_day, count(*) as times
          from {table} where row_id // {LINES_PER_FILE} in ({_listed(others)})
          group by all),
        own as (
          select {keys}, {day}, row_id, row_number() over (partition by {keys}, {day} order by row_id) as occurrence
          from {table} where row_id // {LINES_PER_FILE} in ({_listed(own)}))
        select own.row_id
        from own join stated on {same} and abs(own.{day} - stated.stated_day) <= {repeats.days}
        group by own.row_id, occurrence
        having occurrence <= sum(times)"""


def _listed(indexes: Sequence[int]) -> str:
    return ", ".join(map(str, indexes))
