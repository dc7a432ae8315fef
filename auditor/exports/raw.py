"""The original cells behind a line, read again from the original file: what evidence quotes."""

from __future__ import annotations

from collections.abc import Collection

from .catalog import Catalog, load_catalog
from .lines import bytes_encoding, lines_of_source, records_at
from .names import Header
from .reading import Reading
from .sources import Source


def rows_at(
    source: Source, reading: Reading, lines: Collection[int], catalog: Catalog | None = None
) -> dict[int, dict[str, str]]:
    """Cells by header name of the rows that begin on these lines, as printed.

    Only columns that the catalog knows are given, never a buyer's data. Lines that the file does not have are absent.
    Raises what opening and reading the source raises.
    """
    report = (catalog or load_catalog()).reports[reading.report_id or ""]
    header = Header(reading.header)
    names = {place: header.cells[place] for place in sorted(report.visible(header))}
    original = lines_of_source(source, reading.encoding, reading.line_end)
    encoding = bytes_encoding(reading.encoding, reading.line_end)
    found = records_at(original, lines, reading.delimiter, encoding)
    return {
        line: {name: record.cells[place].strip() for place, name in names.items() if place < len(record.cells)}
        for line, record in found.items()
    }
