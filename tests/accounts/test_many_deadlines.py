"""`audit deadlines --accounts`: the deadlines of many accounts, counted from one day."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from icalendar import Calendar

from auditor.cli import cli
from tests.samples import table

LIST = """
[people.mara]
name = "Mara"
[people.otto]
name = "Otto"

[[account]]
id = "kettle"
name = "Blue Kettle"
owner = "mara"
exports = "of-a"
[[account]]
id = "kessel"
owner = "otto"
exports = "of-b"
[[account]]
id = "gone"
owner = "otto"
stage = "cancelled"
exports = "of-c"
"""


@pytest.fixture
def batch(tmp_path: Path, audited: Callable[[str], Path]) -> Path:
    """Results of two accounts, as a batch leaves them."""
    for name in ("of-a", "of-b", "of-c"):
        (tmp_path / name).mkdir()
    (tmp_path / "accounts.toml").write_text(LIST, encoding="utf-8")
    for account, sample in (("kettle", "us"), ("kessel", "de")):
        shutil.copytree(audited(sample), tmp_path / "batch" / account)
    return tmp_path / "batch"


def asked(batch: Path, *options: str) -> Result:
    where = ["--accounts", str(batch.parent / "accounts.toml"), "--batch", str(batch)]
    return CliRunner().invoke(cli, ["deadlines", *where, *options])


def told(batch: Path, *options: str) -> list[dict[str, Any]]:
    result = asked(batch, "--json", *options)
    assert result.exit_code == 0, result.output
    rows: list[dict[str, Any]] = json.loads(result.stdout)["deadlines"]
    return rows


def waiting_to_be_filed(batch: Path, account: str) -> set[str]:
    rows = table(batch / account / "findings.csv")
    return {row["finding_id"] for row in rows if row["status"] in {"open", "waiting"} and row["claim_by"]}


def test_the_deadlines_of_all_accounts_stand_together_nearest_first(batch: Path) -> None:
    rows = told(batch)
    assert {row["account"] for row in rows} == {"Blue Kettle", "kessel"}
    assert {row["finding_id"] for row in rows} == waiting_to_be_filed(batch, "kettle") | waiting_to_be_filed(
        batch, "kessel"
    )
    days = [row["safe_by"] or row["claim_by"] for row in rows]
    assert days == sorted(days)


def test_an_owner_sees_their_own_accounts(batch: Path) -> None:
    assert {row["account"] for row in told(batch, "--owner", "mara")} == {"Blue Kettle"}


def test_older_results_do_not_seem_to_have_more_time(batch: Path) -> None:
    for row in told(batch, "--as-of", "2026-07-05"):
        assert row["days_left"] == (date.fromisoformat(row["claim_by"]) - date(2026, 7, 5)).days


def test_an_owner_whom_the_list_does_not_know_is_wrong_usage(batch: Path) -> None:
    result = asked(batch, "--owner", "nobody")
    assert result.exit_code == 2
    assert "mara, otto" in result.output


def test_an_account_without_results_is_named_and_the_others_are_shown(batch: Path) -> None:
    shutil.rmtree(batch / "kessel")
    result = asked(batch)
    assert result.exit_code == 5
    assert "kessel" in result.stderr
    assert "To file" in result.stdout


def test_an_account_with_a_fault_in_the_list_is_named_with_its_line(batch: Path) -> None:
    path = batch.parent / "accounts.toml"
    path.write_text(path.read_text("utf-8") + '[[account]]\nid = "odd"\nexports = "of-odd"\nowner = "zoe"\n', "utf-8")
    result = asked(batch)
    assert result.exit_code == 5
    assert "accounts.toml:2" in result.stderr
    assert "To file" in result.stdout


def test_the_calendar_holds_every_account_once(batch: Path, tmp_path: Path) -> None:
    asked(batch, "--ics", str(tmp_path / "all.ics"))
    events = Calendar.from_ical((tmp_path / "all.ics").read_bytes()).walk("VEVENT")
    uids = [str(event["uid"]) for event in events]
    assert len(uids) == len(set(uids)) == len(told(batch))


@pytest.mark.parametrize(("days", "code"), [("400", 4), ("0", 0)])
def test_a_scheduler_is_told_when_something_ends_soon(batch: Path, days: str, code: int) -> None:
    # Counted from a day on which none of the sample's windows ends.
    assert asked(batch, "--as-of", "2026-04-01", "--fail-within", days, "--within", "0").exit_code == code


def test_owner_and_day_are_for_many_accounts_only(batch: Path) -> None:
    result = CliRunner().invoke(cli, ["deadlines", "--owner", "mara"])
    assert result.exit_code == 2
    assert "--accounts" in result.output


def test_the_calendar_of_all_accounts_cancels_what_ended_before_its_day(batch: Path, tmp_path: Path) -> None:
    path = batch / "kessel" / "run.json"
    manifest = json.loads(path.read_bytes())
    gone = {"rule": "warehouse_lost", "what": "770", "units": 2, "state": "paid"}
    manifest["ended_deadlines"] = [
        {**gone, "finding_id": "FSOON", "safe_by": "2026-07-09"},
        {**gone, "finding_id": "FOVER", "safe_by": "2026-07-02"},
    ]
    path.write_text(json.dumps(manifest), "utf-8")
    assert asked(batch, "--as-of", "2026-07-05", "--ics", str(tmp_path / "all.ics")).exit_code == 0
    events = (tmp_path / "all.ics").read_text("utf-8").split("BEGIN:VEVENT")
    cancelled = [event for event in events if "STATUS:CANCELLED" in event]
    assert [event for event in cancelled if "UID:FSOON@" in event] == cancelled
    assert len(cancelled) == 1
