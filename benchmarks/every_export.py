"""Every known layout of every report, written in every way it may come and read again, as one table.

    python benchmarks/every_export.py [--report ledger_detail]

The layouts are those of tests/exports/layouts.toml, the transaction report in every language among them. Each is
written as text in every dialect and encoding that has its letters, as a workbook, and packed; SP-API payloads in every
way in which tools save them. Exits with 1 when a file is not recognised as its report, when it loses a row, or when
anything in it is doubted.
"""

from __future__ import annotations

import argparse
import gzip
import io
import re
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from rich.console import Console
from rich.table import Table

from auditor.exports import Catalog, Reading, find_sources, load_catalog, read

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.exports.layouts import DIALECTS, ROWS, Layout, layouts
from tests.exports.payloads import ITEM, SAVED, SHIPMENT

PAYLOADS: dict[str, tuple[str, dict[str, Any]]] = {
    "shipment_items_payload": ("ItemData", ITEM),
    "shipping_queue_payload": ("ShipmentData", SHIPMENT),
}
_NUMBER = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Written:
    """One file: how it is written, its bytes, the ending of its name and what has to be said to read it."""

    way: str
    content: bytes
    ending: str = "txt"
    encoding: str | None = None


@dataclass(slots=True)
class Line:
    """One line of the table: rows and rejects are sums over all ways of writing."""

    report: str
    layout: str
    ways: int = 0
    rows: int = 0
    rejected: int = 0
    failed: list[str] = field(default_factory=list)

    def count(self, way: str, reading: Reading) -> None:
        """Add one file, as read."""
        self.ways += 1
        self.rows += reading.rows_loaded
        self.rejected += reading.rows_rejected
        whole = reading.report_id == self.report and reading.rows_loaded == ROWS
        if not whole or reading.rejects or reading.problems:
            said = [reading.why_unknown, *map(str, reading.problems), *(r.reason for r in reading.rejects)]
            self.failed.append(
                f"{way}: {reading.report_id}, {reading.rows_loaded} rows; {'; '.join(filter(None, said))}"
            )


def main() -> int:
    """Write, read, print the table; 1 when something was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--report", help="Only this report, by its name in the catalog.")
    only = parser.parse_args().report
    catalog = load_catalog()
    with tempfile.TemporaryDirectory() as folder:
        lines = list(_lines(catalog, Path(folder), only))
    _print(lines)
    missing = set() if only else catalog.reports.keys() - {line.report for line in lines}
    failures = [f"{line.report} ({line.layout}), {text}" for line in lines for text in line.failed]
    failures += [f"{report}: no layout of it is known here" for report in sorted(missing)]
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


def _lines(catalog: Catalog, folder: Path, only: str | None) -> Iterator[Line]:
    for layout in layouts():
        if only in (None, layout.report):
            yield _read(Line(layout.report, layout.name), written(layout), catalog, folder)
    for report, (key, example) in PAYLOADS.items():
        if only not in (None, report):
            continue
        objects = [example | {"ShipmentId": f"FBA1500000{number}"} for number in range(ROWS)]
        saved = [Written(way, save(key, objects).encode(), "json") for way, save in SAVED.items()]
        yield _read(Line(report, "payload"), [*saved, *packed(saved[0])], catalog, folder)


def _read(line: Line, files: list[Written], catalog: Catalog, folder: Path) -> Line:
    for file in files:
        path = folder / f"export.{file.ending}"
        path.write_bytes(file.content)
        (source,) = find_sources([path]).sources
        line.count(file.way, read(source, catalog, folder / "cache", encoding=file.encoding))
        path.unlink()
    return line


def written(layout: Layout) -> list[Written]:
    """The layout in every way in which it may come."""
    texts = [
        Written(dialect.name, layout.written(dialect), "txt", dialect.encoding if dialect.stated else None)
        for dialect in DIALECTS
        if layout.can_be(dialect)
    ]
    return [*texts, *packed(texts[0]), workbook(layout)]


def packed(file: Written) -> list[Written]:
    """The file in a .gz, and in a folder of a .zip."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr(f"2026/05/export.{file.ending}", file.content)
    return [
        Written("gz", gzip.compress(file.content), f"{file.ending}.gz"),
        Written("zip", archive.getvalue(), "zip"),
    ]


def workbook(layout: Layout) -> Written:
    """The layout as a workbook: what looks like a number is one."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate([*layout.above, layout.columns, *layout.cells()]):
            for column, cell in enumerate(cells):
                if _NUMBER.fullmatch(cell) and not cell.startswith("0"):
                    sheet.write_number(row, column, float(cell))
                else:
                    sheet.write_string(row, column, cell)
    return Written("xlsx", buffer.getvalue(), "xlsx")


def _print(lines: list[Line]) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("report", "layout", "ways", "rows read", "rejected"):
        table.add_column(name, justify="right" if name in {"ways", "rows read", "rejected"} else "left", no_wrap=True)
    for line in lines:
        table.add_row(line.report, line.layout, str(line.ways), str(line.rows), str(line.rejected))
    total = [sum(getattr(line, name) for line in lines) for name in ("ways", "rows", "rejected")]
    table.add_row("all", f"{len(lines)} layouts", *map(str, total))
    Console(width=120).print(table, markup=False)


if __name__ == "__main__":
    raise SystemExit(main())
