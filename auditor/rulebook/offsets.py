"""Offsets: rows whose units explain each other without a loss being settled, each unit used once.

Which rows may offset which is SQL (rules/shared/offset_sides.sql); the walk is Python, because giving out what is
left of a row is a walk and not a join.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class OffsetSide:
    """One row that asks for an explanation (`demand`) or may give one (`supply`), in one stage.

    Rows meet only within one `stage` and equal `key`; the supply lies from `earliest` to `latest` days after the
    demand (negative: before it). Earlier stages go first, and what they use of a row is gone. `order` breaks ties by
    content, so that file names and row order never decide.
    """

    stage: int
    kind: str
    demand: bool
    row_id: int
    key: str
    units: int
    day: date
    earliest: int
    latest: int
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offset:
    """`units` of the demand row are explained by the supply row, as `kind` says."""

    kind: str
    demand_row: int
    supply_row: int
    units: int
    day: date


def offset(sides: Iterable[OffsetSide]) -> list[Offset]:
    """Give out the units of all supplies, stage by stage, the earliest ones first.

    Within a stage and key the oldest demand takes the earliest supply in reach. As all of them reach equally far, no
    other way explains more units.
    """
    groups: dict[tuple[int, str, str, int, int], list[OffsetSide]] = defaultdict(list)
    for side in sides:
        groups[side.stage, side.kind, side.key, side.earliest, side.latest].append(side)
    left: dict[tuple[bool, int], int] = {}
    offsets: list[Offset] = []
    for group in sorted(groups):
        rows = sorted(groups[group], key=lambda side: (side.day, side.order, side.row_id))
        for side in rows:
            left.setdefault((side.demand, side.row_id), side.units)
        offsets += _give_out(rows, left)
    return offsets


def _give_out(rows: Sequence[OffsetSide], left: dict[tuple[bool, int], int]) -> list[Offset]:
    """Meet demands and supplies of one group, and lower what is `left` of them."""
    supplies = [side for side in rows if not side.demand]
    offsets: list[Offset] = []
    first = 0
    for side in (row for row in rows if row.demand):
        soonest, last = side.day + timedelta(days=side.earliest), side.day + timedelta(days=side.latest)
        while first < len(supplies) and (supplies[first].day < soonest or not left[False, supplies[first].row_id]):
            first += 1
        for supply in supplies[first:]:
            if supply.day > last or not left[True, side.row_id]:
                break
            used = min(left[True, side.row_id], left[False, supply.row_id])
            if used:
                left[True, side.row_id] -= used
                left[False, supply.row_id] -= used
                offsets.append(Offset(side.kind, side.row_id, supply.row_id, used, supply.day))
    return offsets
