"""Pairing rows that are two sides of one movement: one to one, equal units, nearest dates first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a possible pair: rows pair only within equal `key` and equal `units`.

    `order` breaks ties by content, so that file names and row order never decide.
    """

    row_id: int
    key: tuple[str, ...]
    units: int
    day: date
    order: tuple[str, ...] = ()


def pair(left: Iterable[Side], right: Iterable[Side], earliest: int, latest: int) -> dict[int, int]:
    """Pair each left row with at most one right row; the result maps left to right row ids.

    The right row may lie from `earliest` to `latest` days after the left one (negative: before it).
    Among all possible pairs of one key the closest dates are joined first.
    """
    rights: dict[tuple[tuple[str, ...], int], list[Side]] = defaultdict(list)
    for side in right:
        rights[side.key, side.units].append(side)
    possible = [
        (abs(days), one.day, one.order, other.order, one.row_id, other.row_id)
        for one in left
        for other in rights[one.key, one.units]
        if earliest <= (days := (other.day - one.day).days) <= latest
    ]
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for *_, one_id, other_id in sorted(possible):
        if one_id not in pairs and other_id not in taken:
            pairs[one_id] = other_id
            taken.add(other_id)
    return pairs
