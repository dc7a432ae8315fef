"""Which days the exports of each table cover.

An export covers the days from its first to its last row (a settlement: its stated period); several exports
unite. Seven days of silence, at either end or in between, are quiet days and no gap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from auditor.exports.catalog import Catalog
from auditor.exports.layout import Report
from auditor.exports.names import squeezed
from auditor.exports.reading import Reading
from auditor.store.database import glance

QUIET_DAYS = 7
#: An export of fewer rows may hold one kind of them by chance.
FEWEST_ROWS_OF_A_FILTER = 20


@dataclass(frozen=True, slots=True)
class Span:
    """Covered days, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Coverage:
    """The covered spans of one table, in order, none closer than a quiet week to the next."""

    spans: tuple[Span, ...] = ()

    @property
    def first(self) -> date | None:
        """First covered day; None when nothing is covered."""
        return self.spans[0].first if self.spans else None

    @property
    def last(self) -> date | None:
        """Last covered day; None when nothing is covered."""
        return self.spans[-1].last if self.spans else None

    @property
    def gaps(self) -> tuple[Span, ...]:
        """The uncovered days between the spans."""
        day = timedelta(days=1)
        return tuple(
            Span(left.last + day, right.first - day) for left, right in zip(self.spans, self.spans[1:], strict=False)
        )

    def covers(self, first: date, last: date, quiet_days: int = QUIET_DAYS) -> bool:
        """Whether one span holds the days from `first` to `last`, some quiet days (a week) allowed at either end."""
        quiet = timedelta(days=quiet_days)
        return any(span.first - quiet <= first and last <= span.last + quiet for span in self.spans)

    def missing(self, first: date, last: date) -> Span:
        """The days from `first` to `last` without the covered ones at either end: what to export."""
        day = timedelta(days=1)
        for span in self.spans:
            if span.first <= first <= span.last < last:
                first = span.last + day
        for span in reversed(self.spans):
            if first < span.first <= last <= span.last:
                last = span.first - day
        return Span(first, last)

    def reaches(self, day: date) -> bool:
        """Whether the last covered day lies at most a quiet week before `day`."""
        return self.last is not None and day <= self.last + timedelta(days=QUIET_DAYS)


def unite(spans: Iterable[Span]) -> Coverage:
    """Unite the spans of several exports; up to seven silent days between two of them are no gap."""
    united: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.first, s.last)):
        if united and (span.first - united[-1].last).days - 1 <= QUIET_DAYS:
            united[-1] = Span(united[-1].first, max(united[-1].last, span.last))
        else:
            united.append(span)
    return Coverage(tuple(united))


def part_of(table: str, part: str) -> str:
    """How the coverage of one kind of rows of a table is called; the table's own name when `part` is blank."""
    return f"{table}: {part}" if part else table


def coverage_by_table(catalog: Catalog, files: Iterable[Reading], as_of: date) -> dict[str, Coverage]:
    """What the files cover up to the as-of date, by table.

    A report that holds one kind of rows alone covers just that kind, under a name of its own (`part_of`), together
    with the reports that hold all kinds. So does an export that was filtered to that kind: the rows of other kinds
    that it lacks may well have happened.
    """
    spans: dict[str, list[Span]] = defaultdict(list)
    for file in files:
        if file.report_id and file.first_date and file.last_date and file.first_date <= as_of:
            report = catalog.reports[file.report_id]
            part = report.part or _filtered_to(file, report, catalog)
            spans[part_of(report.table, part)].append(Span(file.first_date, min(file.last_date, as_of)))
    united: dict[str, Coverage] = {}
    for report in catalog.reports.values():
        whole = united.setdefault(report.table, unite(spans[report.table]))
        united[part_of(report.table, report.part)] = (
            unite([*whole.spans, *spans[part_of(report.table, report.part)]]) if report.part else whole
        )
    return united


def _filtered_to(file: Reading, report: Report, catalog: Catalog) -> str:
    """The one kind of rows that an export holds although its report holds all; blank when it does, or is short."""
    others = [other for other in catalog.reports.values() if other.table == report.table and other.part]
    if not others or file.parquet is None or file.rows_loaded < FEWEST_ROWS_OF_A_FILTER:
        return ""
    column = next(name for name, column in others[0].columns.items() if column.constant)
    with glance() as con:
        kinds = con.execute(f"select distinct {column} from read_parquet(?)", [str(file.parquet)]).fetchall()
    seen = {_alike(kind) for (kind,) in kinds}
    return next((other.part for other in others if seen == {_alike(other.part)}), "")


def _alike(kind: str | None) -> str:
    return squeezed(kind or "").removesuffix("s")
