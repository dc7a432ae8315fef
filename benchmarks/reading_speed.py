"""Reading, measured: a large ledger against the bare conversion by Polars, small files, and what was read before."""

from __future__ import annotations

import shutil
from pathlib import Path

from side_by_side import Measured, Row, in_turn, run

BARE_CONVERSION = """
import sys, polars as pl
scan = pl.scan_csv(sys.argv[1], separator="\\t", quote_char=None, infer_schema=False)
scan.sink_parquet(sys.argv[2])
"""
READING = """
import sys
from pathlib import Path
from auditor.exports.catalog import load_catalog
from auditor.exports.sources import find_sources
from auditor.store.reading import read_exports
from auditor.store.workspace import open_workspace
sources = find_sources([Path(sys.argv[1])]).sources
for export in read_exports(sources, load_catalog(), open_workspace(Path(sys.argv[2]))):
    assert export.reading.parquet, export.reading
"""
NOTHING_READ = """
from auditor.exports.catalog import load_catalog
import auditor.store.reading, polars
load_catalog()
"""
HASH = """
import hashlib, sys
with open(sys.argv[1], "rb") as stream:
    hashlib.file_digest(stream, "sha256")
"""


def large_ledger(scratch: Path, ledger: Path, rows: int, runs: int) -> list[Row]:
    """Reading and caching one ledger against the bare conversion of its text into Parquet."""
    size = f"{rows:,} ledger rows, {ledger.stat().st_size / 1e6:.0f} MB"

    def fresh(turn: int) -> Measured:
        return _and_gone(run(READING, ledger, scratch / f"fresh{turn}"), scratch / f"fresh{turn}")

    return in_turn(
        {
            f"{size}: Polars' scan of text into Parquet": lambda _: run(
                BARE_CONVERSION, ledger, scratch / "bare.parquet"
            ),
            f"{size}: read, typed, proven and cached": fresh,
        },
        runs,
    )


def cache_hits(scratch: Path, ledger: Path, rows: int, runs: int) -> list[Row]:
    """A ledger that was read before, against the hash of its bytes; both beside the start of a process."""
    run(READING, ledger, scratch / "known")
    return in_turn(
        {
            f"{rows:,} ledger rows: SHA-256 of the bytes, after the same imports": lambda _: run(
                NOTHING_READ + HASH, ledger
            ),
            f"{rows:,} ledger rows: found in the cache": lambda _: run(READING, ledger, scratch / "known"),
        },
        runs,
    )


def many_files(scratch: Path, folder: Path, count: int, runs: int) -> list[Row]:
    """A folder of small files; the rate leaves the start of the process out."""
    start, files = "start of a process that reads", f"{count:,} small files of four reports: read and cached"

    def fresh(turn: int) -> Measured:
        return _and_gone(run(READING, folder, scratch / f"many{turn}"), scratch / f"many{turn}")

    return in_turn({start: lambda _: run(NOTHING_READ), files: fresh}, runs)


def _and_gone(measured: Measured, folder: Path) -> Measured:
    shutil.rmtree(folder)
    return measured
