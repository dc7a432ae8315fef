"""The tables that rules share, each made once and after those it is made of.

Their meaning is SQL, one file a table in rules/shared/. Where rows have to be given out one after the other, a walk in
Python makes the table: pairs, lots and settlements, offsets, finds that explain reversals.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from graphlib import TopologicalSorter
from importlib.resources import files

import duckdb

from auditor.rulebook.check import tables_read
from auditor.rulebook.lots import make_lots, make_offsets, make_pairs
from auditor.rulebook.rows import insert_rows
from auditor.rulebook.sqltext import shared_sql
from auditor.rulebook.takebacks import match_takebacks
from auditor.store.coverage import Coverage
from auditor.store.database import glance, parsed

#: What judging reads by itself, whatever the rules read.
ALWAYS = ("payments",)
#: What an audit reads beside: the balance of units, and what things sell for.
OF_AN_AUDIT = ("lots", "settlements", "order_lines")
#: Queries in rules/shared/ that make no table.
NO_TABLES = {"evidence_rows"}


@dataclass(frozen=True, slots=True)
class Walk:
    """Tables that Python makes, and the shared tables that it reads for them."""

    makes: tuple[str, ...]
    reads: tuple[str, ...]
    make: Callable[[duckdb.DuckDBPyConnection, date], None]


WALKS = (
    Walk(("pairs",), ("pair_sides",), make_pairs),
    Walk(
        ("lots", "settlements"),
        ("losses", "shortages", "removal_parcels", "unshipped_removals", "explanations"),
        make_lots,
    ),
    Walk(("offsets",), ("offset_sides",), make_offsets),
    Walk(("reversal_finds", "later_finds"), ("surplus", "reversals", "cash_payments", "paid_losses"), match_takebacks),
)
_WALK_OF = {table: walk for walk in WALKS for table in walk.makes}


def build_shared_tables(
    con: duckdb.DuckDBPyConnection,
    as_of: date,
    shared: Mapping[str, str] | None = None,
    wanted: Collection[str] | None = None,
) -> None:
    """Build the shared tables in `con`, where canonical tables, policy tables and covered days already are.

    `shared` maps table names to SQL and defaults to the packaged files. Only tables that are `wanted`, or that one of
    those is made of, are built; None wants all.
    """
    sql = load_shared_sql() if shared is None else shared
    walked: set[tuple[str, ...]] = set()
    for table in tables_behind(wanted, sql):
        walk = _WALK_OF.get(table)
        if walk is None:
            _create(con, table, sql[table], as_of)
        elif walk.makes not in walked:
            walked.add(walk.makes)
            walk.make(con, as_of)


def tables_behind(wanted: Collection[str] | None, shared: Mapping[str, str] | None = None) -> list[str]:
    """The shared tables to build for those that are `wanted`, in the order in which they are made."""
    sql = load_shared_sql() if shared is None else shared
    made_of = {table: _made_of(sql[table], table) for table in sql} | {t: w.reads for t, w in _WALK_OF.items()}
    needed: set[str] = set()
    waiting = [table for table in (made_of if wanted is None else (*wanted, *ALWAYS)) if table in made_of]
    while waiting:
        table = waiting.pop()
        if table not in needed:
            needed.add(table)
            waiting += [other for other in made_of[table] if other in made_of]
    graph = {table: sorted(needed & set(made_of[table])) for table in sorted(needed)}
    return list(TopologicalSorter(graph).static_order())


def reads_behind(wanted: Collection[str], shared: Mapping[str, str] | None = None) -> frozenset[str]:
    """Every table that is read for the wanted ones, those that are not shared among them."""
    sql = load_shared_sql() if shared is None else shared
    behind = tables_behind(wanted, sql)
    return frozenset({*wanted, *(name for table in behind if table in sql for name in _made_of(sql[table], table))})


def create_covered_days(con: duckdb.DuckDBPyConnection, coverage: Mapping[str, Coverage]) -> None:
    """Create `covered_days`: the spans of days that the exports of each table cover, first and last day included."""
    con.execute("create or replace table covered_days (table_name varchar, first_day date, last_day date)")
    spans = [(table, span.first, span.last) for table, covered in sorted(coverage.items()) for span in covered.spans]
    insert_rows(con, "covered_days", spans)


@cache
def load_shared_sql() -> Mapping[str, str]:
    """The packaged shared queries by the table that each one makes."""
    folder = files("auditor.rules") / "shared"
    names = sorted(f.name.removesuffix(".sql") for f in folder.iterdir() if f.name.endswith(".sql"))
    return {name: shared_sql(folder / f"{name}.sql") for name in names if name not in NO_TABLES}


@lru_cache(maxsize=512)
def _made_of(query: str, table: str) -> tuple[str, ...]:
    """The tables that a shared query reads, but for the one that it makes."""
    with glance() as con:
        return tuple(sorted(tables_read(con, query) - {table}))


def _create(con: duckdb.DuckDBPyConnection, name: str, sql: str, as_of: date) -> None:
    """Make one shared table; DuckDB takes no parameter in CREATE TABLE, so the day stands in the text."""
    day = f"date '{as_of}'"
    con.execute(parsed(f"create or replace table {name} as {sql.replace('$as_of', day)}"))
