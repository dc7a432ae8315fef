"""The shape of one catalog entry: what an export looks like and how its rows are told apart."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from .names import Header, squeezed

ColumnType = Literal["text", "date", "integer", "money", "id"]
DateOrder = Literal["mdy", "dmy"]


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Entry):
    """One canonical column.

    `names` are its headers, `preamble` the keys of lines above the header that state it. `required`: the file must
    have it; `filled`: a row without it is left out. `on_bad` says what an unreadable cell does: the row is left out
    (`reject`) or kept with an unknown value (`unknown`); money is always kept.
    """

    names: Names = ()
    preamble: Names = ()
    type: ColumnType
    required: bool = False
    filled: bool = False
    on_bad: Literal["reject", "unknown"] = "reject"
    codes: Names = ()

    @model_validator(mode="after")
    def _is_found_somewhere(self) -> Column:
        if not self.names and not self.preamble:
            raise ValueError("names: a column needs at least one header name")
        return self

    @property
    def bad_rows_stay(self) -> bool:
        """Whether an unreadable cell leaves its row in the table."""
        return self.on_bad == "unknown" or self.type == "money"


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
    """A row that states values for all rows of its `key`: `marker` is empty and `total` filled there."""

    key: str
    marker: str
    total: str
    amount: str
    spread: tuple[str, ...]


class Report(_Entry):
    """One kind of export, described by data alone."""

    id: str
    title: str
    table: str
    sp_api_type: str = ""
    download: str
    source: str
    evidence: str
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
    columns: dict[str, Column]

    @model_validator(mode="after")
    def _speaks_of_its_own_columns(self) -> Report:
        dates = {c for c, column in self.columns.items() if column.type == "date"}
        for key, used, allowed in (
            ("covers", self.covers, dates),
            ("event_dates", self.event_dates, dates),
            ("fold.identity", self.fold.identity, set(self.columns)),
            ("fold.order", _as_names(self.fold.order), set(self.columns)),
            ("fold.quantity", _as_names(self.fold.quantity), set(self.columns)),
            ("bulk", (self.bulk.column,) if self.bulk else (), set(self.columns)),
            ("summary", _summary_columns(self.summary), set(self.columns)),
        ):
            if strangers := [name for name in used if name not in allowed]:
                raise ValueError(f"{key}: no such column: {', '.join(strangers)}")
        self._names_are_unique()
        return self

    def _names_are_unique(self) -> None:
        owner: dict[str, str] = {}
        for canonical, column in self.columns.items():
            for name in column.names:
                if owner.setdefault(squeezed(name), canonical) != canonical:
                    raise ValueError(f"columns.{canonical}.names: '{name}' also names {owner[squeezed(name)]}")

    def recognises(self, header: Header) -> bool:
        """Whether every name of the fingerprint stands in the header, under any name of its column."""
        return all(header.place(self._synonyms(name)) is not None for name in self.fingerprint)

    def _synonyms(self, name: str) -> tuple[str, ...]:
        wanted = squeezed(name)
        columns = (c.names for c in self.columns.values())
        return next((names for names in columns if wanted in map(squeezed, names)), (name,))

    def places(self, header: Header) -> dict[str, int]:
        """Index in the header by canonical column, for the columns that are there."""
        found = {name: header.place(column.names) for name, column in self.columns.items()}
        return {name: place for name, place in found.items() if place is not None}

    def visible(self, header: Header) -> frozenset[int]:
        """Indexes of the columns that may be shown: those this entry knows, and never a buyer's data."""
        known = [*self.shown, *(name for column in self.columns.values() for name in column.names)]
        return header.places(known) - header.places(self.personal)


def _as_names(name: str | None) -> tuple[str, ...]:
    return () if name is None else (name,)


def _summary_columns(summary: Summary | None) -> tuple[str, ...]:
    return () if summary is None else (summary.key, summary.marker, summary.total, summary.amount, *summary.spread)
