"""The reading room: files of any name become typed Parquet, and what could not be read is said.

- `catalog.load_catalog(extra)` -> Catalog: the known reports, each one TOML file.
- `sources.find_sources(paths)` -> Found: the files, .zip members and .gz under the paths.
- `reader.read(source, catalog, target_dir)` -> Reading: one file recognised, typed, written; its rejects and problems.
- `raw.rows_at(source, reading, lines)`: the original cells of single rows, for evidence.

This room knows what exports look like and nothing of what is claimed with them.
"""

from __future__ import annotations

from .catalog import Catalog, load_catalog
from .intake import sha256_of
from .layout import Report
from .raw import rows_at
from .reader import parquet_name, read, reader_version
from .reading import Reading
from .sources import Found, Source, find_sources

__all__ = [
    "Catalog",
    "Found",
    "Reading",
    "Report",
    "Source",
    "find_sources",
    "load_catalog",
    "parquet_name",
    "read",
    "reader_version",
    "rows_at",
    "sha256_of",
]
