"""What a spreadsheet makes of an export that somebody opened in it and saved again."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

_MONTH_AND_NUMBER = re.compile(r"(?i)(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-([0-9]{2})([0-9]{2})?")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_AMERICAN = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
#: So many digits are shown; longer numbers lose theirs when they are saved.
_SHOWN = 11


def saved_again(export: bytes, european: bool = False) -> bytes:
    """The export with what a spreadsheet does to numbers, days and delimiters in the United States, or in Europe."""
    text = _decoded(export)
    rows = [line.split("\t") for line in text.splitlines()] if "\t" in text else list(csv.reader(io.StringIO(text)))
    out = io.StringIO()
    cell = _european if european else _american
    csv.writer(out, delimiter=";" if european else ",").writerows([cell(text) for text in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _decoded(export: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932", "cp1252"):
        try:
            return export.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError("an export in no known encoding")


def _american(cell: str) -> str:
    return _taken(cell, lambda year, month, day: f"{month}/{day}/{year}")


def _european(cell: str) -> str:
    taken = _taken(cell, lambda year, month, day: f"{day:02}.{month:02}.{year}")
    return taken.replace(".", ",") if re.fullmatch(r"-?[0-9]\.?[0-9]*(?:E\+[0-9]+)?|-?[0-9]+\.[0-9]+", taken) else taken


def _taken(cell: str, day: Callable[[int, int, int], str]) -> str:
    """What a cell becomes that looks like a number or a day; any other stays."""
    if re.fullmatch("[0-9]+", cell):
        return str(int(cell)) if len(str(int(cell))) <= _SHOWN else f"{int(cell):.5E}"
    if re.fullmatch(r"-?[0-9]+\.[0-9]+", cell):
        return f"{float(cell):.15g}"
    if match := _ISO.fullmatch(cell):
        return day(*map(int, match.groups()))
    if match := _AMERICAN.fullmatch(cell):
        return day(int(match[3]), int(match[1]), int(match[2]))
    if match := _MONTH_AND_NUMBER.fullmatch(cell):
        return f"{match[1].capitalize()}-{match[3]}" if match[3] else f"{int(match[2])}-{match[1].capitalize()}"
    return cell
