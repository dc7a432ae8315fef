"""Databases in memory that never fetch anything."""

from __future__ import annotations

import os
from functools import cache, lru_cache

import duckdb

from auditor.processors import processors


def glance() -> duckdb.DuckDBPyConnection:
    """A connection for a look into Parquet files, of which an audit takes many: opening a database costs 30 ms.

    All of a process lead into one empty database. Close it, or use it in `with`.
    """
    return _empty(os.getpid(), processors()).cursor()


@lru_cache(maxsize=512)
def parsed(query: str) -> duckdb.Statement:
    """One statement as DuckDB parsed it, to run on any connection: a third of a small query's time is its parsing.

    Raises duckdb.Error when it is none, or more than one.
    """
    with glance() as con:
        statements = con.extract_statements(query)
    if len(statements) != 1:
        raise duckdb.ParserException(f"{len(statements)} statements stand where one belongs")
    return statements[0]


# By process: one that was forked must neither use nor close the database of the process that opened it.
@cache
def _empty(_process: int, _processors: int | None) -> duckdb.DuckDBPyConnection:
    con = connect()
    con.execute("set enable_external_file_cache = false")  # it would grow with every file that was looked into
    return con


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
