"""Looks into files share one database, and nothing in it."""

from __future__ import annotations

import os
import sys

import duckdb
import pytest

from auditor.store.database import glance


def test_a_look_leaves_nothing_to_the_next_one() -> None:
    with glance() as con:
        con.execute("create temp table seen as select 1 as x")
    with glance() as con, pytest.raises(duckdb.CatalogException):
        con.execute("from seen")


def test_a_look_keeps_no_content_of_files_and_fetches_nothing() -> None:
    with glance() as con:
        settings = dict(con.execute("select name, value from duckdb_settings()").fetchall())
    assert settings["enable_external_file_cache"] == "false"
    assert settings["autoinstall_known_extensions"] == "false"
    assert settings["autoload_known_extensions"] == "false"


@pytest.mark.skipif(sys.platform == "win32", reason="no processes are forked there")
def test_a_forked_process_has_a_database_of_its_own() -> None:
    with glance() as con:
        con.execute("create or replace table parents as select 1 as x")
    child = os.fork()
    if child == 0:
        try:
            with glance() as con:
                there = con.execute("select count(*) from duckdb_tables() where table_name = 'parents'").fetchone()
            os._exit(0 if there == (0,) else 3)
        finally:
            os._exit(4)
    _, status = os.waitpid(child, 0)
    with glance() as con:
        con.execute("drop table parents")
    assert os.waitstatus_to_exitcode(status) == 0
