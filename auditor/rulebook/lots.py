"""The tables that all rules share: payments, shortages, lots, settlements, offsets, refund lines, order lines, costs.

Their meaning is SQL in rules/shared/; only the walk through time (settle) and the pairing of rows are Python,
because first in first out with countries, capacities and time limits is a walk and not a join.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from importlib.resources import files
from typing import Any

import duckdb

from auditor.rulebook.offsets import OffsetSide, offset
from auditor.rulebook.pairing import Side, pair
from auditor.rulebook.settle import Lot, Settlement, Settling, settle
from auditor.rulebook.sqltext import shared_sql
from auditor.rulebook.takebacks import match_takebacks

SHARED_BEFORE_PAIRS = ("payments", "payout_lines", "pair_sides")
SHARED_BEFORE_SETTLING = ("losses", "shortages", "explanations")
SHARED_AFTER_SETTLING = (
    *("lot_groups", "refund_lines", "order_lines", "unit_costs", "order_money", "shipped_items"),
    *("cash_payments", "paid_losses", "surplus", "reversals"),
)
#: What the offsets are made of, and what they leave.
SHARED_FOR_OFFSETS = ("imbalances", "damaged_receipts", "offset_sides")
#: Tables that a walk over shared tables makes; any of them needs them all.
TAKEBACKS = frozenset({"paid_losses", "surplus", "reversals", "reversal_finds", "later_finds"})
#: Shared tables that read those of `policy_tables`.
NEEDS_POLICY = frozenset({"cash_payments", *TAKEBACKS})
SHARED_TABLES = (
    *SHARED_BEFORE_PAIRS, *SHARED_BEFORE_SETTLING, *SHARED_AFTER_SETTLING, *SHARED_FOR_OFFSETS,
    "pairs", "lots", "settlements", "offsets", *sorted(TAKEBACKS - set(SHARED_AFTER_SETTLING)),
)  # fmt: skip
#: Tables that are made without settling anything.
SETTLED_WITHOUT = (
    *("payments", "refund_lines", "order_lines", "unit_costs", "order_money", "shipped_items", "cash_payments"),
)

_LOTS = """
    create table lots as
    select losses.*, coalesce(fnsku, msku) as product, open_units, history_open, decided_by, after_figure
    from losses join settled_lots on settled_lots.row_id = losses.row_id and settled_lots.family = losses.family
    union all by name
    select
      settled_lots.row_id, 'inbound' as family, fnsku, msku, asin, title, country, delivered as date,
      shipment_id as reference_id, product, short_units as units, open_units, history_open, decided_by, after_figure
    from shortages join settled_lots
      on settled_lots.row_id = list_first(shortages.shipped_rows).row_id and settled_lots.family = 'inbound'"""


def settle_lots(
    con: duckdb.DuckDBPyConnection,
    as_of: date,
    shared: Mapping[str, str] | None = None,
    wanted: Collection[str] = SHARED_TABLES,
) -> None:
    """Build the shared tables in `con`, where the canonical tables already are.

    `shared` maps table names to SQL and defaults to the packaged rules/shared/*.sql. Tables that are not `wanted`,
    nor needed by one that is, may be left out.
    """
    sql = shared if shared is not None else load_shared_sql()
    _create(con, "payments", sql["payments"], as_of)
    if needs_settling(wanted):
        _create(con, "payout_lines", sql["payout_lines"], as_of)
        _create(con, "pair_sides", sql["pair_sides"], as_of)
        _pair_rows(con)
        for name in SHARED_BEFORE_SETTLING:
            _create(con, name, sql[name], as_of)
        _settle(con, as_of)
    takebacks = not TAKEBACKS.isdisjoint(wanted)
    for name in SHARED_AFTER_SETTLING:
        if name in wanted or takebacks:
            _create(con, name, sql[name], as_of)
    if "offsets" in wanted:
        for name in SHARED_FOR_OFFSETS:
            _create(con, name, sql[name], as_of)
        _offset_rows(con)
    if takebacks:
        match_takebacks(con, as_of)


def needs_settling(wanted: Collection[str]) -> bool:
    """Whether one of the `wanted` tables exists only once lots are settled."""
    return any(name in SHARED_TABLES and name not in SETTLED_WITHOUT for name in wanted)


def load_shared_sql() -> dict[str, str]:
    """The packaged shared queries by the table that each one makes."""
    folder = files("auditor.rules") / "shared"
    names = SHARED_BEFORE_PAIRS + SHARED_BEFORE_SETTLING + SHARED_AFTER_SETTLING + SHARED_FOR_OFFSETS
    return {name: shared_sql(folder / f"{name}.sql") for name in names}


def _create(con: duckdb.DuckDBPyConnection, name: str, sql: str, as_of: date) -> None:
    """Make one shared table; DuckDB takes no parameter in CREATE TABLE, so the day stands in the text."""
    day = f"date '{as_of}'"
    con.execute(f"create or replace table {name} as {sql.replace('$as_of', day)}")


def _pair_rows(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create or replace table pairs (kind varchar, left_row bigint, right_row bigint)")
    rows = con.execute(
        """select kind, side, earliest, latest, row_id, coalesce(pair_key, ''), units, date, coalesce(tie, '')
           from pair_sides"""
    ).fetchall()
    sides: dict[tuple[str, int, int], dict[str, list[Side]]] = {}
    for kind, side, earliest, latest, row_id, key, units, day, tie in rows:
        both = sides.setdefault((kind, earliest, latest), {"left": [], "right": []})
        both[side].append(Side(row_id, (key,), units, day, (tie,)))
    pairs = [
        (kind, left, right)
        for (kind, earliest, latest), both in sorted(sides.items())
        for left, right in sorted(pair(both["left"], both["right"], earliest, latest).items())
    ]
    _insert(con, "pairs", pairs)


def _settle(con: duckdb.DuckDBPyConnection, as_of: date) -> None:
    losses = con.execute(
        """select row_id, family, coalesce(fnsku, msku, ''), coalesce(country, ''), date, units, figure, figure_day,
             damaged_into, concat_ws('|', reference_id, country, fulfillment_center, disposition, code, units), null
           from losses"""
    ).fetchall()
    shortages = con.execute(
        """select list_first(shipped_rows).row_id, 'inbound', product, coalesce(country, ''), delivered, short_units,
             null, null, null, shipment_id, least(created, delivered)
           from shortages where state in ('closed', 'silent') and short_units > 0"""
    ).fetchall()
    explanations = con.execute(
        """select row_id, kind, family, coalesce(fnsku, ''), country, date, units, taken_from, tie from explanations"""
    ).fetchall()
    settled, settlements = settle(
        [Lot(*(*_with_order(row[:-1]), row[-1])) for row in losses + shortages],
        [Settling(*_with_order(row)) for row in explanations],
        as_of,
    )
    con.execute(
        """create or replace table settled_lots (
             row_id bigint, open_units bigint, history_open bigint, decided_by varchar, after_figure bigint,
             family varchar)"""
    )
    family_of = {(row[0]): row[1] for row in losses + shortages}
    _insert(
        con,
        "settled_lots",
        [(s.row_id, s.open_units, s.history_open, s.decided_by, s.after_figure, family_of[s.row_id]) for s in settled],
    )
    con.execute(
        """create or replace table settlements (
             lot_row bigint, settling_row bigint, kind varchar, units bigint, date date, other_country boolean)"""
    )
    _insert(con, "settlements", [_values(s) for s in settlements])
    con.execute("drop table if exists lots")
    con.execute(_LOTS)


def _offset_rows(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        """select stage, kind, side = 'demand', row_id, coalesce(offset_key, ''), units, date, earliest, latest,
             coalesce(tie, '')
           from offset_sides
           where units > 0 and date is not null"""
    ).fetchall()
    offsets = offset(OffsetSide(*_with_order(row)) for row in rows)
    con.execute(
        "create or replace table offsets (kind varchar, demand_row bigint, supply_row bigint, units bigint, date date)"
    )
    _insert(con, "offsets", [(o.kind, o.demand_row, o.supply_row, o.units, o.day) for o in offsets])


def _with_order(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The row, its last column as the content that breaks ties."""
    return (*row[:-1], (row[-1] or "",))


def _values(settlement: Settlement) -> tuple[object, ...]:
    s = settlement
    return (s.lot_row, s.settling_row, s.kind, s.units, s.day, s.other_country)


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[Any, ...]]) -> None:
    """Insert many rows in one statement, a list a column; a statement a row would cost far more."""
    if not rows:
        return
    types = [column[1] for column in con.execute(f"describe {table}").fetchall()]
    lists = ", ".join(f"unnest(?::{kind}[])" for kind in types)
    con.execute(f"insert into {table} select {lists}", [list(column) for column in zip(*rows, strict=True)])
