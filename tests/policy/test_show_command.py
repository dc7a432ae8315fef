from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from auditor.cli.policy import policy as command
from auditor.model import WrongUsage
from auditor.policy import Policy


def show(*options: str, width: int = 80) -> Result:
    return CliRunner(env={"COLUMNS": str(width)}).invoke(command, ["show", *options])


def test_the_windows_of_a_day_are_shown_with_their_sources(policy: Policy) -> None:
    result = show("--on", "2026-11-23")
    assert result.exit_code == 0
    assert "Claim windows on 2026-11-23" in result.output
    assert policy.version in result.output
    for row in policy.rows():
        if row.in_force(row.checked):
            assert row.claim_type in result.output
            assert row.source in result.output
    assert "18 months" not in result.output


def test_an_earlier_day_shows_the_windows_of_that_day() -> None:
    output = show("--on", "2024-10-22", "--marketplace", "US").output
    assert "0 days to 18 months" in output
    assert "valuation_dispute: no window is documented." in output


def test_without_a_day_it_says_that_it_took_today() -> None:
    assert ", today (another day: --on DATE)" in show().output
    assert "today" not in show("--on", "2026-11-23").output
    assert json.loads(show("--json").output)["on_source"] == "today"


def test_one_marketplace_is_shown_with_values_cap_and_notes() -> None:
    output = show("--on", "2026-11-23", "--marketplace", "Amazon.de").output
    assert "Claim windows in DE (region EU)" in output
    assert "customer_return: price of the order less fees, medium" in output
    assert "at most, for one unit: 2000 EUR, medium" in output
    assert "Seller Central" in output
    assert "none documented" in show("--on", "2026-11-23", "--marketplace", "JP").output


def test_the_table_fits_eighty_columns_and_is_plain_when_piped() -> None:
    result = show("--on", "2026-11-23")
    table = result.output.split("\n\n")[1]
    assert max(len(line.rstrip()) for line in table.splitlines()) <= 80
    assert "\x1b" not in result.output
    assert result.output.isascii()


def test_a_narrow_terminal_wraps_and_loses_nothing() -> None:
    table = show("--on", "2024-10-01", "--marketplace", "US", width=44).output.split("\n\n")[1]
    assert max(len(line.rstrip()) for line in table.splitlines()) <= 44
    assert "…" not in table


def test_json_is_one_object_and_nothing_else() -> None:
    shown = json.loads(show("--on", "2026-11-23", "--marketplace", "GB", "--json").output)
    assert (shown["marketplace"], shown["on"], shown["on_source"]) == ("UK", "2026-11-23", "--on")
    windows = {window["claim_type"]: window for window in shown["windows"]}
    assert windows["fc_lost_damaged"]["limit"] == "60 days"
    assert shown["cap"]["amount"] == "2000"
    assert shown["undocumented"] == ["unused_label"]
    everything = json.loads(show("--on", "2026-11-23", "--json").output)
    assert everything["marketplace"] is None
    assert len(everything["windows"]) > len(shown["windows"])


def test_an_own_policy_folder_is_used(own_policy: Path) -> None:
    for file in own_policy.glob("fees.toml"):
        file.write_text(file.read_text().replace('"90 days"', '"91 days"'))
    assert "0 to 91 days" in show("--on", "2026-11-23", "--policy", str(own_policy)).output


@pytest.mark.parametrize(
    "options", [("--marketplace", "Non-Amazon"), ("--marketplace", ""), ("--policy", "/nowhere/at/all")]
)
def test_what_cannot_be_meant_is_wrong_usage(options: tuple[str, ...]) -> None:
    error = show("--on", "2026-11-23", *options).exception
    assert isinstance(error, WrongUsage)
    assert error.exit_code == 2


def test_a_day_that_does_not_exist_is_wrong_usage() -> None:
    assert show("--on", "2026-02-30").exit_code == 2


def test_every_command_has_examples_in_its_help() -> None:
    runner = CliRunner()
    assert "Examples:" in runner.invoke(command, ["--help"]).output
    assert "Examples:" in runner.invoke(command, ["show", "--help"]).output


def test_help_needs_neither_the_policy_nor_heavy_libraries() -> None:
    heavy = ("pydantic", "polars", "duckdb", "rich", "babel")
    code = f"import sys, auditor.cli.policy; print([name for name in {heavy} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
