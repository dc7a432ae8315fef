"""What stands in the cells of a whole file as text: tidied, and each distinct text of a column once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .dates import TIMED_DAY
from .layout import Column, Report
from .table import TextTable

if TYPE_CHECKING:
    import polars as pl

#: A spreadsheet's short form of a long number: its last digits are gone.
#: A day, with a time in a workbook, stands where an identifier such as MAR-05 or 1-2 was taken for a date.
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mrz|Mai|Okt|Dez)"
DAMAGED_ID = (
    r"^[+-]?[0-9](?:[.,][0-9]+)?[eE]\+[0-9]{2}$|^[0-9]{1,3}(?:,[0-9]{3}){3,}(?:\.0+)?$"
    r"|^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$"
    rf"|^[0-9]{{1,2}}(?:-|\. ?){_MONTH}$|^{_MONTH}[- ][0-9]{{2}}$"
)
_FORMULA = r'^="(.*)"$'
_LONGEST_BARE_DAY = 10


@dataclass(frozen=True, slots=True)
class Texts:
    """What stands in the cells of a whole file: the distinct texts by column that is neither text nor identifier.

    `blank` columns have NULL where a value must stand, `damaged` ones identifiers cut by a spreadsheet.
    """

    distinct: Mapping[str, Sequence[str]]
    blank: frozenset[str]
    damaged: frozenset[str]


def tidied(table: TextTable, report: Report) -> pl.LazyFrame:
    """Texts and identifiers without outer spaces and spreadsheet wrappers, blank ones NULL.

    Columns of other types stay as printed: they are read through their distinct texts.
    """
    import polars as pl

    columns = report.columns
    names = [n for n in table.columns if columns[n].type in {"text", "id"}]
    if not (table.spaces or table.formulas or report.blanks or any(columns[n].wrapped for n in names)):
        return table.frame
    bare = [_bare(n, table.formulas, columns[n].wrapped) for n in names]
    empty = ["", *report.blanks]
    frame = table.frame.with_columns(bare).with_columns(_unless(n, pl.col(n), empty) for n in names)
    if not report.blanks:
        return frame
    others = [n for n in table.columns if n not in names]
    return frame.with_columns(_unless(n, pl.col(n).str.strip_chars(), report.blanks) for n in others)


def _unless(name: str, cell: pl.Expr, empty: Sequence[str]) -> pl.Expr:
    """The column, NULL where `cell` is one of the texts that mean nothing."""
    import polars as pl

    nothing = cell == empty[0] if len(empty) == 1 else cell.is_in(empty)
    return pl.when(nothing.not_()).then(pl.col(name)).alias(name)


def _bare(name: str, formulas: bool, wrapped: str = "") -> pl.Expr:
    import polars as pl

    cell = pl.col(name).str.strip_chars().str.strip_chars(wrapped) if wrapped else pl.col(name).str.strip_chars()
    return cell.str.replace(_FORMULA, "${1}").str.strip_chars() if formulas else cell


@dataclass(frozen=True, slots=True)
class Seen:
    """The texts of a whole file, with the expression that gives them by typed column."""

    keys: Mapping[str, pl.Expr]
    distinct: Mapping[str, Sequence[str]]
    blank: frozenset[str]
    damaged: frozenset[str]

    def of_type(self, kind: str, report: Report) -> dict[str, Sequence[str]]:
        """Distinct texts that are not blank, by column of one type."""
        named = {n: texts for n, texts in self.distinct.items() if report.columns[n].type == kind}
        return {n: [text for text in texts if text.strip()] for n, texts in named.items()}


def texts_of(clean: pl.LazyFrame, table: TextTable, report: Report) -> Texts:
    """Look through all rows of a tidied table."""
    import polars as pl

    kinds = {n: report.columns[n] for n in table.columns}
    mapped = [n for n in kinds if kinds[n].type not in {"text", "id"}]
    filled = [n for n in kinds if kinds[n].filled]
    ids = [n for n in kinds if kinds[n].type == "id"]
    asked = [
        *(pl.col(n).unique().drop_nulls().implode().alias(n) for n in mapped),
        *(pl.col(n).is_null().any().alias(f"blank {n}") for n in filled),
        *(pl.col(n).str.contains(DAMAGED_ID).any().alias(f"damaged {n}") for n in ids),
    ]
    seen = clean.select(asked).collect(engine=table.engine)
    return Texts(
        distinct={n: seen[n][0].to_list() for n in mapped},
        blank=frozenset(n for n in filled if seen[f"blank {n}"][0]),
        damaged=frozenset(n for n in ids if seen[f"damaged {n}"][0]),
    )


def seen_in(texts: Texts, table: TextTable, report: Report) -> Seen:
    """The texts by which cells are read, from those that are printed."""
    import polars as pl

    printed = texts.distinct
    keys = {n: _key(n, report.columns[n], printed[n], table.formulas) for n in printed}
    changed = _changed({n: printed[n] for n in printed if keys[n] is not None}, keys)
    return Seen(
        keys={n: pl.col(n) if key is None else key for n, key in keys.items()},
        distinct={n: sorted(changed.get(n, printed[n])) for n in printed},
        blank=texts.blank,
        damaged=texts.damaged,
    )


def _key(name: str, column: Column, texts: Collection[str], formulas: bool) -> pl.Expr | None:
    """The text by which a cell is read; None: as printed, where that will do, for each step costs every row."""
    import polars as pl

    cell = _bare(name, formulas) if formulas else pl.col(name)
    if column.type == "date" and any(len(text.encode()) > _LONGEST_BARE_DAY for text in texts):
        return cell.str.strip_chars().str.replace(TIMED_DAY, "${1}")
    return cell if formulas else None


def _changed(printed: Mapping[str, Sequence[str]], keys: Mapping[str, pl.Expr | None]) -> dict[str, list[str]]:
    """The distinct texts that the keys make of the printed ones, all columns in one query."""
    import polars as pl

    if not printed:
        return {}
    columns = [pl.DataFrame({name: pl.Series(texts, dtype=pl.String)}) for name, texts in printed.items()]
    made = [key.unique().drop_nulls().implode().alias(name) for name in printed if (key := keys[name]) is not None]
    found = pl.concat(columns, how="horizontal_extend").select(made)
    return {name: found[name][0].to_list() for name in printed}
