"""The walks behind shared tables: which rows are two sides of one movement, which find or payment settles which loss.

They are Python, because first in first out with countries, capacities and time limits is a walk and not a join; what
the rows mean is SQL in rules/shared/.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb

from auditor.rulebook.offsets import OffsetSide, offset
from auditor.rulebook.pairing import Side, pair
from auditor.rulebook.rows import insert_rows
from auditor.rulebook.settle import Lot, Settlement, Settling, settle

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


def make_pairs(con: duckdb.DuckDBPyConnection, _as_of: date) -> None:
    """Create `pairs` from `pair_sides`: one to one, equal units, nearest days."""
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
    insert_rows(con, "pairs", pairs)


def make_lots(con: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Create `lots` and `settlements` from losses, shortages, removals and what may explain them."""
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
    removals = con.execute(
        """select parcel_row, 'removal_lost', product, '', shipped_date, missing_units, null, null, null, parcel, null
           from removal_parcels where state in ('arrived', 'not_arrived') and missing_units > 0
           union all
           select parcel_row, 'removal_damaged', product, '', shipped_date, damaged_units,
             null, null, null, parcel, null
           from removal_parcels where state = 'arrived' and damaged_units > 0
           union all
           select order_row, 'removal_lost', product, '', requested_date, short_units, null, null, null, removal, null
           from unshipped_removals where completed and short_units > 0"""
    ).fetchall()
    explanations = con.execute(
        """select row_id, kind, family, coalesce(fnsku, ''), country, date, units, taken_from, tie from explanations"""
    ).fetchall()
    settled, settlements = settle(
        [Lot(*(*_with_order(row[:-1]), row[-1])) for row in losses + shortages + removals],
        [Settling(*_with_order(row)) for row in explanations],
        as_of,
    )
    con.execute(
        """create or replace table settled_lots (
             row_id bigint, open_units bigint, history_open bigint, decided_by varchar, after_figure bigint,
             family varchar)"""
    )
    insert_rows(
        con,
        "settled_lots",
        [(s.row_id, s.open_units, s.history_open, s.decided_by, s.after_figure, s.family) for s in settled],
    )
    con.execute(
        """create or replace table settlements (
             lot_row bigint, settling_row bigint, kind varchar, units bigint, date date, other_country boolean)"""
    )
    insert_rows(con, "settlements", [_values(s) for s in settlements])
    con.execute("drop table if exists lots")
    con.execute(_LOTS)


def make_offsets(con: duckdb.DuckDBPyConnection, _as_of: date) -> None:
    """Create `offsets` from `offset_sides`: the surest pairs first, each unit once."""
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
    insert_rows(con, "offsets", [(o.kind, o.demand_row, o.supply_row, o.units, o.day) for o in offsets])


def _with_order(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The row, its last column as the content that breaks ties."""
    return (*row[:-1], (row[-1] or "",))


def _values(settlement: Settlement) -> tuple[object, ...]:
    s = settlement
    return (s.lot_row, s.settling_row, s.kind, s.units, s.day, s.other_country)
