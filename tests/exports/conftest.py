# ruff: noqa: E501 - rows of exports are long
"""Reading text that a test spells out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from auditor.exports import Catalog, Reading, Source, find_sources, load_catalog, read

LEDGER_16 = (
    "Date\tFNSKU\tASIN\tMSKU\tTitle\tEvent Type\tReference ID\tQuantity\tFulfillment Center\tDisposition\tReason\tCountry"
    "\tReconciled Quantity\tUnreconciled Quantity\tDate and Time\tStore"
)


def ledger_row(**cells: str) -> str:
    """One row under LEDGER_16; cells that a test does not care about have a plain value."""
    row = {
        "date": "07/16/2026", "fnsku": "X000000001", "asin": "B000000001", "msku": "SKU-1", "title": "Pan",
        "event": "Adjustments", "ref": "20076865361276", "qty": "-1", "fc": "PHL7", "disp": "SELLABLE", "reason": "M",
        "country": "US", "rec": "0", "unrec": "1", "time": "2026-07-16T00:00:00-0700", "store": "",
    }  # fmt: skip
    return "\t".join((row | cells).values())


class Desk:
    """Writes files into a folder of its own and reads them."""

    def __init__(self, folder: Path, catalog: Catalog) -> None:
        self.folder, self.catalog = folder / "in", catalog
        self.cache = folder / "cache"
        self.folder.mkdir()

    def source(self, content: str | bytes, name: str = "file.txt", written: str = "utf-8") -> Source:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(written))
        (found,) = find_sources([path]).sources
        return found

    def read(self, content: str | bytes, written: str = "utf-8", **how: Any) -> Reading:
        return read(self.source(content, written=written), self.catalog, self.cache, **how)

    def rows(self, content: str | bytes, written: str = "utf-8", **how: Any) -> list[dict[str, Any]]:
        return rows(self.read(content, written, **how))


def rows(reading: Reading) -> list[dict[str, Any]]:
    """The loaded rows as dicts."""
    assert reading.parquet is not None, [str(p) for p in reading.problems]
    return pl.read_parquet(reading.parquet).to_dicts()


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture
def desk(tmp_path: Path, catalog: Catalog) -> Desk:
    return Desk(tmp_path, catalog)


@pytest.fixture
def fresh_desk(tmp_path_factory: pytest.TempPathFactory, catalog: Catalog) -> Callable[[], Desk]:
    return lambda: Desk(tmp_path_factory.mktemp("desk"), catalog)
