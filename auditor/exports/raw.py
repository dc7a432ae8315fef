"""The original cells behind a line, read again from the original file: what evidence quotes."""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from pathlib import Path

from auditor.model import DataRefused

from .catalog import Catalog, load_catalog
from .forms import prepare
from .intake import sha256_of, take_bytes, take_in
from .lines import bytes_encoding, lines_of_file, lines_of_source, records_at
from .names import Header
from .prepared import Prepared
from .reading import Reading
from .records import Record
from .sources import UNREADABLE, Source, changed


def rows_at(
    source: Source, reading: Reading, lines: Collection[int], catalog: Catalog | None = None
) -> dict[int, dict[str, str]]:
    """Cells by header name of the rows that begin on these lines, as printed.

    Only columns that the catalog knows are given, never a buyer's data. Lines that the file does not have are absent.
    Raises DataRefused when the file is no longer what was read.
    """
    try:
        if not source.changed() or sha256_of(source) == reading.sha256:
            return _rows_at(source, reading, lines, catalog or load_catalog())
    except UNREADABLE as error:
        raise DataRefused(changed(source.name)) from error
    raise DataRefused(changed(source.name))


def _rows_at(source: Source, reading: Reading, lines: Collection[int], catalog: Catalog) -> dict[int, dict[str, str]]:
    report = catalog.reports[reading.report_id or ""]
    header = Header(reading.header)
    names = {place: header.cells[place] for place in sorted(report.visible(header))}
    found = _printed(source, reading, lines) if reading.form == "text" else _rebuilt(source, reading, lines, catalog)
    return {
        line: {name: record.cells[place].strip() for place, name in names.items() if place < len(record.cells)}
        for line, record in found.items()
    }


def _printed(source: Source, reading: Reading, lines: Collection[int]) -> dict[int, Record]:
    original = lines_of_source(source, reading.encoding, reading.line_end)
    return records_at(original, lines, reading.delimiter, bytes_encoding(reading.encoding, reading.line_end))


def _rebuilt(source: Source, reading: Reading, lines: Collection[int], catalog: Catalog) -> dict[int, Record]:
    """The rows of a workbook or a JSON payload, made into lines once more."""
    with tempfile.TemporaryDirectory() as folder:
        workdir = Path(folder)
        text = take_in(source, workdir, reading.encoding) if reading.form == "json" else take_bytes(source, workdir)
        found = prepare(reading.form, text.path, catalog, workdir, source.name)
        if not isinstance(found, Prepared):
            return {}
        return records_at(lines_of_file(found.path), lines, found.layout.delimiter)
