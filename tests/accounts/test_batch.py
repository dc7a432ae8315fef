"""A batch: accidents of one account leave the others alone, a killed batch goes on, a skip is always right."""

from __future__ import annotations

import os
import pickle
import random
import shutil
import signal
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from auditor.accounts.batch import jobs_of
from auditor.accounts.fingerprint import fingerprint
from auditor.accounts.job import Job
from auditor.accounts.listing import read_listing
from auditor.accounts.one_account import audit_account, unchanged
from auditor.claims.cases.book import Book
from auditor.claims.cases.log import CaseLog
from auditor.model import WrongUsage
from tests.accounts import nights
from tests.accounts.faulty import work
from tests.accounts.nights import accounts, did, events, night, standing, states

pytestmark = pytest.mark.usefixtures("quick")


def test_accidents_are_named_and_tried_once_more_and_the_others_finish(tmp_path: Path) -> None:
    ids = ["hangs", "one", "exits", "killed", "raises", "refused", "greedy", "once", "two"]
    out = tmp_path / "out"
    (out / "killed").mkdir(parents=True)
    (out / "killed" / "run.json").write_text('{"tool": {"name": "audit"}, "old": 1}', encoding="utf-8")
    path = accounts(tmp_path, ids)
    short = "id = 'hangs'\nthresholds.time_limit_s = 1"
    path.write_text(path.read_text(encoding="utf-8").replace("id = 'hangs'", short), encoding="utf-8")
    content = night(path, out, jobs=3, memory_limit=700)
    good = {"one": "ok", "two": "ok", "once": "ok", "refused": "refused"}
    assert states(content) == dict.fromkeys(ids, "failed") | good
    assert content["failed"] == ["hangs", "exits", "killed", "raises", "refused", "greedy"]
    attempts = {account_id: run["attempts"] for account_id, run in content["this_run"]["accounts"].items()}
    assert attempts == dict.fromkeys(ids, 2) | {"one": 1, "two": 1, "refused": 1}
    told = {entry["id"]: " ".join(entry["problems"]) for entry in content["accounts"]}
    assert "took longer than 1 s" in told["hangs"]
    assert "exit code 9" in told["exits"]
    assert "signal 9" in told["killed"]
    assert "ValueError: a bug" in told["raises"]
    assert "more than 700 MiB" in told["greedy"]
    assert [path.name for path in (out / "killed").iterdir()] == ["run.json"]
    assert (out / "one" / "summary.html").is_file()
    retried = sorted(event["account"] for event in events(out) if event["event"] == "account_retried")
    assert retried == sorted({*ids} - {"one", "two", "refused"})


def test_a_batch_that_is_killed_again_and_again_ends_like_one_that_is_not(tmp_path: Path) -> None:
    chance = random.Random(7)
    path = accounts(tmp_path, [f"a{number}" for number in range(4)])
    night(path, tmp_path / "calm")
    out = tmp_path / "killed"
    for _ in range(3):
        batch = nights.started(path, out)
        time.sleep(chance.uniform(0.8, 4))
        batch.send_signal(signal.SIGKILL)
        batch.wait()
    last = night(path, out)
    assert standing(out) == standing(tmp_path / "calm")
    finished = {
        event["account"] for event in events(out) if event["event"] == "account_done" and event["batch"] != os.getpid()
    }
    assert {account_id for account_id, what in did(last).items() if what == "unchanged"} >= finished


def test_a_second_night_without_news_audits_nothing_and_changes_nothing(tmp_path: Path) -> None:
    path, out = accounts(tmp_path, ["a", "b", "gone"]), tmp_path / "out"
    path.write_text(path.read_text().replace("id = 'gone'", "id = 'gone'\nstage = 'cancelled'"), encoding="utf-8")
    assert states(night(path, out, jobs=1)) == {"a": "ok", "b": "ok", "gone": "cancelled"}
    before = standing(out), {p: p.stat().st_mtime_ns for p in (out / "a").rglob("*")}
    assert did(night(path, out)) == {"a": "unchanged", "b": "unchanged"}
    assert did(night(path, out, only=["b"])) == {"b": "unchanged"}
    assert (standing(out), {p: p.stat().st_mtime_ns for p in (out / "a").rglob("*")}) == before


def test_an_unknown_account_is_wrong_usage_before_anything_is_done(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="no account 'c'"):
        night(accounts(tmp_path, ["a"]), tmp_path / "out", only=["c"])
    assert not (tmp_path / "out").exists()


