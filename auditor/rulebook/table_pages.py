"""The tables that a rule may read, with their columns: for people who write rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

import duckdb

from auditor.exports.catalog import Catalog
from auditor.policy import Policy
from auditor.rulebook.policy_tables import create_policy_tables
from auditor.rulebook.shared_tables import build_shared_tables, load_shared_sql
from auditor.rulebook.sqltext import shared_what
from auditor.store.database import connect
from auditor.store.tables import create_tables

#: What every row of an export has beside the columns of its report.
_OF_EVERY_ROW = {
    "row_id": "the way back to file and line; goes into the evidence",
    "export_last_day": "the last day that the row's export covers",
    "has_figures": "whether the export states Amazon's own figures",
}
#: Tables that no query in rules/shared/ makes.
_MADE_OTHERWISE = {
    "products": "The ledger's products: one row per FNSKU and MSKU, with ASIN and newest title.",
    "damaged_rows": "Rows that were kept with an unknown or restored value, and what is wrong with which column.",
    "incomplete_settlements": "Settlements whose rows do not add up, with their last day.",
    "covered_days": "The spans of days that the exports of each table cover, first and last day included.",
    "pairs": "Rows that are two sides of one movement, one to one, made of `pair_sides`.",
    "lots": "Losses, damages and shortages, each row with the units that are still open, made of `losses` and others.",
    "settled_lots": "What the settling of each lot came to, and which of the two counts decided.",
    "settlements": "Which find, payment or correction settles how many units of which lot.",
    "offsets": "Rows whose units explain each other, each unit once, made of `offset_sides`.",
    "reversal_finds": "Finds, returns and receipts that explain a reversed payment.",
    "later_finds": "Finds after a payment for the same units.",
    "marketplace_names": "Every name of a marketplace in the exports, with its code, region and currency.",
    "marketplaces": "The marketplaces that the policy knows, with region and currency.",
    "unit_caps": "The most that Amazon pays for one unit, by region, currency and time.",
    "fee_changes": "Days on which fulfilment fees changed, and by how many percent at most.",
    "value_bases": "What a unit of a claim type is worth in a marketplace, and since when.",
}


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column: its type in DuckDB, and what the export calls it or what it holds; blank where only SQL says it."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True, slots=True)
class RuleTable:
    """One table: `exports` are the titles of the reports that fill it, none for a table that is made of others."""

    name: str
    what: str
    exports: tuple[str, ...]
    columns: tuple[TableColumn, ...]


def rule_tables(catalog: Catalog, policy: Policy) -> list[RuleTable]:
    """Every table that a rule may read: those of exports first, then those that are made of them, by name."""
    with connect() as con:
        create_tables(con, catalog)
        create_policy_tables(con, policy)
        build_shared_tables(con, date(2000, 1, 1))
        described = _described(con)
    tables = [*_of_exports(catalog, described), *_made(described)]
    return sorted(tables, key=lambda table: (not table.exports, table.name))


def _described(con: duckdb.DuckDBPyConnection) -> Mapping[str, list[tuple[str, str]]]:
    query = "select table_name, column_name, data_type from duckdb_columns() where not internal order by column_index"
    tables: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in con.execute(query).fetchall():
        tables.setdefault(table, []).append((column, kind))
    return tables


def _of_exports(catalog: Catalog, described: Mapping[str, list[tuple[str, str]]]) -> Iterable[RuleTable]:
    for name in sorted({report.table for report in catalog.reports.values()}):
        reports = sorted((r for r in catalog.reports.values() if r.table == name), key=lambda r: (len(r.id), r.id))
        printed = {column: entry.names for report in reversed(reports) for column, entry in report.columns.items()}
        columns = tuple(
            TableColumn(column, kind, _OF_EVERY_ROW.get(column) or ", ".join(printed.get(column, ())[:1]))
            for column, kind in described[name]
        )
        shows = "; ".join(dict.fromkeys(report.shows for report in reports))
        yield RuleTable(name, f"{shows[:1].upper()}{shows[1:]}.", tuple(r.title for r in reports), columns)


def _made(described: Mapping[str, list[tuple[str, str]]]) -> Iterable[RuleTable]:
    folder = files("auditor.rules") / "shared"
    told = dict(_MADE_OTHERWISE)
    for name in load_shared_sql():
        told[name] = shared_what(folder / f"{name}.sql")
    for name, what in told.items():
        yield RuleTable(name, what, (), tuple(TableColumn(*column, "") for column in described[name]))


def tables_page(tables: Iterable[RuleTable]) -> str:
    """All tables as one page of Markdown."""
    tables = list(tables)
    parts = [
        "# The tables that a rule may read",
        "Generated from the catalog of exports and from `rules/shared/`; `audit rules tables TABLE` prints the same.",
        "## Tables of the exports",
        *(_section(table) for table in tables if table.exports),
        "## Tables that are made of them",
        *(_section(table) for table in tables if not table.exports),
    ]
    return "\n\n".join(parts) + "\n"


def _section(table: RuleTable) -> str:
    exports = f" From: {'; '.join(table.exports)}." if table.exports else ""
    rows = [
        f"| `{column.name}` | {column.type} |" + (f" {column.meaning} |" if table.exports else "")
        for column in table.columns
    ]
    head = "| column | type | in the export |\n|---|---|---|" if table.exports else "| column | type |\n|---|---|"
    return "\n".join([f"### {table.name}", "", f"{table.what}{exports}", "", head, *rows])
