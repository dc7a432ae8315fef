"""Rows by subject and region along time: which one is in force on a day, and which ones contradict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Generic, TypeVar

from auditor.model import Problem
from auditor.policy.rows import DatedRow

Row = TypeVar("Row", bound=DatedRow)


class Timeline(Generic[Row]):
    """Dated rows, ordered by subject, region and first day in force."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows: tuple[Row, ...] = tuple(sorted(rows, key=lambda row: (row.subject, row.region, row.starts)))
        self._by_key: dict[tuple[str, str], tuple[Row, ...]] = {}
        for row in self.rows:
            key = (row.subject, row.region)
            self._by_key[key] = (*self._by_key.get(key, ()), row)

    def named(self, subject: str, regions: Sequence[str]) -> tuple[Row, ...]:
        """All rows of the first of the regions that any row of the subject names."""
        for region in regions:
            if rows := self._by_key.get((subject, region)):
                return rows
        return ()

    def in_force(self, subject: str, regions: Sequence[str], on: date) -> Row | None:
        """The row that decides on a day; a named region without a row on that day never borrows another's."""
        return next((row for row in self.named(subject, regions) if row.in_force(on)), None)

    def overlaps(self) -> Iterator[Problem]:
        """One problem for each pair of rows that would both be in force on some day."""
        for rows in self._by_key.values():
            for earlier, later in pairwise(rows):
                if earlier.in_force(later.starts):
                    yield _overlap(earlier, later)


def _overlap(earlier: DatedRow, later: DatedRow) -> Problem:
    what = " ".join(filter(None, (later.subject, later.region)))
    return Problem(
        f"two rows for {what} are in force {_day(later.effective_from)}; the other is {earlier.file}:{earlier.line}.",
        "End the earlier row with effective_to on the day before the later one begins.",
        later.file,
        later.line,
    )


def _day(day: date | None) -> str:
    return f"on {day.isoformat()}" if day else "the same days"