def test_two_batches_at_once_do_each_account_once(tmp_path: Path) -> None:
    path, out = accounts(tmp_path, ["a", "b"]), tmp_path / "out"
    batches = [nights.started(path, out) for _ in range(2)]
    assert [batch.wait() for batch in batches] == [0, 0]
    done = [event["account"] for event in events(out) if event["event"] == "account_done"]
    assert sorted(done) == ["a", "b"]


@pytest.fixture
def done(tmp_path: Path) -> Job:
    """An account that was audited, with a second file beside its ledger."""
    path = accounts(tmp_path, ["a"])
    (tmp_path / "exports/a/more.txt").write_text("one", encoding="utf-8")
    listing = read_listing(path)
    (job,) = jobs_of(listing, nights.order(path, tmp_path / "out"))
    work(job, lambda: None)
    assert unchanged(job)
    return job


def test_a_file_that_was_only_touched_is_no_news(done: Job) -> None:
    os.utime(done.paths[0] / "more.txt")
    assert unchanged(done)


def test_other_content_of_the_same_size_and_time_is_news(done: Job) -> None:
    file = done.paths[0] / "more.txt"
    old = file.stat()
    file.write_text("two", encoding="utf-8")
    os.utime(file, ns=(old.st_atime_ns, old.st_mtime_ns))
    assert not unchanged(done)


def test_a_new_a_missing_and_a_renamed_file_are_news(done: Job) -> None:
    file = done.paths[0] / "more.txt"
    renamed = file.rename(file.with_name("other.txt"))
    assert not unchanged(done)
    shutil.copy(renamed, file)
    assert not unchanged(done)
    renamed.unlink()
    assert unchanged(done)
    file.unlink()
    assert not unchanged(done)


def test_another_question_or_another_tool_is_news(done: Job) -> None:
    for asked in (
        replace(done, as_of=date(2026, 6, 30)),
        replace(done, name="b"),
        replace(done, marketplaces=("US",)),
        replace(done, language="de"),
        replace(done, rule_settings={"warehouse_lost": {"off": True}}),
        replace(done, program="another"),
        replace(done, case_log=done.case_log.replace("cases.db", "other.db")),
        replace(done, out=done.out.with_name("elsewhere")),
    ):
        assert not unchanged(asked)


def test_a_rule_of_ones_own_that_changed_is_news(done: Job, tmp_path: Path) -> None:
    (tmp_path / "rules/mine").mkdir(parents=True)
    rule = tmp_path / "rules/mine/rule.sql"
    rule.write_text("select 1", encoding="utf-8")
    before = fingerprint(replace(done, rule_folders=(tmp_path / "rules",)))
    rule.write_text("select 2", encoding="utf-8")
    assert fingerprint(replace(done, rule_folders=(tmp_path / "rules",))) != before


def test_results_that_somebody_changed_or_removed_are_written_again(done: Job) -> None:
    whole = (done.out / "findings.csv").read_bytes()
    (done.out / "findings.csv").write_bytes(b"")
    assert not unchanged(done)
    work(done, lambda: None)
    assert (done.out / "findings.csv").read_bytes() == whole
    shutil.rmtree(done.out)
    assert not unchanged(done)


def test_a_case_that_somebody_moved_is_news(done: Job) -> None:
    finding = replace(pickle.loads(Path(os.environ["AUDIT_TEST_RESULTS"]).read_bytes()).findings[0], status="open")
    log = CaseLog(done.case_log)
    with log.changing() as con:
        Book(con, done.name, date(2026, 6, 30)).begin([finding])
    assert not unchanged(done)
    work(done, lambda: None)
    assert unchanged(done)
    log.move(
        log.case(finding.finding_id), "filed", day=date(2026, 7, 1), who="mara", case_id="1", filed_on=date(2026, 7, 1)
    )
    assert not unchanged(done)


def test_a_case_of_another_account_is_no_news(done: Job) -> None:
    finding = pickle.loads(Path(os.environ["AUDIT_TEST_RESULTS"]).read_bytes()).findings[0]
    with CaseLog(done.case_log).changing() as con:
        Book(con, "somebody else", date(2026, 6, 30)).begin([replace(finding, status="open")])
    assert unchanged(done)


def test_a_workspace_or_a_case_log_of_a_newer_version_fails_that_account(done: Job) -> None:
    (done.workspace / "workspace.json").write_text('{"form": 99}', encoding="utf-8")
    with pytest.raises(WrongUsage, match="newer version"):
        audit_account(done)
