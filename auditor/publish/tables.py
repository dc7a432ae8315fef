"""The result tables: which columns they have, and how their rows become CSV and Parquet bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from auditor.formulas import neutralise
from auditor.model import EVIDENCE_COLUMNS, FINDING_COLUMNS, REJECT_COLUMNS
from auditor.policy.money import format_plain, round_money
from auditor.publish.cells import day_text, row_json

if TYPE_CHECKING:
    import polars as pl

Kind = Literal["text", "whole", "money", "date", "cells"]

_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("units", "findings", "days_left", "line", "quantity"), "whole"),
    **dict.fromkeys(("unit_value", "amount"), "money"),
    **dict.fromkeys(("date", "event_date", "anchor_date", "claim_from", "safe_by", "claim_by"), "date"),
    "row": "cells",
}
# No currency has more digits after the point (ISO 4217), so one type holds the money of every market exactly.
MONEY_SCALE = 4
_MUST_QUOTE = re.compile('[,"\r\n]').search


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in every file, and what its values are."""

    name: str
    kind: Kind


def columns(names: Iterable[str]) -> tuple[Column, ...]:
    """The columns of these names; a name means the same kind of value in every table."""
    return tuple(Column(name, _KINDS.get(name, "text")) for name in names)


FINDINGS = columns(FINDING_COLUMNS)
EVIDENCE = columns(EVIDENCE_COLUMNS)
REJECTS = columns(REJECT_COLUMNS)
NOT_CLAIMED = columns(
    ("rule", "fnsku", "reference_id", "units", "reason", "event_date", "msku", "marketplace", "explanation")
)
#: Begins like the seller's own costs file, so that a filled-in copy of it can lie among the exports.
MISSING_COSTS = columns(
    (
        *("sku", "unit-cost", "currency", "effective-from"),
        *("fnsku", "title", "findings", "units", "next_deadline", "worth_if_sold"),
    )
)
CLAIMS_INDEX = columns(
    (
        "file",
        "finding_id",
        "rule",
        "marketplace",
        "language",
        "claim_by",
        "safe_by",
        "units",
        "currency",
        "amount",
        "subject",
    )
)


def rows_of(table: Sequence[Column], items: Iterable[object]) -> list[list[Any]]:
    """The items' values in the order of the columns."""
    names = [column.name for column in table]
    return [[getattr(item, name) for name in names] for item in items]


def csv_bytes(table: Sequence[Column], rows: Iterable[Sequence[Any]]) -> bytes:
    r"""UTF-8 without BOM, ISO dates, decimal points, blank when unknown, formulas neutralised.

    Lines end in "\n": spreadsheets and every CSV reader take it, and `sed`, `cut` and `diff` see no stray "\r".
    """
    money_of = next((place for place, column in enumerate(table) if column.name == "currency"), None)
    kinds = [column.kind for column in table]
    lines = [",".join(column.name for column in table)]
    for row in rows:
        currency = "" if money_of is None else row[money_of]
        lines.append(",".join([_csv_cell(kind, value, currency) for kind, value in zip(kinds, row, strict=True)]))
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def parquet_bytes(table: Sequence[Column], rows: Sequence[Sequence[Any]]) -> bytes:
    """The same rows typed: Date, Decimal(38, 4), Int64, String; unknown is null; text as it came."""
    import polars as pl

    money_of = next((place for place, column in enumerate(table) if column.name == "currency"), None)
    currencies = [] if money_of is None else [row[money_of] for row in rows]
    series = [
        _series(column, [row[place] for row in rows], currencies or [""] * len(rows))
        for place, column in enumerate(table)
    ]
    buffer = io.BytesIO()
    pl.DataFrame(series).write_parquet(buffer, compression="zstd", statistics=True)
    return buffer.getvalue()


def _csv_cell(kind: Kind, value: Any, currency: str) -> str:
    text = plain_cell(kind, value, currency)
    return '"' + text.replace('"', '""') + '"' if _MUST_QUOTE(text) else text


def missing_costs_rows(manifest: Mapping[str, Any]) -> list[list[Any]]:
    """The list of missing costs as rows of MISSING_COSTS, the cost itself and its first day left to fill in."""
    return [[row.get(column.name, "") for column in MISSING_COSTS] for row in manifest.get("missing_costs") or ()]


def plain_cell(kind: Kind, value: Any, currency: str) -> str:
    """The value as the text that a spreadsheet may show; only text is neutralised, numbers stay numbers."""
    if value is None:
        return ""
    if kind == "text":
        return neutralise(value)
    if kind == "money":
        return format_plain(value, currency)
    if kind == "date":
        return day_text(value)
    return row_json(value) if kind == "cells" else str(value)


def _series(column: Column, values: list[Any], currencies: Sequence[str]) -> pl.Series:
    import polars as pl

    match column.kind:
        case "money":
            amounts: list[Decimal | None] = [
                None if value is None else round_money(value, currency)
                for value, currency in zip(values, currencies, strict=True)
            ]
            return pl.Series(column.name, amounts, pl.Decimal(38, MONEY_SCALE), strict=True)
        case "date":
            days: list[date | None] = values
            return pl.Series(column.name, days, pl.Date, strict=True)
        case "whole":
            return pl.Series(column.name, values, pl.Int64, strict=True)
        case "cells":
            return pl.Series(column.name, [row_json(value) for value in values], pl.String)
    return pl.Series(column.name, [value or None for value in values], pl.String, strict=True)
