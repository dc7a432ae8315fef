"""Rows that Python made, back into the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb


def insert_rows(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert many rows in one statement, a list a column; a statement a row would cost far more."""
    if not rows:
        return
    types = [column[1] for column in con.execute(f"describe {table}").fetchall()]
    lists = ", ".join(f"unnest(?::{kind}[])" for kind in types)
    con.execute(f"insert into {table} select {lists}", [list(column) for column in zip(*rows, strict=True)])
