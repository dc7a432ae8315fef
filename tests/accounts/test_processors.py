"""How many processors an audit takes: all, or as many as it is told; in a batch each account takes one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from auditor.accounts.job import Job, Outcome
from auditor.accounts.supervision import Child
from auditor.cli import cli
from auditor.model import WrongUsage
from auditor.processors import PROCESSORS
from auditor.store.database import connect


def threads() -> int:
    with connect() as con:
        row = con.execute("select current_setting('threads')").fetchone()
    assert row
    return int(row[0])


def test_an_audit_takes_as_many_processors_as_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROCESSORS, "3")
    assert threads() == 3


def test_untold_it_takes_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PROCESSORS, raising=False)
    with connect() as con:
        con.execute("reset threads")
        row = con.execute("select current_setting('threads')").fetchone()
    assert row
    assert threads() == int(row[0])


@pytest.mark.parametrize("said", ["0", "-1", "two", "1.5", "²"])
def test_what_is_no_number_of_processors_is_an_error_with_a_remedy(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv(PROCESSORS, said)
    with pytest.raises(WrongUsage, match="no number of processors"):
        connect()
    result = CliRunner().invoke(cli, ["rules", "list"])
    assert result.exit_code == 2
    assert f"audit: {PROCESSORS} is {said!r}" in result.stderr
    assert "unset it" in result.stderr


def told(job: Job, on_start: object) -> Outcome:
    """In the process of an account: what it was told, and how many threads DuckDB and Polars take."""
    del on_start
    import polars as pl

    seen = {"told": os.environ.get(PROCESSORS), "duckdb": threads(), "polars": pl.thread_pool_size()}
    return Outcome(job.account_id, "ok", profile=seen)


@pytest.mark.parametrize(("said", "expected"), [(None, 1), ("3", 3)])
def test_an_account_of_a_batch_takes_one_processor_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch, said: str | None, expected: int, tmp_path: Path
) -> None:
    if said is None:
        monkeypatch.delenv(PROCESSORS, raising=False)
    else:
        monkeypatch.setenv(PROCESSORS, said)
    monkeypatch.delenv("POLARS_MAX_THREADS", raising=False)
    child = Child("tests.accounts.test_processors:told")
    try:
        outcome = child.work(Job("a", "a", (), tmp_path / "out", tmp_path / "workspace", "", ""))
    finally:
        child.end()
    assert outcome.profile == {"told": str(expected), "duckdb": expected, "polars": expected}, outcome
