"""Recognising the pieces of one export that somebody cut in two.

Every export holds whole days: where two exports touch on one day, the older one's rows of that day stand in the newer
one too. When each file holds rows of that day that the other lacks, they were one export. Joining them again
matters: the figures of both speak as of the day of the whole, and equal rows on both sides of the cut are two events.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import permutations

import duckdb

from auditor.exports.layout import Report
from auditor.exports.reading import Reading


def whole_exports(report: Report, files: Sequence[tuple[int, Reading]]) -> dict[int, int]:
    """The export of each file index: pieces of one export share the lowest index among them."""
    whole = {index: index for index, _ in files}
    if report.fold.kind != "multiset" or len(report.covers) != 1:
        return whole
    for (one, earlier), (other, later) in permutations(files, 2):
        day = earlier.last_date
        if (
            day
            and day == later.first_date
            and earlier.header == later.header
            and _cut_within(report, day, earlier, later)
        ):
            both = {whole[one], whole[other]}
            whole = {index: min(both) if export in both else export for index, export in whole.items()}
    return whole


def _cut_within(report: Report, day: date, earlier: Reading, later: Reading) -> bool:
    """Whether the day was cut: each side has rows that the other lacks, and at most one row stands on both sides."""
    one, other = _rows_of(report, day, earlier), _rows_of(report, day, later)
    return bool(one - other) and bool(other - one) and len(one & other) <= 1


def _rows_of(report: Report, day: date, file: Reading) -> Counter[tuple[object, ...]]:
    identity = ", ".join(report.fold.identity)
    query = f"select {identity} from read_parquet(?) where {report.covers[0]} = ?"
    return Counter(duckdb.connect(":memory:").execute(query, [str(file.parquet), day]).fetchall())
