"""Folding overlapping exports: the same row in two exports counts once, identical rows of one export all count.

Only days that several exports cover are compared; all other rows pass as they are. The newest export decides what
may be revised: it is the one whose dates reach furthest, and exports that state reconciliation figures go before
those that do not, because only they can revise them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from auditor.exports.layout import Report
from auditor.exports.reading import Reading
from auditor.store.coverage import Span

FIGURE_COLUMN = "unreconciled"


@dataclass(frozen=True, slots=True)
class Folding:
    """The SQL that folds the exports of one report; `files` pairs each reading with its index.

    `whole` names the export that each file belongs to, for exports that came in pieces. Rows dated after `as_of` do
    not exist, and figures of an export that reaches beyond it speak of a later day, so they are unknown. All queries
    read a view `incoming`, which `incoming()` defines.
    """

    report: Report
    files: Sequence[tuple[int, Reading]]
    whole: Mapping[int, int]
    as_of: date

    def incoming(self) -> str:
        """All rows of all files; `export_rank` 1 is the newest export, and pieces of one export share their rank."""
        exports = self._exports()
        newest_first = sorted(exports, key=lambda whole: exports[whole].newest_first(self.as_of))
        rank = {whole: rank for rank, whole in enumerate(newest_first, start=1)}
        rows = ", ".join(
            f"({_text(str(file.parquet))}, {index}, {rank[whole]}, {_day(exports[whole].last)}, "
            f"{exports[whole].has_figures(self.as_of)})"
            for index, file, whole in ((index, file, self.whole[index]) for index, file in self.files)
        )
        paths = ", ".join(_text(str(file.parquet)) for _, file in self.files)
        return f"""
            select export_index, export_rank, export_last_day, has_figures, line, {", ".join(self.report.columns)}
            from read_parquet([{paths}], filename = true) as rows
            join (values {rows}) as export (filename, export_index, export_rank, export_last_day, has_figures)
              on rows.filename = export.filename
            where not ({self._later()})"""

    def _later(self) -> str:
        return (
            " or ".join(f"coalesce({name} > {_day(self.as_of)}, false)" for name in self.report.event_dates) or "false"
        )

    def _exports(self) -> dict[int, Export]:
        pieces: dict[int, list[Reading]] = defaultdict(list)
        for index, file in self.files:
            pieces[self.whole[index]].append(file)
        return {whole: Export(tuple(files)) for whole, files in pieces.items()}

    def folded(self) -> str:
        """The rows that stay, without bulk rows."""
        wanted = f"not coalesce({self._bulk()}, false)"
        if self.report.fold.kind == "max":
            return self._most(wanted)
        compared = self._compared_days()
        if compared == "false":
            return f"select * from incoming where {wanted}"
        return f"""
            select * from incoming where {wanted} and not ({compared})
            union all by name
            select * from ({self._one_of_each(f"{wanted} and ({compared})")}) as compared"""

    def bulk_rows_kept(self) -> str:
        """How many bulk rows of each export stay, without building them."""
        compared = self._compared_days()
        identity = f"hash({event_identity(self.report)})"
        return f"""
            with alone as (
              select export_index, count(*) as kept
              from incoming where {self._bulk()} and not ({compared}) group by export_index),
            counted as (
              select {identity} as identity, export_rank, any_value(export_index) as export_index, count(*) as rows_here
              from incoming where {self._bulk()} and ({compared}) group by identity, export_rank),
            first_seen as (
              select
                export_index,
                greatest(0, rows_here - coalesce(max(rows_here) over (
                  partition by identity
                  order by export_rank
                  rows between unbounded preceding and 1 preceding), 0)) as kept
              from counted)
            select export_index, sum(kept)::bigint
            from (select * from alone union all select * from first_seen) as both_parts
            group by export_index"""

    def _one_of_each(self, condition: str) -> str:
        """Of equal rows as many as the export with most of them holds, each from the newest export that has it."""
        fold = self.report.fold
        identity = event_identity(self.report)
        revised = f"{fold.order} desc nulls last, " if fold.order else ""
        newest = revised if fold.kind == "newest" else ""
        return f"""
            with counted as (
              select *, row_number() over (
                partition by {identity}, export_rank
                order by {revised}export_index, line) as occurrence
              from incoming
              where {condition})
            select * exclude (occurrence)
            from counted
            qualify row_number() over (partition by {identity}, occurrence order by {newest}export_rank) = 1"""

    def _most(self, condition: str) -> str:
        """Per key the rows of the one export that holds most units."""
        identity = ", ".join(self.report.fold.identity)
        return f"""
            with added_up as (
              select *, sum({self.report.fold.quantity}) over (partition by {identity}, export_index) as units
              from incoming
              where {condition})
            select * exclude (units)
            from added_up
            qualify export_index = first_value(export_index) over (
              partition by {identity} order by units desc, export_rank)"""

    def _compared_days(self) -> str:
        """The condition that a row may also stand in another export."""
        if len(self.files) == 1:
            return "false" if self.report.fold.kind == "multiset" else "true"
        if self.report.fold.kind != "multiset" or len(self.report.covers) != 1:
            return "true"
        day = self.report.covers[0]
        spans = [
            f"{day} between {_day(span.first)} and {_day(span.last)}" for span in shared_days(self._exports().values())
        ]
        return " or ".join([*spans, f"{day} is null"])

    def _bulk(self) -> str:
        bulk = self.report.bulk
        return f"{bulk.column} in ({', '.join(map(_text, bulk.values))})" if bulk else "false"


@dataclass(frozen=True, slots=True)
class Export:
    """One export as it was downloaded, whole or in pieces."""

    pieces: tuple[Reading, ...]

    @property
    def first(self) -> date | None:
        """The first day that it covers."""
        return min((piece.first_date for piece in self.pieces if piece.first_date), default=None)

    @property
    def last(self) -> date | None:
        """The last day that it covers."""
        return max((piece.last_date for piece in self.pieces if piece.last_date), default=None)

    def has_figures(self, as_of: date) -> bool:
        """Whether it states reconciliation figures, and states them for a day not later than `as_of`."""
        stated = all(FIGURE_COLUMN in piece.columns for piece in self.pieces)
        return stated and self.last is not None and self.last <= as_of

    def newest_first(self, as_of: date) -> tuple[bool, int, int, int, str]:
        """Sorts the newest export to the front, by content alone."""
        return (
            not self.has_figures(as_of),
            -(self.last or date.min).toordinal(),
            (self.first or date.max).toordinal(),
            -sum(piece.rows_read for piece in self.pieces),
            min(piece.sha256 for piece in self.pieces),
        )


def shared_days(exports: Iterable[Export]) -> list[Span]:
    """The days that two or more of the exports cover."""
    spans = sorted((export.first, export.last) for export in exports if export.first and export.last)
    shared: list[Span] = []
    reached = date.min
    for first, last in spans:
        if first <= reached:
            shared.append(Span(first, min(last, reached)))
        reached = max(reached, last)
    return shared


def event_identity(report: Report) -> str:
    """What makes two rows the same event, in SQL: texts without case and separators, identifiers as printed.

    Layouts of one report spell codes differently (SELLABLE and Sellable, Adjustments and Adjustment, GB and UK).
    """
    return ", ".join(_alike(name) if report.columns[name].type == "text" else name for name in report.fold.identity)


def _alike(column: str) -> str:
    letters = f"rtrim(regexp_replace(upper({column}), '[^\\p{{L}}\\p{{N}}]', '', 'g'), 'S')"
    return f"case when {letters} = 'GB' then 'UK' else {letters} end"


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _day(day: date | None) -> str:
    return f"date '{day}'" if day else "null::date"
