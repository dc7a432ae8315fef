"""Canonical tables from read exports: overlaps folded, each row with its way back to file and line.

Every row has `row_id` = export_index * 2**32 + line. File indexes follow content hashes, so neither the names
nor the order of files change anything but the words in the evidence.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from auditor.exports.catalog import Catalog
from auditor.exports.layout import Fold, Report
from auditor.exports.names import squeezed
from auditor.exports.raw import rows_at
from auditor.exports.reading import Reading
from auditor.model import Problem
from auditor.store.coverage import Coverage, coverage_by_table
from auditor.store.database import connect
from auditor.store.folding import Folding
from auditor.store.pieces import whole_exports
from auditor.store.reading import ReadExport
from auditor.store.repeats import LINES_PER_FILE, drop_repeats
from auditor.store.statements import note_incomplete, spread_summaries

SQL_TYPES = {
    "text": "varchar",
    "id": "varchar",
    "date": "date",
    "integer": "bigint",
    "money": "decimal(18,4)",
    "number": "decimal(22,8)",
}


@dataclass(frozen=True, slots=True)
class Tables:
    """The canonical tables of one account in `con`, and what is known about where they come from.

    `exports` holds the export of each index; `repeated` counts, by index, the rows that another export already
    holds; `coverage` is by table, and by table and kind of rows where a report holds that kind alone;
    `doubts` is what does not add up across the exports.
    """

    con: duckdb.DuckDBPyConnection
    exports: tuple[ReadExport, ...]
    repeated: Mapping[int, int]
    coverage: Mapping[str, Coverage]
    doubts: Sequence[Problem]
    catalog: Catalog

    def place(self, row_id: int) -> tuple[Reading, int]:
        """The export and the line that `row_id` stands for."""
        return self.exports[row_id // LINES_PER_FILE].reading, row_id % LINES_PER_FILE

    def damaged_rows(self) -> dict[int, str]:
        """What is wrong with the rows that were kept with an unknown or a restored value, by row id."""
        rows = self.con.execute(
            """select row_id, string_agg(column_name || ': ' || reason, ', ' order by column_name, reason)
               from damaged_rows group by row_id order by row_id"""
        ).fetchall()
        return dict(rows)

    def _cells(self, export: ReadExport, lines: Collection[int]) -> dict[int, dict[str, str]]:
        return rows_at(export.source, export.reading, lines, self.catalog)

    def original_rows(self, row_ids: Iterable[int]) -> dict[int, dict[str, str]]:
        """The cells of the rows as they stand in the original files, by header name, without personal columns."""
        lines: dict[int, list[int]] = defaultdict(list)
        for row_id in row_ids:
            lines[row_id // LINES_PER_FILE].append(row_id % LINES_PER_FILE)
        return {
            index * LINES_PER_FILE + line: cells
            for index, wanted in sorted(lines.items())
            for line, cells in self._cells(self.exports[index], wanted).items()
        }


def build_tables(exports: Iterable[ReadExport], catalog: Catalog, as_of: date) -> Tables:
    """Build every canonical table of the catalog in a fresh in-memory database.

    Rows dated after `as_of` do not exist. Tables without an export exist and are empty.
    """
    read = tuple(sorted((e for e in exports if e.reading.parquet and not e.same_as), key=lambda e: e.reading.sha256))
    files = tuple(export.reading for export in read)
    con = connect()
    create_tables(con, catalog)
    repeated: dict[int, int] = {}
    coverage = coverage_by_table(catalog, files, as_of)
    doubts: list[Problem] = []
    for table, reports in _reports_by_table(catalog).items():
        for alike in _folded_together(reports):
            mine = [(index, file) for index, file in enumerate(files) if file.report_id in {r.id for r in alike}]
            repeated |= _build(con, table, alike[0], mine, as_of, doubts)
        for report in reports:
            for index, count in drop_repeats(con, report, catalog, files).items():
                repeated[index] += count
    ledgers = [file for file in files if file.report_id and catalog.reports[file.report_id].table == "ledger"]
    _products(con, ledgers, as_of)
    _damaged_rows(con, files, catalog)
    _put_back_skus(con, read, catalog)
    return Tables(con, read, repeated, coverage, doubts, catalog)


def lock(con: duckdb.DuckDBPyConnection) -> None:
    """Shut the database in before any rule runs: no files, no network, no extensions, no way back."""
    con.execute("set enable_external_access = false")
    con.execute("set lock_configuration = true")


def create_tables(con: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    """Create every canonical table of the catalog, empty."""
    for table, reports in _reports_by_table(catalog).items():
        declared = ", ".join(f"{name} {SQL_TYPES[column.type]}" for name, column in reports[0].columns.items())
        con.execute(f"create table {table} ({declared}, row_id bigint, export_last_day date, has_figures boolean)")
    con.execute("create table products (fnsku varchar, msku varchar, asin varchar, title varchar)")
    con.execute("create table damaged_rows (row_id bigint, column_name varchar, reason varchar)")
    con.execute("create table incomplete_settlements (settlement_id varchar, period_end date)")
    con.execute("create table covered_days (table_name varchar, first_day date, last_day date)")


def _reports_by_table(catalog: Catalog) -> dict[str, list[Report]]:
    tables: dict[str, list[Report]] = {}
    for report in sorted(catalog.reports.values(), key=lambda r: r.id):
        tables.setdefault(report.table, []).append(report)
    return tables


def _folded_together(reports: Sequence[Report]) -> list[list[Report]]:
    """The reports of a table in groups: rows of reports that tell their rows apart alike are compared."""
    groups: dict[Fold, list[Report]] = {}
    for report in reports:
        groups.setdefault(report.fold, []).append(report)
    return list(groups.values())


def _build(
    con: duckdb.DuckDBPyConnection,
    table: str,
    report: Report,
    files: Sequence[tuple[int, Reading]],
    as_of: date,
    doubts: list[Problem],
) -> dict[int, int]:
    """Fill one table and count, by file, the rows that another export already holds."""
    if not files:
        return {}
    fold = Folding(report, files, whole_exports(report, files), as_of)
    con.execute(f"create or replace temp view incoming as {fold.incoming()}")
    con.execute(f"create or replace temp table folded as {fold.folded()}")
    if report.summary:
        spread_summaries(con, report.summary)
        doubts += note_incomplete(con, fold)
        con.execute(f"create or replace temp view incoming as {fold.incoming()}")
    con.execute(
        f"""insert into {table}
            by name select {", ".join(report.columns)},
              export_index * {LINES_PER_FILE} + line as row_id, export_last_day, has_figures
            from folded"""
    )
    kept = Counter(dict(con.execute("select export_index, count(*) from folded group by all").fetchall()))
    kept.update(dict(con.execute(fold.bulk_rows_kept()).fetchall()) if report.bulk else {})
    known = Counter(dict(con.execute("select export_index, count(*) from incoming group by all").fetchall()))
    con.execute("drop table folded")
    con.execute("drop view incoming")
    return {index: known[index] - kept[index] for index, _ in files}


def _products(con: duckdb.DuckDBPyConnection, files: Sequence[Reading], as_of: date) -> None:
    """One row per FNSKU and MSKU of the ledger: its ASIN and its newest title.

    Few rows differ in more than their day, and comparing pairs is slow: days come first.
    """
    paths = [str(file.parquet) for file in files]
    if paths:
        con.execute(
            """insert into products
               select fnsku, msku, max_by(asin, (last_day, asin)), max_by(title, (last_day, title))
               from (
                 select fnsku, msku, asin, title, max(date) as last_day
                 from read_parquet(?)
                 where fnsku is not null and date <= ?
                 group by all)
               group by fnsku, msku""",
            [paths, as_of],
        )


def _canonical(catalog: Catalog, file: Reading, printed: str) -> str:
    """The column's name in the tables; rejects name it as the file's header does."""
    for name, column in catalog.reports[file.report_id or ""].columns.items():
        if squeezed(printed) in map(squeezed, (name, *column.names)):
            return name
    return printed


def _damaged_rows(con: duckdb.DuckDBPyConnection, files: Sequence[Reading], catalog: Catalog) -> None:
    """Rows that were kept with an unknown value: their findings need a person."""
    rows = [
        (index * LINES_PER_FILE + reject.line, _canonical(catalog, file, reject.column), reject.reason)
        for index, file in enumerate(files)
        for reject in file.rejects
        if reject.severity == "kept"
    ]
    if rows:
        con.executemany("insert into damaged_rows values (?, ?, ?)", rows)


def _put_back_skus(con: duckdb.DuckDBPyConnection, exports: Sequence[ReadExport], catalog: Catalog) -> None:
    """Rows whose SKU has leading zeros again that its file does not print: their findings need a person."""
    for index, export in enumerate(exports):
        if export.put_back and export.reading.report_id:
            con.execute(
                f"""insert into damaged_rows
                    select row_id, 'msku', format('printed as {{}}, its leading zeros were put back', printed)
                    from {catalog.reports[export.reading.report_id].table}
                    join (select unnest(?) as msku, unnest(?) as printed) as skus using (msku)
                    where row_id // {LINES_PER_FILE} = {index}""",
                [list(export.put_back), list(export.put_back.values())],
            )
