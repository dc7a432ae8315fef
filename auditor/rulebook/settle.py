"""Settling lots: which find, payment or correction explains how many units of which loss.

Two counts are made and compared, because neither is enough alone. The history walks each product's events
first in, first out. Amazon's own figure (Unreconciled Quantity) knows what the exports do not show, but speaks as
of the day of its export: a fresh figure stands, a stale one is believed only as far as the history allows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

FRESH_DAYS = 7
CORRECTION_DAYS = 30

SettlingKind = Literal["found", "paid", "corrected"]
_ORDER_WITHIN_A_DAY = {"found": 1, "corrected": 1, "paid": 2}


@dataclass(frozen=True, slots=True)
class Lot:
    """The units of one loss, damage or shortage. `figure` is Amazon's count of what is still open.

    `figure_day` is the last day of the export that states the figure. `order` is content that breaks ties.
    `damaged_into` is the disposition in which damaged units arrived (None: not shown). `payable_from` lies before `day`
    for a shortage: its day is that of the delivery, which may be known only roughly.
    """

    row_id: int
    family: str
    key: str
    country: str
    day: date
    units: int
    figure: int | None = None
    figure_day: date | None = None
    damaged_into: str | None = None
    order: tuple[str, ...] = ()
    payable_from: date | None = None

    @property
    def settles_from(self) -> date:
        """The first day of a row that may explain the lot."""
        return self.payable_from or self.day


@dataclass(frozen=True, slots=True)
class Settling:
    """A find, payment or correction that may explain units of lots of the same family and key."""

    row_id: int
    kind: SettlingKind
    family: str
    key: str
    country: str | None
    day: date
    units: int
    taken_from: str | None = None
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SettledLot:
    """What is open of a lot, and why: `history_open` is the count without Amazon's figure.

    `decided_by` is history, fresh_figure or stale_figure. `after_figure` counts units that the history explains
    by rows dated after the export whose fresh figure decided.
    """

    row_id: int
    open_units: int
    history_open: int
    decided_by: str
    after_figure: int
    family: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """`units` of the lot are explained by the row `settling_row` (the lot's own row when only Amazon's figure does)."""

    lot_row: int
    settling_row: int
    kind: str
    units: int
    day: date
    other_country: bool


def settle(
    lots: Iterable[Lot], settlings: Iterable[Settling], as_of: date
) -> tuple[list[SettledLot], list[Settlement]]:
    """Settle every lot of every family and key; each unit of a find or payment is used at most once."""
    lots_of: dict[tuple[str, str], list[Lot]] = defaultdict(list)
    settlings_of: dict[tuple[str, str], list[Settling]] = defaultdict(list)
    for lot in lots:
        lots_of[lot.family, lot.key].append(lot)
    for settling in settlings:
        settlings_of[settling.family, settling.key].append(settling)
    settled: list[SettledLot] = []
    settlements: list[Settlement] = []
    for group in sorted(lots_of):
        mine = sorted(lots_of[group], key=lambda lot: (lot.day, lot.order, lot.row_id))
        events = sorted(settlings_of[group], key=lambda s: (s.day, _ORDER_WITHIN_A_DAY[s.kind], s.order, s.row_id))
        by_history = _walk(mine, events, [lot.units for lot in mine])
        history = _remaining(mine, by_history)
        later = _explained_after_figure(mine, by_history)
        open_units, decided = _believe(mine, history, as_of)
        explained = [lot.units - still for lot, still in zip(mine, open_units, strict=True)]
        found = _walk(mine, events, explained)
        settlements += found + _by_figure_alone(mine, explained, found)
        settled += [
            SettledLot(lot.row_id, still, left, why, later[lot.row_id] if why == "fresh_figure" else 0, lot.family)
            for lot, still, left, why in zip(mine, open_units, history, decided, strict=True)
        ]
    return settled, settlements


def _walk(lots: Sequence[Lot], events: Sequence[Settling], capacity: Sequence[int]) -> list[Settlement]:
    """First in, first out: each event explains the oldest lots that came before it, up to their capacity.

    What an event cannot explain is dropped, never saved for a later loss.
    """
    left = list(capacity)
    settlements: list[Settlement] = []
    arrived = 0
    oldest = 0
    staggered = any(later.settles_from < earlier.settles_from for earlier, later in pairwise(lots))
    for event in events:
        while arrived < len(lots) and lots[arrived].settles_from <= event.day:
            arrived += 1
        while oldest < arrived and not left[oldest]:
            oldest += 1
        units = event.units
        indexes: Sequence[int] = range(oldest, arrived)
        if staggered:
            indexes = [index for index, lot in enumerate(lots) if lot.settles_from <= event.day]
        for index in _candidates(lots, event, indexes):
            if not units:
                break
            used = min(units, left[index])
            if used:
                lot = lots[index]
                left[index] -= used
                units -= used
                abroad = event.country is not None and event.country != lot.country
                settlements.append(Settlement(lot.row_id, event.row_id, event.kind, used, event.day, abroad))
    return settlements


def _candidates(lots: Sequence[Lot], event: Settling, indexes: Sequence[int]) -> Iterable[int]:
    """Which of these lots an event may explain, in the order in which it does: a find serves its own country first."""
    if event.kind == "corrected":
        return [index for index in indexes if _corrects(event, lots[index])]
    if event.country is None or all(lots[index].country == event.country for index in indexes):
        return indexes
    return sorted(indexes, key=lambda index: lots[index].country != event.country)


def _corrects(event: Settling, lot: Lot) -> bool:
    """Whether units moved back to SELLABLE may be those of the lot: in time, and out of where they had arrived."""
    in_time = event.day - lot.day <= timedelta(days=CORRECTION_DAYS)
    return in_time and (lot.damaged_into is None or event.taken_from in (None, lot.damaged_into))


def _remaining(lots: Sequence[Lot], settlements: Iterable[Settlement]) -> list[int]:
    used: dict[int, int] = defaultdict(int)
    for settlement in settlements:
        used[settlement.lot_row] += settlement.units
    return [lot.units - used[lot.row_id] for lot in lots]


def _explained_after_figure(lots: Iterable[Lot], settlements: Iterable[Settlement]) -> dict[int, int]:
    spoken = {lot.row_id: lot.figure_day or date.max for lot in lots}
    later = dict.fromkeys(spoken, 0)
    for settlement in settlements:
        if settlement.day > spoken[settlement.lot_row]:
            later[settlement.lot_row] += settlement.units
    return later


def _believe(lots: Sequence[Lot], history: Sequence[int], as_of: date) -> tuple[list[int], list[str]]:
    """Open units by lot, from Amazon's figures and the history, and which of them decided.

    Stale figures may not leave more open than the history leaves after the fresh ones. Where they do, lots give
    way that the history has already explained, oldest first, then the oldest. For losses in one country that is the
    same as oldest first; where a find of another country or a correction explains a younger lot, the older one, which
    no row explains, stays open.
    """
    fresh_since = as_of - timedelta(days=FRESH_DAYS)
    decided = [
        "history" if lot.figure is None
        else "fresh_figure" if lot.figure_day is not None and lot.figure_day >= fresh_since
        else "stale_figure"
        for lot in lots
    ]  # fmt: skip
    believed = [
        left if lot.figure is None else max(0, min(lot.figure, lot.units))
        for lot, left in zip(lots, history, strict=True)
    ]
    stale = [index for index, why in enumerate(decided) if why != "fresh_figure"]
    fresh_units = sum(units for units, why in zip(believed, decided, strict=True) if why == "fresh_figure")
    allowed = max(0, sum(history) - fresh_units)
    excess = sum(believed[index] for index in stale) - allowed
    for floor in (history, [0] * len(lots)):
        for index in stale:
            give = min(max(0, believed[index] - floor[index]), max(0, excess))
            believed[index] -= give
            excess -= give
    return believed, decided


def _by_figure_alone(
    lots: Sequence[Lot], explained: Sequence[int], settlements: Iterable[Settlement]
) -> list[Settlement]:
    """Units that Amazon's figure calls settled though no row of the exports shows how."""
    missing = _remaining(lots, settlements)
    return [
        Settlement(lot.row_id, lot.row_id, "reconciled", units, lot.day, False)
        for lot, done, left in zip(lots, explained, missing, strict=True)
        if (units := done - (lot.units - left)) > 0
    ]
