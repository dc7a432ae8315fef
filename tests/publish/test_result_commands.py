"""`audit explain` and `audit deadlines` over a results folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from auditor.cli.deadlines import deadlines
from auditor.cli.explain import explain
from auditor.model import Results, WrongUsage
from auditor.publish.folder import write_results


@pytest.fixture
def out(results: Results, tmp_path: Path) -> Path:
    write_results(results, tmp_path / "out", extra={})
    return tmp_path / "out"


def _explain(out: Path, *arguments: str) -> Result:
    return CliRunner().invoke(explain, [*arguments, "--out", str(out)], catch_exceptions=True)


def _deadlines(out: Path, *arguments: str) -> Result:
    return CliRunner().invoke(deadlines, [*arguments, "--out", str(out)], catch_exceptions=True)


def test_explain_tells_the_arithmetic_the_policy_and_the_source_lines(out: Path) -> None:
    told = _explain(out, "f00000000001")
    assert told.exit_code == 0
    assert "5 lost on 2026-05-01 - 2 found on 2026-05-09 - 1 paid on 2026-05-20 = 2 open" in told.output
    assert "https://example.invalid/policy" in told.output
    assert "sed -n 17p ledger.txt" in told.output
    assert "claims/2026-07-03_warehouse_lost_f00000000001.md" in told.output


def test_explain_as_json_is_one_object_and_nothing_else(out: Path) -> None:
    told = json.loads(_explain(out, "f00000000003", "--json").output)
    assert told["finding"]["amount"] == "2500"
    assert told["evidence"][0]["row"] == {"商品名": "マグ\tカップ"}


def test_explain_answers_why_a_loss_is_not_in_the_list(out: Path) -> None:
    told = _explain(out, "X00GONE")
    assert told.exit_code == 0
    assert "paid: 1 unit" in told.output
    assert "f0000" not in told.output


def test_explain_of_a_reference_lists_all_its_findings(out: Path) -> None:
    told = _explain(out, "twin")
    assert "f00000000004" in told.output
    assert "f00000000005" in told.output
    assert len(json.loads(_explain(out, "twin", "--json").output)["findings"]) == 2


def test_explain_of_an_unknown_id_is_wrong_usage_and_suggests_others(out: Path) -> None:
    told = _explain(out, "f0000000007")
    assert isinstance(told.exception, WrongUsage)
    assert told.exception.exit_code == 2
    assert "f00000000007" in str(told.exception)


def test_explain_without_results_says_what_to_run(tmp_path: Path) -> None:
    told = _explain(tmp_path, "f1")
    assert isinstance(told.exception, WrongUsage)
    assert "audit run" in str(told.exception)


def test_deadlines_lists_the_nearest_first(out: Path) -> None:
    told = _deadlines(out)
    assert told.exit_code == 0
    assert told.output.index("f00000000001") < told.output.index("f00000000003") < told.output.index("f00000000008")
    assert "f00000000009" not in told.output
    assert "f00000000010" not in told.output


def test_deadlines_within_days_counts_to_the_last_day_inclusive(out: Path) -> None:
    for days, expected in ((2, 0), (3, 1), (7, 2), (8, 3), (14, 5)):
        told = json.loads(_deadlines(out, "--within", str(days), "--json").output)
        assert len(told["deadlines"]) == expected


def test_deadlines_says_so_when_there_are_none(out: Path) -> None:
    assert "Nothing is to be filed within 1 day, as of 2026-06-30." in _deadlines(out, "--within", "1").output


def test_deadlines_writes_a_calendar_of_what_it_shows(out: Path, tmp_path: Path) -> None:
    told = _deadlines(out, "--within", "7", "--ics", str(tmp_path / "my.ics"))
    assert told.exit_code == 0
    assert (tmp_path / "my.ics").read_bytes().count(b"BEGIN:VEVENT") == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my.ics", "out"]


def test_deadlines_as_json_prints_nothing_else_even_with_a_calendar(out: Path, tmp_path: Path) -> None:
    told = _deadlines(out, "--json", "--ics", str(tmp_path / "my.ics"))
    assert json.loads(told.output)["as_of"] == "2026-06-30"


@pytest.mark.parametrize("command", [explain, deadlines])
def test_help_has_examples(command: object) -> None:
    assert "Examples:" in CliRunner().invoke(command, ["--help"]).output  # type: ignore[arg-type]
