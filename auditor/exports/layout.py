"""The shape of one catalog entry: what an export looks like and how its rows are told apart."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from .names import Header, squeezed

ColumnType = Literal["text", "date", "integer", "money", "number", "id"]
DateOrder = Literal["mdy", "dmy"]
Sign = Literal[".", ","]
Kind = Literal["text", "json"]


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Stated(_Entry):
    """How a file states a value without a column of its own.

    `above` lists, by value, words in the lines above the header. Where these say nothing, or several things, the cells
    of `column` tell it row by row, as listed by value in `cells`; blank ones follow the others when those agree.
    """

    above: dict[str, Names] = {}
    column: str
    cells: dict[str, Names]


class Column(_Entry):
    """One canonical column.

    `names` are its headers, `preamble` the keys of lines above the header that state it; an `absent` column belongs to
    the table and is never stated by this report. `required`: the file must have it; `filled`: a row without it is left
    out; `remedy` says what to do then. `on_bad` says what an unreadable cell does: the row is left out (`reject`) or
    kept with an unknown value (`unknown`); money and numbers are always kept. `words` gives, by canonical word, those
    that stand for it in any language; others stay as printed. `cell_of` names the column whose cells this one reads, a
    text as they are printed; `stated` says how a file tells it without a column; `constant` is what every row of this
    report has. `months`: a date cell may be a month, which stands for its first day, or in a
    column read with `last_day` for its last one. `wrapped` is a character that
    stands around the cells. A `number` has eight decimals, money four.
    """

    names: Names = ()
    preamble: Names = ()
    absent: bool = False
    type: ColumnType
    required: bool = False
    filled: bool = False
    remedy: str = ""
    on_bad: Literal["reject", "unknown"] = "reject"
    codes: Names = ()
    words: dict[str, Names] = {}
    cell_of: str = ""
    stated: Stated | None = None
    constant: str = ""
    months: bool = False
    last_day: bool = False
    wrapped: str = ""

    @model_validator(mode="after")
    def _is_found_somewhere(self) -> Column:
        if not (self.names or self.preamble or self.absent or self.cell_of or self.stated or self.constant):
            raise ValueError("names: a column needs at least one header name")
        return self

    @property
    def bad_rows_stay(self) -> bool:
        """Whether an unreadable cell leaves its row in the table."""
        return self.on_bad == "unknown" or self.type in {"money", "number"}


class Fold(_Entry):
    """How rows of overlapping exports become one.

    `multiset`: rows equal in `identity` count as often as in the export that has most of them. `newest`: of rows equal
    in `identity` the one with the highest `order` stays. `max`: per `identity` the highest `quantity` of any one file,
    in which equal keys add up.
    """

    kind: Literal["multiset", "newest", "max"]
    identity: tuple[str, ...]
    order: str | None = None
    quantity: str | None = None


class Bulk(_Entry):
    """Rows that make up most of an export and that rules rarely read: those with one of `values` in `column`."""

    column: str
    values: tuple[str, ...]


class Summary(_Entry):
    """A row that states values for all rows of its `key`: `marker` is empty and `total` filled there.

    The `amount` columns of the other rows add up to the total.
    """

    key: str
    marker: str
    total: str
    amount: Names
    spread: tuple[str, ...]


class Repeats(_Entry):
    """Rows that another report of the table states as well: equal in `columns`, their `date` at most `days` apart."""

    columns: tuple[str, ...]
    date: str
    days: int


class Sum(_Entry):
    """Money columns that add up to another one in every row."""

    total: str
    parts: tuple[str, ...]


class Report(_Entry):
    """One kind of export, described by data alone.

    A `text` report has a header row, in a file or a workbook. A `json` report is a list of objects, whose keys are its
    header; `list_path` leads to that list from the outermost object. `decimal_sign` lists, by sign, header names of
    languages that print it: it counts where a file's own amounts prove none. `blanks` are cells that mean a blank one.
    `retired` is the day since which Amazon no longer gives the report; `shows` says what it is for.
    """

    id: str
    kind: Kind = "text"
    list_path: Names = ()
    title: str
    table: str
    sp_api_type: str = ""
    shows: str = ""
    download: str
    source: str
    evidence: str
    retired: date | None = None
    fingerprint: tuple[str, ...] = Field(min_length=1)
    covers: Names = ()
    event_dates: Names = ()
    date_order: DateOrder | None = None
    date_witness: Names = ()
    personal: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    fold: Fold
    bulk: Bulk | None = None
    summary: Summary | None = None
    adds_up: Sum | None = None
    decimal_sign: dict[Sign, Names] = {}
    blanks: Names = ()
    repeats: Repeats | None = None
    columns: dict[str, Column]

    @model_validator(mode="after")
    def _speaks_of_its_own_columns(self) -> Report:
        dates = {c for c, column in self.columns.items() if column.type == "date"}
        money = {c for c, column in self.columns.items() if column.type == "money"}
        for key, used, allowed in (
            ("covers", self.covers, dates),
            ("event_dates", self.event_dates, dates),
            ("fold.identity", self.fold.identity, set(self.columns)),
            ("fold.order", _as_names(self.fold.order), set(self.columns)),
            ("fold.quantity", _as_names(self.fold.quantity), set(self.columns)),
            ("bulk", (self.bulk.column,) if self.bulk else (), set(self.columns)),
            ("summary", _summary_columns(self.summary), set(self.columns)),
            ("adds_up", (self.adds_up.total, *self.adds_up.parts) if self.adds_up else (), money),
            ("repeats", (self.repeats.date, *self.repeats.columns) if self.repeats else (), set(self.columns)),
            ("cell_of, stated", _cells_read(self.columns.values()), set(self.columns)),
        ):
            if strangers := [name for name in used if name not in allowed]:
                raise ValueError(f"{key}: no such column: {', '.join(strangers)}")
        if (self.kind == "json") != bool(self.list_path):
            raise ValueError("list_path: a json report has one, and no other report")
        self._names_are_unique()
        return self

    def _names_are_unique(self) -> None:
        owner: dict[str, str] = {}
        for canonical, column in self.columns.items():
            for name in column.names:
                if owner.setdefault(squeezed(name), canonical) != canonical:
                    raise ValueError(f"columns.{canonical}.names: '{name}' also names {owner[squeezed(name)]}")

    @property
    def part(self) -> str:
        """The kind of rows of its table that this report holds alone; blank when it holds all kinds."""
        return next((column.constant for column in self.columns.values() if column.constant), "")

    def recognises(self, header: Header) -> bool:
        """Whether every name of the fingerprint stands in the header, under any name of its column."""
        return all(header.place(names) is not None for names in self.marks)

    @cached_property
    def marks(self) -> tuple[tuple[str, ...], ...]:
        """The names of each column of the fingerprint."""
        return tuple(self._synonyms(name) for name in self.fingerprint)

    def _synonyms(self, name: str) -> tuple[str, ...]:
        wanted = squeezed(name)
        columns = (c.names for c in self.columns.values())
        return next((names for names in columns if wanted in map(squeezed, names)), (name,))

    def places(self, header: Header) -> dict[str, int]:
        """Index in the header by canonical column, for the columns that are there."""
        found = {name: header.place(column.names) for name, column in self.columns.items()}
        return {name: place for name, place in found.items() if place is not None}

    def sign_of(self, header: Header) -> Sign | None:
        """The decimal sign of the language that the header is written in, if the entry says it."""
        return next((sign for sign, names in self.decimal_sign.items() if header.place(names) is not None), None)

    def visible(self, header: Header) -> frozenset[int]:
        """Indexes of the columns that may be shown: those this entry knows, and never a buyer's data."""
        known = [*self.shown, *(name for column in self.columns.values() for name in column.names)]
        return header.places(known) - header.places(self.personal)


def _as_names(name: str | None) -> tuple[str, ...]:
    return () if name is None else (name,)


def _cells_read(columns: Iterable[Column]) -> tuple[str, ...]:
    """The columns whose cells tell other ones."""
    return tuple(n for c in columns for n in (c.cell_of, c.stated.column if c.stated else "") if n)


def _summary_columns(summary: Summary | None) -> tuple[str, ...]:
    return () if summary is None else (summary.key, summary.marker, summary.total, *summary.amount, *summary.spread)
