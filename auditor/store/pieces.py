"""Recognising the pieces of one export that somebody cut in two.

Every export holds whole days: where two exports touch on one day, the older one's rows of that day stand in the newer
one too. Two files that touch on one day and have no row of it in common were one export. Joining them again
matters: the figures of both speak as of the day of the whole. A file whose days overlap those of a piece is no piece
beside it: it may be that piece, saved again. Where two different files could each be the other half, neither is joined:
figures that are taken for older ones than they are claim less, never more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from auditor.exports.layout import Report
from auditor.exports.reading import Reading
from auditor.store.database import glance
from auditor.store.folding import event_identity

File = tuple[int, Reading]
Group = list[File]


def whole_exports(report: Report, files: Sequence[File]) -> dict[int, int]:
    """The export of each file index: pieces of one export share the lowest index among them."""
    groups: list[Group] = [[file] for file in files]
    if report.fold.kind == "multiset" and len(report.covers) == 1:
        pairs = [pair for pair in _touching(files) if _fit(report, pair[0][1], pair[1][1])]
        for one, other in sorted(pairs, key=lambda pair: [_longest_first(file) for file in pair]):
            mine, theirs = (next(group for group in groups if file in group) for file in (one, other))
            if mine is not theirs and _fit_together(report, mine, theirs) and not _rivals(report, pairs, mine, theirs):
                groups.remove(theirs)
                mine += theirs
    return {index: min(i for i, _ in group) for group in groups for index, _ in group}


def _rivals(report: Report, pairs: Sequence[tuple[File, File]], one: Group, other: Group) -> bool:
    """Whether a file outside could be a piece in the place of one of these, and is no copy of it."""
    inside = [*one, *other]
    shapes = {_shape(reading) for _, reading in inside}
    touching = [(member, stranger) for pair in pairs for member, stranger in (pair, pair[::-1])]
    return any(
        not _fit_together(report, [stranger], inside)
        for member, stranger in touching
        if member in inside and stranger not in inside and _shape(stranger[1]) not in shapes
    )


def _shape(reading: Reading) -> tuple[object, ...]:
    return reading.first_date, reading.last_date, reading.rows_loaded


def _touching(files: Sequence[File]) -> list[tuple[File, File]]:
    """Every two files of one header of which one begins on the day on which the other ends."""
    by_first: dict[tuple[date | None, tuple[str, ...]], Group] = {}
    for file in files:
        by_first.setdefault((file[1].first_date, file[1].header), []).append(file)
    return [
        (earlier, later)
        for earlier in files
        if earlier[1].last_date
        for later in by_first.get((earlier[1].last_date, earlier[1].header), [])
        if later is not earlier
    ]


def _longest_first(file: File) -> tuple[int, str]:
    """By content alone: of two copies of a piece, one whose rows were lost is not the one to join."""
    return -file[1].rows_loaded, file[1].sha256


def _fit_together(report: Report, one: Group, other: Group) -> bool:
    return all(_fit(report, mine, theirs) for _, mine in one for _, theirs in other)


def _fit(report: Report, one: Reading, other: Reading) -> bool:
    """Whether both may be pieces of one export: days apart, or one day in common that was cut."""
    if not (one.first_date and one.last_date and other.first_date and other.last_date):
        return False
    first, last = max(one.first_date, other.first_date), min(one.last_date, other.last_date)
    return first > last or (first == last and _cut_within(report, first, one, other))


def _cut_within(report: Report, day: date, one: Reading, other: Reading) -> bool:
    """Whether the day was cut: both sides have rows of it and not one in common.

    A row in common may be one event in two exports, and counting it twice would claim it twice.
    """
    mine, theirs = _rows_of(report, day, one), _rows_of(report, day, other)
    return bool(mine) and bool(theirs) and not mine & theirs


def _rows_of(report: Report, day: date, file: Reading) -> Counter[tuple[object, ...]]:
    query = f"select {event_identity(report)} from read_parquet(?) where {report.covers[0]} = ?"
    with glance() as con:
        return Counter(con.execute(query, [str(file.parquet), day]).fetchall())
