"""Days of a workbook whose day and month the spreadsheet took for each other.

Opened under another country's settings, `07/05/2026` becomes the fifth of July or the seventh of May, while
`07/16/2026` stays text where there is no month 16. Then all days that were converted are at most the twelfth, and the
texts that are left could be read one way only. That mixture, or another column that states the same day, is proof.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from .dates import TwoWays, parse, printed_day
from .header import Layout

T = TypeVar("T")


def turned(cell: T) -> T | date:
    """The day with its day and month exchanged; anything else, and a day that cannot be, as it is."""
    if isinstance(cell, date) and cell.day <= 12:
        return date(cell.year, cell.day, cell.month)
    return cell


def swapped_places(rows: Iterable[Sequence[object]], layout: Layout, places: Sequence[int]) -> frozenset[int]:
    """Which of the date columns at `places` hold days that were taken the wrong way round."""
    if not places:
        return frozenset()
    witness = layout.header.place(layout.report.date_witness)
    looks = {place: _Look() for place in places}
    for row in rows:
        other = row[witness] if witness is not None and witness < len(row) else None
        for place, look in looks.items():
            if place < len(row):
                look.note(row[place], other if place == places[0] else None)
    return frozenset(place for place, look in looks.items() if look.swapped)


class _Look:
    """What the cells of one date column are."""

    def __init__(self) -> None:
        self._could_be = True
        self._tells = False
        self._texts: set[str] = set()
        self._agree = self._differ = 0

    def note(self, cell: object, witness: object) -> None:
        """Take in one cell, and what another column says of the same day."""
        if isinstance(cell, str):
            if cell.strip():
                self._texts.add(printed_day(cell.strip()))
        elif isinstance(cell, date):
            day = date(cell.year, cell.month, cell.day)
            self._could_be = self._could_be and day.day <= 12
            self._tells = self._tells or day.day != day.month
            self._compare(day, witness)

    def _compare(self, day: date, witness: object) -> None:
        stated = parse(printed_day(witness.strip())) if isinstance(witness, str) else None
        if isinstance(stated, date) and day.day != day.month:
            self._agree += day == stated
            self._differ += turned(day) == stated

    @property
    def swapped(self) -> bool:
        """Whether day and month of every day in it are exchanged."""
        if not (self._could_be and self._tells):
            return False
        if self._agree or self._differ:
            return self._differ > self._agree
        left = [day for text in self._texts if isinstance(day := parse(text), TwoWays)]
        return bool(left) and all(day.proves for day in left) and len({day.proves for day in left}) == 1
