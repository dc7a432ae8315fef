"""One meaning in many languages: words of cells, and words above the header, as the canonical ones of the catalog."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from .layout import Column, Names, Stated
from .names import squeezed

if TYPE_CHECKING:
    import polars as pl


def spoken(stated: Stated, lines: Iterable[tuple[int, str]]) -> str:
    """The value whose word stands in the lines above the header; blank when none or several do."""
    text = "\n".join(line for _, line in lines)
    found = {value for value, words in stated.above.items() if any(_stands_in(text, word) for word in words)}
    return found.pop() if len(found) == 1 else ""


def _stands_in(text: str, word: str) -> bool:
    """Whether the word is there, whole; scripts without spaces have no whole words."""
    return word in text if not word.isascii() else bool(re.search(rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z])", text))


def in_canonical_words(rows: pl.LazyFrame, cell: pl.Expr, column: Column) -> pl.Expr:
    """The texts of `cell` in the column's own words; as they are when it has none."""
    if column.stated:
        return _translated(rows, cell, column.stated.cells, agreeing=True)
    return _translated(rows, cell, column.words) if column.words else cell


def _translated(rows: pl.LazyFrame, cell: pl.Expr, words: Mapping[str, Names], *, agreeing: bool = False) -> pl.Expr:
    """Each text by its word. What is not listed stays; `agreeing`: it is unknown, and blank ones take the only word."""
    import polars as pl

    listed = {squeezed(each): word for word, printed in words.items() for each in (word, *printed)}
    texts = rows.select(cell.unique().alias("text")).collect()["text"].drop_nulls().sort().to_list()
    known = {text: listed[squeezed(text)] for text in texts if squeezed(text) in listed}
    old, new = pl.Series(list(known), dtype=pl.String), pl.Series(list(known.values()), dtype=pl.String)
    if not agreeing:
        return cell.replace(old, new)
    told = cell.replace_strict(old, new, default=None, return_dtype=pl.String)
    agree = len(known) == len(texts) and new.n_unique() == 1
    return told.fill_null(new[0]) if agree else told
