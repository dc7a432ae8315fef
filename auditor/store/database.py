"""Databases in memory that never fetch anything."""

from __future__ import annotations

import duckdb

from auditor.processors import processors


def connect() -> duckdb.DuckDBPyConnection:
    """A fresh in-memory database that never fetches anything, on as many processors as an audit may take."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        # A table that is not there must never be a variable of this program.
        "python_enable_replacements": "false",
    }
    if number := processors():
        config["threads"] = number
    return duckdb.connect(":memory:", config=config)
