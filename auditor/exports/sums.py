"""Rows whose amounts must add up to a total of their own: those that do not are kept and noted."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import TYPE_CHECKING

from auditor.model import Problem

from .cells import Fault, Typing
from .header import Layout

if TYPE_CHECKING:
    import polars as pl


def check_sums(typing: Typing, layout: Layout, file: str) -> None:
    """Add a fault for the rows whose parts do not make their total.

    In a file with columns that the catalog does not know, these may be what is missing: then it is one doubt about the
    file. A row with an unreadable amount is not checked; a blank one counts nothing.
    """
    adds_up = layout.report.adds_up
    if adds_up is None or adds_up.total not in layout.places:
        return
    differs = _differs(typing, adds_up.total, [part for part in adds_up.parts if part in layout.places])
    strange = _unknown_columns(layout)
    if not strange:
        reason = "the amounts of the row do not add up to its total of {cell}"
        typing.faults.append(Fault(adds_up.total, differs, reason, leaves_out=False))
    elif count := typing.clean.select(differs.sum()).collect().item():
        names = ", ".join(f"'{name}'" for name in strange)
        what = f"The known amounts of {count} rows do not add up to their total; these columns are not known: {names}."
        typing.problems.append(Problem(what, "Compare a few rows by hand.", file))


def _differs(typing: Typing, total: str, parts: list[str]) -> pl.Expr:
    import polars as pl

    unread = [typing.values[n].is_null() & (pl.col(n).str.strip_chars() != "") for n in (total, *parts)]
    amounts = [typing.values[n].cast(pl.Decimal(38, 4)).fill_null(0) for n in parts]
    readable = pl.any_horizontal(e.fill_null(value=False) for e in unread).not_()
    stated = typing.values[total]
    return readable & stated.is_not_null() & (reduce(add, amounts) != stated.cast(pl.Decimal(38, 4)))


def _unknown_columns(layout: Layout) -> list[str]:
    report, header = layout.report, layout.header
    known = set(layout.places.values()) | header.places([*report.shown, *report.personal])
    return [cell for place, cell in enumerate(header.cells) if cell and place not in known]
