"""Text into typed values, column by column, from the distinct texts of the whole file; what does not fit is a fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from auditor.model import Problem

from .amounts import SCALES, at_scale, read_amounts, whole
from .dates import first_of_month, order_shown_by, read_days
from .layout import Column, DateOrder, Report
from .lookup import looked_up
from .names import Header
from .table import WITNESS, Engine, TextTable
from .texts import DAMAGED_ID, Seen, Texts, seen_in, texts_of, tidied

if TYPE_CHECKING:
    import polars as pl

#: How every reject of a cut identifier begins.
DAMAGED_BY_SPREADSHEET = "identifier damaged by a spreadsheet"
_WORD = re.compile(r"[^\W\d_]")
#: Words for an amount that there is not.
_NOTHING = re.compile(r"(?i)n\.?/?a\.?|none|null|nil")
#: Distinct texts from which on a proven cast is worth its proof.
_MANY = 2_000


@dataclass(frozen=True, slots=True)
class Fault:
    """Cells of one column that could not be read: `where` finds their rows, `leaves_out` says what it costs them.

    A row with several faults is left out when one of them says so. `reason` may name the cell as `{cell}`.
    """

    column: str
    where: pl.Expr
    reason: str
    leaves_out: bool


@dataclass(slots=True)
class Typing:
    """How the text columns of one file become typed ones, and every fault on the way."""

    clean: pl.LazyFrame
    values: dict[str, pl.Expr]
    faults: list[Fault] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    known: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def typed(
    table: TextTable,
    report: Report,
    file: str,
    headers: Mapping[str, str],
    asked: DateOrder | None,
    texts: Texts | None = None,
) -> Typing:
    """Decide how each column of the file is read, from its `texts`, which are looked for when they are not known yet.

    `headers` names the columns as the file does; `known` of the result holds, by column, the value of each text.
    """
    clean = tidied(table, report)
    if table.engine == "in-memory":
        clean = clean.collect(engine=table.engine).lazy()
    seen = seen_in(texts or texts_of(clean, table, report), table, report)
    work = _Work(clean, report, file, headers, seen, table.engine)
    work.blanks(seen)
    work.ids(seen.damaged)
    work.dates(seen.of_type("date", report), asked)
    work.whole_numbers(seen.of_type("integer", report))
    work.amounts(seen.of_type("money", report) | seen.of_type("number", report))
    return Typing(clean, work.values, work.faults, work.problems, work.known)


def polars_type(column: Column) -> pl.DataType:
    """The Parquet type of a column."""
    import polars as pl

    kinds: dict[str, pl.DataType] = {
        "date": pl.Date(),
        "integer": pl.Int64(),
        "money": pl.Decimal(18, SCALES["money"]),
        "number": pl.Decimal(22, SCALES["number"]),
    }
    return kinds.get(column.type, pl.String())


class _Work:
    """Collects, column kind by column kind, how cells are read and what is wrong with them."""

    def __init__(
        self,
        clean: pl.LazyFrame,
        report: Report,
        file: str,
        headers: Mapping[str, str],
        seen: Seen,
        engine: Engine,
    ) -> None:
        self.values: dict[str, pl.Expr] = {}
        self.known: dict[str, Mapping[str, Any]] = {}
        self.faults: list[Fault] = []
        self.problems: list[Problem] = []
        self._clean, self._report, self._file, self._headers = clean, report, file, headers
        self._keys, self._distinct, self._engine = seen.keys, seen.distinct, engine

    def blanks(self, seen: Seen) -> None:
        """Rows without a value that they cannot do without."""
        import polars as pl

        spaces = {n: [t for t in texts if not t.strip()] for n, texts in seen.distinct.items()}
        for name, column in self._report.columns.items():
            if column.filled and (name in seen.blank or spaces.get(name)):
                empty = pl.col(name).is_null()
                where = empty | self._keys[name].is_in(spaces[name]) if spaces.get(name) else empty
                reason = f"the cell is blank: {column.remedy}" if column.remedy else "the cell is blank"
                self.faults.append(Fault(name, where, reason, leaves_out=True))

    def ids(self, damaged: Collection[str]) -> None:
        """Identifiers whose digits a spreadsheet has cut."""
        import polars as pl

        for name in sorted(damaged):
            cut = pl.col(name).str.contains(DAMAGED_ID)
            self.values[name] = pl.when(cut.not_()).then(pl.col(name))
            self.faults.append(Fault(name, cut, f"{DAMAGED_BY_SPREADSHEET}: {{cell}}", leaves_out=False))

    def dates(self, columns: Mapping[str, Collection[str]], asked: DateOrder | None) -> None:
        """Days, in the order of day and month that the file itself proves."""
        months = {name: self._months(name, texts) for name, texts in columns.items()}
        tidy = {name: {text.strip() for text in texts} - months[name].keys() for name, texts in columns.items()}
        shown = [*(name for name in self._report.event_dates if name in columns), *columns]
        found = read_days(tidy, self._report.date_order, asked, self._witness(next(iter(shown), "")))
        for name, days in found.items():
            texts = columns[name]
            known = {**days.known, **months[name]}
            self._map(name, {text: day for text in texts if (day := known.get(text.strip()))})
            self._fault(name, _among(texts, days.unreadable), f"{self._cell} is no date")
            self._fault(name, _among(texts, days.undecided), "day and month of '{cell}' cannot be told apart")
            if days.undecided:
                what = f"Day and month cannot be told apart in '{self._headers[name]}', as in {min(days.undecided)}."
                remedy = "State their order with --date-order mdy or dmy, or write them as YYYY-MM-DD."
                self.problems.append(Problem(what, remedy, self._file))

    def _months(self, name: str, texts: Collection[str]) -> dict[str, date]:
        if not self._report.columns[name].months:
            return {}
        return {text.strip(): day for text in texts if (day := first_of_month(text.strip()))}

    def whole_numbers(self, columns: Mapping[str, Collection[str]]) -> None:
        """Counts of units."""
        for name, texts in columns.items():
            known = {text: number for text in texts if (number := whole(text.strip())) is not None}
            self._map(name, known)
            self._fault(name, set(texts) - set(known), f"{self._cell} is no whole number")

    def amounts(self, columns: Mapping[str, Collection[str]]) -> None:
        """Money and numbers, all with the decimal sign of the file."""
        expected = self._report.sign_of(Header(tuple(self._headers.values())))
        found = read_amounts({text.strip() for texts in columns.values() for text in texts}, expected)
        for name, texts in columns.items():
            scale = SCALES[self._report.columns[name].type]
            exact = {text: value for text in texts if (value := found.known.get(text.strip())) is not None}
            known = {text: at_scale(value, scale) for text, value in exact.items()}
            self._map(name, known)
            unreadable = _among(texts, found.unreadable)
            self._fault(name, unreadable, f"{self._cell} is no amount")
            self._pushed(name, unreadable)
            self._fault(name, _among(texts, found.undecided), "'{cell}' may be thousands or decimals")
            rounded = [text for text in exact if exact[text] != known[text]]
            self._fault(name, rounded, f"'{{cell}}' is rounded to {scale} decimals")
        if found.undecided:
            what = f"Nothing in the file tells whether {min(found.undecided)} is in the thousands or has decimals."
            self.problems.append(
                Problem(what, "Download the report again, or write amounts with a decimal point.", self._file)
            )

    @property
    def _cell(self) -> str:
        """How a cell of a wrong kind is called: in a report of buyers it may be one of theirs, out of its place."""
        return "the cell" if self._report.personal else "'{cell}'"

    def _pushed(self, name: str, texts: Collection[str]) -> None:
        """Words in place of an amount, in a report of buyers: the cells of such rows stand where others belong."""
        words = [text for text in texts if _WORD.search(text) and not _NOTHING.fullmatch(text.strip())]
        if words and self._report.personal:
            where = self._keys[name].is_in(sorted(words)).fill_null(value=False)
            self.faults.append(Fault(name, where, "the cell is no amount: the row may have lost or got a cell", True))

    def _map(self, name: str, known: Mapping[str, date] | Mapping[str, int] | Mapping[str, Decimal]) -> None:
        import polars as pl

        kind = polars_type(self._report.columns[name])
        self.known[name] = known
        if not known:
            self.values[name] = pl.lit(None, dtype=kind)
        elif (cast := self._plain_cast(name, known)) is not None:
            self.values[name] = cast
        else:
            self.values[name] = looked_up(self._keys[name], known, kind, self._engine)

    def _plain_cast(self, name: str, known: Mapping[str, object]) -> pl.Expr | None:
        """A cast that gives exactly the known values for every distinct text of the file, if there is one.

        Looking each cell up is slow once there are very many distinct texts; a cast is trusted only when proven.
        """
        import polars as pl

        column = self._report.columns[name]
        if column.type == "date" or len(known) < _MANY:
            return None
        kind = polars_type(column)
        texts = pl.Series(name, list(self._distinct[name]), dtype=pl.String)
        right = pl.Series(name, [known.get(text) for text in texts], dtype=kind)
        digits = pl.col(name).str.strip_chars()
        for plain in (digits, digits.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)):
            cast = plain.cast(kind, strict=False)
            if texts.to_frame().select(cast).to_series().equals(right):
                return cast
        return None

    def _fault(self, name: str, texts: Collection[str], reason: str) -> None:

        if texts:
            column = self._report.columns[name]
            where = self._keys[name].is_in(sorted(texts)).fill_null(value=False)
            self.faults.append(Fault(name, where, reason, leaves_out=not column.bad_rows_stay))

    def _witness(self, name: str) -> Callable[[], DateOrder | None]:
        import polars as pl

        def ask() -> DateOrder | None:
            if WITNESS not in self._clean.collect_schema():
                return None
            pairs = self._clean.select(pl.col(name).alias("day"), pl.col(WITNESS).alias("other")).drop_nulls().unique()
            return order_shown_by(sorted(pairs.collect(engine="streaming").iter_rows()))

        return ask


def _among(texts: Collection[str], chosen: Collection[str]) -> list[str]:
    return [text for text in texts if text.strip() in chosen]
