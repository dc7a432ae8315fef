"""Leading zeros that a spreadsheet took from identifiers, put back where one reading is left.

An ISBN-10 that stands for an ASIN or FNSKU proves its zeros by its check digit. A SKU of digits gets them back when
exactly one SKU of another of Amazon's exports differs from it by leading zeros alone, and when no export that kept
its zeros shows the short SKU too. What is read stays as it is: a changed copy lies beside it.
"""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.exports.catalog import Catalog
from auditor.exports.reading import Reading
from auditor.model import Problem
from auditor.store.database import glance
from auditor.store.reading import ReadExport

if TYPE_CHECKING:
    import polars as pl

SKU = "msku"
CODES = ("fnsku", "asin")
#: What a catalog entry names as the source of a file that does not come from Amazon.
SELLER = "the seller"
_ISBN_LENGTH = 10
_REMEDY = "Hand in the original export."


def put_back_zeros(exports: Sequence[ReadExport], catalog: Catalog) -> tuple[list[ReadExport], list[Problem]]:
    """The exports with whole identifiers, and what was done or had to be left.

    Exports that lost no zeros stay the very same. `put_back` of the others holds their SKUs as printed.
    """
    read = [export.reading for export in exports if export.reading.parquet and not export.same_as]
    seen = _digits_by_file(read)
    skus, problems = _whole_skus(seen, {r.name for r in read if r.report_id and _is_sellers(catalog, r.report_id)})
    whole = [_with_whole_keys(export) for export in exports]
    for place, export in enumerate(whole):
        lost = _Lost.of(seen.get(export.reading.name, {}), skus)
        if lost and not export.same_as:
            whole[place] = replace(export, reading=lost.rewritten(export.reading), put_back=lost.printed)
            problems += lost.problems(export.reading.name)
    return whole, problems


def isbn_10(text: str) -> str | None:
    """The ISBN-10 that the text is without its leading zeros, when its check digit fits; else None."""
    if not text.isascii() or not text.isdigit() or len(text) >= _ISBN_LENGTH:
        return None
    whole = text.zfill(_ISBN_LENGTH)
    return None if sum((_ISBN_LENGTH - place) * int(digit) for place, digit in enumerate(whole)) % 11 else whole


def _is_sellers(catalog: Catalog, report_id: str) -> bool:
    return catalog.reports[report_id].source == SELLER


def _digits_by_file(read: Iterable[Reading]) -> dict[str, dict[str, set[str]]]:
    """By file and column, the identifiers that are nothing but digits; of codes only those too short to be whole."""
    by_report: dict[str, list[Reading]] = defaultdict(list)
    for reading in read:
        by_report[reading.report_id or ""].append(reading)
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    with glance() as con:
        for readings in by_report.values():
            names = {str(reading.parquet): reading.name for reading in readings}
            for column in (SKU, *CODES):
                if any(column in reading.columns for reading in readings):
                    for path, text in con.execute(_digits(column), [list(names)]).fetchall():
                        found[names[path]][column].add(text)
    return found


def _digits(column: str) -> str:
    short = f"and length({column}) < {_ISBN_LENGTH}" if column in CODES else ""
    return f"""
        select filename, {column}
        from (
          select distinct filename, {column}
          from read_parquet(?, filename = true)
          where {column} >= '0' and {column} < ':' {short}) as texts
        where regexp_full_match({column}, '[0-9]+')"""


def _whole_skus(
    seen: Mapping[str, Mapping[str, Collection[str]]], sellers: Collection[str]
) -> tuple[dict[str, str], list[Problem]]:
    """Whole SKUs by what is left of them without zeros, and a doubt for each that may be several."""
    skus = {file: set(columns.get(SKU, ())) for file, columns in seen.items()}
    with_zeros = {file: {sku for sku in own if sku[0] == "0" and sku.strip("0")} for file, own in skus.items()}
    candidates: dict[str, set[str]] = defaultdict(set)
    for file, own in with_zeros.items():
        for sku in own if file not in sellers else ():
            candidates[sku.lstrip("0")].add(sku)
    own_skus = {sku for file, own in with_zeros.items() if own for sku in skus[file]}
    printed = set().union(*skus.values()) if skus else set()
    lost = {short: sorted(several) for short, several in candidates.items() if short in printed - own_skus}
    doubts = [_doubt(short, several) for short, several in sorted(lost.items()) if len(several) > 1]
    return {short: several[0] for short, several in lost.items() if len(several) == 1}, doubts


def _doubt(short: str, several: Sequence[str]) -> Problem:
    what = f"SKU {short} may be {' or '.join(several)} without its leading zeros; it was left as it is."
    return Problem(what, _REMEDY)


def _with_whole_keys(export: ReadExport) -> ReadExport:
    """The export whose rows that fell out are known by whole ISBNs."""
    keys = export.reading.rejected_keys
    whole = tuple((kind, (isbn_10(key) if kind == "fnsku" else None) or key) for kind, key in keys)
    return export if whole == keys else replace(export, reading=replace(export.reading, rejected_keys=whole))


@dataclass(frozen=True, slots=True)
class _Lost:
    """What one file lost: whole identifiers by what it prints."""

    skus: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, seen: Mapping[str, Collection[str]], skus: Mapping[str, str]) -> _Lost:
        """What can be put back in a file in which these identifiers were seen."""
        short = sorted({text for column in CODES for text in seen.get(column, ())})
        return cls(
            {sku: skus[sku] for sku in sorted(seen.get(SKU, ())) if sku in skus},
            {text: whole for text in short if (whole := isbn_10(text))},
        )

    def __bool__(self) -> bool:
        return bool(self.skus or self.codes)

    @property
    def printed(self) -> dict[str, str]:
        """The SKU as printed by the whole one."""
        return {whole: printed for printed, whole in self.skus.items()}

    def rewritten(self, reading: Reading) -> Reading:
        """The reading with a copy of its rows in which the identifiers are whole; the copy is made once."""
        import polars as pl

        if reading.parquet is None:
            return reading
        mark = hashlib.sha256(repr((sorted(self.skus.items()), sorted(self.codes.items()))).encode()).hexdigest()[:12]
        copy = reading.parquet.with_name(f"{reading.parquet.stem}-{mark}.parquet")
        if not copy.is_file():
            rows = pl.scan_parquet(reading.parquet, glob=False)
            there = rows.collect_schema().names()
            changes = [(SKU, self.skus), *((code, self.codes) for code in CODES)]
            rows = rows.with_columns(pl.col(n).replace(dict(new)) for n, new in changes if new and n in there)
            _write(rows, copy)
        return replace(reading, parquet=copy)

    def problems(self, file: str) -> list[Problem]:
        """What is said of the file."""
        return [_put_back(kind, lost, file) for kind, lost in (("SKU", self.skus), ("ISBN", self.codes)) if lost]


def _write(rows: pl.LazyFrame, copy: Path) -> None:
    beside = copy.with_name(f"{copy.name}.part-{os.getpid()}")
    rows.sink_parquet(beside, compression="lz4")
    beside.replace(copy)


def _put_back(kind: str, lost: Mapping[str, str], file: str) -> Problem:
    printed, whole = next(iter(lost.items()))
    some = f"1 {kind} has lost its" if len(lost) == 1 else f"{len(lost)} {kind}s have lost their"
    such = "" if len(lost) == 1 else "for one, "
    what = f"{some} leading zeros: {such}{printed} is {whole}. A spreadsheet took them; they were put back."
    return Problem(what, _REMEDY, file)
