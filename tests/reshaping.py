"""The same account exported in other ways: files cut, copied, renamed, reordered, rewritten, widened and damaged."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from random import Random

from auditor.exports.catalog import Catalog
from auditor.exports.encodings import legacy
from auditor.exports.layout import Report
from auditor.exports.names import Header

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252", "cp932")
#: Columns whose values tell which findings a row may touch.
KEYS = ("fnsku", "msku", "order_id", "shipment_id", "reference_id")

QUIET_DAYS = 7
#: What stands in the place of a date that is damaged.
NO_DATE = "99/99/9999"


@dataclass(frozen=True)
class Row:
    """One row; `damage` is what was done to it, `keys` the products and orders it spoke of before."""

    cells: tuple[str, ...]
    damage: str = ""
    keys: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Dialect:
    """How a table is written."""

    delimiter: str = "\t"
    quoted: bool = False
    line_end: str = "\n"
    encoding: str = "utf-8"

    def line(self, cells: Sequence[str]) -> str:
        """One row as text, without its end."""
        if self.delimiter == "\t":
            return "\t".join(f'"{cell}"' if self.quoted and '"' not in cell else cell for cell in cells)
        out = io.StringIO()
        how = csv.QUOTE_ALL if self.quoted else csv.QUOTE_MINIMAL
        csv.writer(out, delimiter=self.delimiter, quoting=how, lineterminator="").writerow(cells)
        return out.getvalue()


@dataclass(frozen=True)
class Export:
    """One export as a table: lines above its header, the header, the rows, and how they are written."""

    report: Report = field(repr=False)
    above: tuple[tuple[str, ...], ...]
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    dialect: Dialect
    truncated: bool = False

    @property
    def places(self) -> dict[str, int]:
        """Index of each canonical column."""
        return self.report.places(Header(self.header))

    def cells(self, row: Row, columns: Iterable[str]) -> tuple[str, ...]:
        """The row's cells of these canonical columns, as far as it has them."""
        places = (self.places.get(name) for name in columns)
        return tuple(row.cells[p] if p is not None and p < len(row.cells) else "" for p in places)

    def identity(self, row: Row) -> tuple[str, ...]:
        """What makes two rows of one export equal."""
        return self.cells(row, self.report.fold.identity)

    def day(self, row: Row) -> str:
        """The day of the row as sortable text; blank without one."""
        text = "".join(self.cells(row, self.report.event_dates[:1]))[:10]
        if text[2:3] == "/":
            return f"{text[6:10]}-{text[:2]}-{text[3:5]}"
        return f"{text[6:10]}-{text[3:5]}-{text[:2]}" if text[2:3] == "." else text

    def written(self) -> bytes:
        """The bytes of the file; when truncated, the last row ends in the middle."""
        lines = [self.dialect.line(cells) for cells in (*self.above, self.header, *(row.cells for row in self.rows))]
        end = self.dialect.line_end
        text = end.join(lines) + ("" if self.truncated else end)
        return text.encode(self.dialect.encoding)

    def line_of(self, index: int) -> int:
        """The line of the row with this index."""
        return len(self.above) + 2 + index


@dataclass(frozen=True)
class Planted:
    """A row that must be told: where it stands, and its cells as they stand there."""

    file: str
    line: int
    cells: tuple[str, ...]
    damage: str
    delimiter: str


@dataclass
class Folder:
    """Files to hand in, and what was planted in them."""

    files: dict[str, bytes] = field(default_factory=dict)
    exports: dict[str, Export] = field(default_factory=dict)

    def add(self, name: str, export: Export, wrapping: str = "") -> None:
        """Put an export into the folder, as it is or within a .gz or .zip."""
        content = export.written()
        if wrapping == "gz":
            self.files[f"{name}.gz"] = gzip.compress(content, mtime=0)
            self.exports[f"{name}.gz"] = export
        elif wrapping == "zip":
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w") as pack:
                pack.writestr(f"in/{name}", content)
            self.files[f"{name}.zip"] = packed.getvalue()
            self.exports[f"{name}.zip/in/{name}"] = export
        else:
            self.files[name] = content
            self.exports[name] = export

    @property
    def planted(self) -> list[Planted]:
        """What was planted, once for files of equal content: they are read once, under the first name."""
        seen: set[bytes] = set()
        told = []
        for name in sorted(self.exports):
            export = self.exports[name]
            digest = hashlib.sha256(export.written()).digest()
            if digest not in seen:
                told += [
                    Planted(name, export.line_of(i), row.cells, row.damage, export.dialect.delimiter)
                    for i, row in enumerate(export.rows)
                    if row.damage
                ]
            seen.add(digest)
        return told


def parsed(content: bytes, catalog: Catalog) -> Export | None:
    """An export of the simulator as a table; None when it is none."""
    text, encoding = _decoded(content)
    lines = text.splitlines()
    for number, line in enumerate(lines[:20]):
        delimiter = "\t" if "\t" in line else ","
        cells = _cells(line, delimiter)
        if report := catalog.recognise(cells):
            quoted = delimiter == "," and line.startswith('"')
            dialect = Dialect(delimiter, quoted, "\r\n" if "\r\n" in text else "\n", encoding)
            above = tuple(tuple(_cells(each, delimiter)) for each in lines[:number])
            rows = tuple(Row(tuple(_cells(each, delimiter))) for each in lines[number + 1 :] if each)
            return Export(report, above, tuple(cells), rows, dialect)
    return None


def _decoded(content: bytes) -> tuple[str, str]:
    """The text of an export of the simulator; those in cp932 are Japanese."""
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        encoding = legacy([content])
        return content.decode(encoding), encoding


def _cells(line: str, delimiter: str) -> list[str]:
    return line.split("\t") if delimiter == "\t" else next(csv.reader([line]))


