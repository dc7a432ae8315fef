"""Looks into files share one database, and nothing in it."""

from __future__ import annotations

import os
import sys

import duckdb
import pytest

from auditor.store.database import glance, parsed


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


def test_a_parsed_query_runs_again_on_any_connection_with_other_values() -> None:
    query = parsed("select $units::int * 2 as doubled")
    with duckdb.connect() as first, duckdb.connect() as second:
        assert [con.execute(query, {"units": units}).fetchall() for con, units in ((first, 1), (second, 2))] == [
            [(2,)],
            [(4,)],
        ]


def test_a_parsed_query_sees_the_tables_as_they_are_when_it_runs() -> None:
    query = parsed("select * from seen")
    with duckdb.connect() as con:
        for content in ("1 as x", "'two' as x, 2 as y"):
            con.execute(f"create or replace table seen as select {content}")
            found = con.execute(query).fetchall()
    assert found == [("two", 2)]


@pytest.mark.parametrize("text", ["", "select 1; select 2", "select from where"])
def test_what_is_not_one_query_is_refused_before_it_runs(text: str) -> None:
    with pytest.raises(duckdb.Error):
        parsed(text)
