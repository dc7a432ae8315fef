"""Which finds explain money that Amazon took back, and which ones put money at risk that it has not taken back yet.

The same walk that settles lots, over other rows: units of reversals first, then units that were paid for and kept.
What the one uses is gone for the other, so a find counts once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import duckdb

from auditor.rulebook.settle import Lot, Settlement, Settling, settle

_REVERSALS = """
    select row_id, product, coalesce(loss_from, date '0001-01-01'), needed_units, reimbursement_id
    from reversals where needed_units > 0 and order_id is null and product is not null"""
_STILL_PAID = """
    select row_id, fnsku, date, paid_units - reversed_units, reimbursement_id
    from (
      select
        cash_payments.*,
        case when would_show_losses then least(settled_units, cash_units) else cash_units end as paid_units
      from cash_payments
      join paid_losses on paid_losses.row_id = cash_payments.row_id
      where family = 'lost' and fnsku is not null) as paid
    where paid_units > reversed_units"""
# A found unit that then becomes Amazon's own was paid for and is settled by that.
_HANDED_OVER = """
    select row_id, fnsku, date, -quantity, reference_id
    from ledger
    where event_type ilike 'adjustment%' and upper(trim(reason)) = 'O' and quantity < 0 and fnsku is not null
    order by all"""
_SURPLUS = "select row_id, fnsku, date, units, kind from surplus where fnsku is not null order by all"


def match_takebacks(con: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Create `reversal_finds` (reversal, find, units) and `later_finds` (payment, find, units, day of the find)."""
    surplus = con.execute(_SURPLUS).fetchall()
    explained = _walk(con.execute(_REVERSALS).fetchall(), surplus, as_of)
    kept = _without([find for find in surplus if find[-1] == "found"], _used(explained))
    handed_over = _walk(kept, con.execute(_HANDED_OVER).fetchall(), as_of)
    kept = _without(kept, _used([replace(s, settling_row=s.lot_row) for s in handed_over]))
    # A find of the payment's own day comes before it (see settle), so it is no later find.
    paid = [
        (row_id, fnsku, day + timedelta(days=1), units, tie)
        for row_id, fnsku, day, units, tie in con.execute(_STILL_PAID).fetchall()
    ]
    _store(con, "reversal_finds", explained)
    _store(con, "later_finds", _walk(paid, kept, as_of))


def _used(settlements: Iterable[Settlement]) -> Counter[int]:
    """How many units of each settling row are used."""
    used: Counter[int] = Counter()
    for settlement in settlements:
        used[settlement.settling_row] += settlement.units
    return used


def _without(finds: Iterable[tuple[Any, ...]], used: Counter[int]) -> list[tuple[Any, ...]]:
    """The finds less the units that are used."""
    return [(row_id, key, day, units - used[row_id], kind) for row_id, key, day, units, kind in finds]


def _walk(lots: list[tuple[Any, ...]], events: list[tuple[Any, ...]], as_of: date) -> list[Settlement]:
    _, settlements = settle(
        [Lot(row_id, "paid", key, "", day, units, order=(tie or "",)) for row_id, key, day, units, tie in lots],
        [
            Settling(row_id, "found", "paid", key, None, day, units, order=(tie or "",))
            for row_id, key, day, units, tie in events
            if units > 0
        ],
        as_of,
    )
    return settlements


def _store(con: duckdb.DuckDBPyConnection, table: str, settlements: list[Settlement]) -> None:
    con.execute(f"create or replace table {table} (paid_row bigint, find_row bigint, units bigint, date date)")
    if settlements:
        rows = [(s.lot_row, s.settling_row, s.units, s.day) for s in settlements]
        con.executemany(f"insert into {table} values (?, ?, ?, ?)", rows)