def cut(export: Export, chance: Random, *, by_day: bool) -> list[Export]:
    """The export in two, at any row or between two days; equal rows stay together, for in two exports they are one.

    It stays whole where more than a quiet week would lie between the parts: of those days nobody could tell whether
    they were exported.
    """
    if by_day:
        days = sorted({export.day(row) for row in export.rows})
        if len(days) < 2:
            return [export]
        first = chance.choice(days[1:])
        early = [export.day(row) < first for row in export.rows]
    else:
        at = chance.randrange(len(export.rows) + 1)
        side: dict[tuple[str, ...], bool] = {}
        early = [side.setdefault(export.identity(row), i < at) for i, row in enumerate(export.rows)]
    sides = [
        tuple(r for r, is_early in zip(export.rows, early, strict=True) if is_early is side) for side in (True, False)
    ]
    parts = [replace(export, rows=rows) for rows in sides if rows]
    return parts if parts and not _leaves_a_gap(parts) else [export]


def _leaves_a_gap(parts: Sequence[Export]) -> bool:
    """Whether no whole row speaks of the days between two parts that are more than a quiet week apart."""
    days = [[day for row in part.rows if not row.damage and (day := _date(part.day(row)))] for part in parts]
    spans = sorted((min(each), max(each)) for each in days if each)
    return any((later - last).days > QUIET_DAYS + 1 for (_, last), (later, _) in pairwise(spans))


def _date(day: str) -> date | None:
    """The day as a date; None when there is none or the cell is damaged."""
    try:
        return date.fromisoformat(day.replace("/", "-"))
    except ValueError:
        return None


def shuffled(export: Export, chance: Random) -> Export:
    """Its rows in another order."""
    return replace(export, rows=tuple(chance.sample(export.rows, len(export.rows))))


def widened(export: Export, chance: Random) -> Export:
    """With one more column, of a name that no report has; short rows stay short."""
    place = chance.randrange(len(export.header) + 1)

    def wider(cells: tuple[str, ...], cell: str) -> tuple[str, ...]:
        return (*cells[:place], cell, *cells[place:]) if place <= len(cells) else cells

    rows = tuple(replace(row, cells=wider(row.cells, f"note {i}")) for i, row in enumerate(export.rows))
    return replace(export, header=wider(export.header, "my own note"), rows=rows)


def rewritten(export: Export, chance: Random) -> Export:
    """With another delimiter, quoting, line end and encoding; only in encodings that have all its letters."""
    text = "".join(cell for row in export.rows for cell in row.cells) + "".join(
        c for line in export.above for c in line
    )
    possible = [encoding for encoding in ENCODINGS if _fits(text, encoding)]
    delimiter = chance.choice("\t,;")
    return replace(
        export,
        dialect=Dialect(delimiter, chance.random() < 0.5, chance.choice(("\n", "\r\n", "\r")), chance.choice(possible)),
    )


def _fits(text: str, encoding: str) -> bool:
    # Text in code page 1252 or 932 is told by its letters, so another alphabet's letters must not be written in it.
    japanese = any("\u3040" <= letter <= "\u9fff" for letter in text)
    if encoding in {"cp1252", "cp932"} and japanese != (encoding == "cp932") and not text.isascii():
        return False
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def damaged(export: Export, chance: Random) -> Export:
    """With one to three rows damaged, none of them on the first or last day: what a file covers stays the same."""
    by_day: dict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(export.rows):
        by_day[export.day(row)].append(index)
    inner = [i for day in sorted(by_day)[1:-1] if day for i in by_day[day]]
    rows = list(export.rows)
    for index in chance.sample(inner, min(len(inner), chance.randint(1, 3))):
        rows[index] = _damaged(export, rows[index], chance)
    export = replace(export, rows=tuple(rows))
    return _truncated(export, inner, chance) if inner and chance.random() < 0.3 else export


def _damaged(export: Export, row: Row, chance: Random) -> Row:
    places, columns = export.places, export.report.columns
    dates = [places[n] for n in export.report.event_dates if n in places]
    counts = [places[n] for n, c in columns.items() if c.type == "integer" and c.required and n in places]
    ids = [places[n] for n in KEYS if n in places and export.cells(row, [n]) != ("",)]
    kinds = {
        "no date": (dates, NO_DATE),
        "no number": (counts, "abc"),
        "scientific": (ids, "5.80293E+13"),
        "nul": ([*dates, *ids], "\0\0"),
    }
    kind = chance.choice([*(kind for kind, (where, _) in kinds.items() if where), "too few", "too many"])
    if kind == "too few":
        cells = row.cells[:2]
    elif kind == "too many":
        cells = (*row.cells, *[""] * (len(export.header) - len(row.cells)), "more", "cells")
    else:
        where, cell = kinds[kind]
        place = chance.choice(where)
        cells = (*row.cells[:place], cell, *row.cells[place + 1 :])
    return Row(cells, kind, _keys(export, row))


def _truncated(export: Export, inner: Sequence[int], chance: Random) -> Export:
    """The file ends within a row."""
    index = chance.choice(inner)
    row = export.rows[index]
    if row.damage or len(export.header) < 4:
        return export
    cells = row.cells[: chance.randrange(1, len(export.header) - 1)]
    cells = (*cells[:-1], cells[-1][: len(cells[-1]) // 2 + 1])
    if not any(cells):
        return export
    last = Row(cells, "cut off", _keys(export, row))
    rows = (*(r for i, r in enumerate(export.rows) if i != index), last)
    return replace(export, rows=rows, truncated=True)


def _keys(export: Export, row: Row) -> frozenset[str]:
    return frozenset(export.cells(row, KEYS)) - {""}
