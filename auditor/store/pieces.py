"""Recognising the pieces of one export that somebody cut in two.

Every export holds whole days: where two exports touch on one day, the older one's rows of that day stand in the newer
one too. Two files that touch on one day and have no row of it in common were one export. Joining them again
matters: the figures of both speak as of the day of the whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import permutations

import duckdb

from auditor.exports.layout import Report
from auditor.exports.reading import Reading
from auditor.store.folding import event_identity


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
    """Whether the day was cut: both sides have rows of it and not one in common.

    A row in common may be one event in two exports, and counting it twice would claim it twice.
    """
    one, other = _rows_of(report, day, earlier), _rows_of(report, day, later)
    return bool(one) and bool(other) and not one & other


def _rows_of(report: Report, day: date, file: Reading) -> Counter[tuple[object, ...]]:
    query = f"select {event_identity(report)} from read_parquet(?) where {report.covers[0]} = ?"
    return Counter(duckdb.connect(":memory:").execute(query, [str(file.parquet), day]).fetchall())
