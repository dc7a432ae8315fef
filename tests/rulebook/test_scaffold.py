"""A rule of one's own: begun with one command, finished without Python, found in the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from auditor.cli import cli
from tests.samples import sample

CONDITION = "    -- Put here what makes a row a claim, and take the next line out.\n    and false)"


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(cli, [str(a) for a in arguments])
    return result.exit_code, result.output


def test_a_new_rule_loads_and_its_cases_fail_until_the_query_finds_something(tmp_path: Path) -> None:
    assert run("rules", "new", "big_losses", "--rules", tmp_path)[0] == 0
    code, told = run("rules", "test", "big_losses", "--rules", tmp_path)
    assert (code, told.count("FAIL big_losses")) == (1, 2)
    assert "0 passed, 2 failed" in told


def test_a_finished_rule_stands_in_the_page_with_its_findings(tmp_path: Path) -> None:
    run("rules", "new", "disposals", "--rules", tmp_path / "rules")
    query = tmp_path / "rules" / "disposals" / "rule.sql"
    text = query.read_text(encoding="utf-8")
    assert CONDITION in text
    query.write_text(text.replace(CONDITION, "    and upper(trim(reason)) = 'D')"), encoding="utf-8")
    cases = query.with_name("cases.toml")
    cases.write_text(cases.read_text(encoding="utf-8").replace("| M      |", "| D      |"), encoding="utf-8")
    assert run("rules", "test", "disposals", "--rules", tmp_path / "rules") == (0, "2 passed, 0 failed\n")
    out = tmp_path / "out"
    code, told = run(
        "run", sample("us"), "--rules", tmp_path / "rules", "--out", out, "--workspace", tmp_path / "w", "--quiet"
    )
    assert (code, told) == (0, "")
    page = (out / "summary.html").read_text(encoding="utf-8")
    assert "Disposals" in page
    found = [line for line in (out / "findings.csv").read_text(encoding="utf-8").splitlines() if ",disposals," in line]
    assert found
    assert all("new_rule: a person has to look" in line for line in found)
    assert all(line.split(",")[0] in page for line in found)


def test_a_rule_that_cannot_run_is_named_even_when_the_run_is_quiet(tmp_path: Path) -> None:
    run("rules", "new", "disposals", "--rules", tmp_path)
    query = tmp_path / "disposals" / "rule.sql"
    query.write_text(query.read_text(encoding="utf-8").replace("with ", "wiht ", 1), encoding="utf-8")
    where = ["--out", tmp_path / "out", "--workspace", tmp_path / "w", "--quiet"]
    code, told = run("run", sample("us"), "--rules", tmp_path, *where)
    assert code == 0
    assert told.startswith("audit: disposals/rule.sql")
    assert (tmp_path / "out" / "findings.csv").is_file()
    code, told = run("rules", "test", "disposals", "--rules", tmp_path)
    assert (code, told.count("wiht"), told.count("the same as above")) == (1, 1, 1)


def test_a_rule_that_cannot_be_read_is_not_called_a_rule_that_is_not_there(tmp_path: Path) -> None:
    run("rules", "new", "disposals", "--rules", tmp_path)
    query = tmp_path / "disposals" / "rule.sql"
    query.write_text(query.read_text(encoding="utf-8").replace("title =", "titel =", 1), encoding="utf-8")
    code, told = run("rules", "test", "disposals", "--rules", tmp_path)
    assert code == 2
    assert "titel" in told
    assert "the rule disposals cannot be read" in told
    assert "Did you mean" not in told


@pytest.mark.parametrize("name", ["Big", "9lives", "../up", "a", "with space", ""])
def test_a_name_that_no_rule_can_have_is_refused(tmp_path: Path, name: str) -> None:
    code, told = run("rules", "new", name, "--rules", tmp_path)
    assert (code, list(tmp_path.iterdir())) == (2, [])
    assert "cannot be the name of a rule" in told


def test_nothing_that_is_there_is_overwritten(tmp_path: Path) -> None:
    run("rules", "new", "mine_now", "--rules", tmp_path)
    (tmp_path / "mine_now" / "rule.sql").write_text("mine", encoding="utf-8")
    code, told = run("rules", "new", "mine_now", "--rules", tmp_path)
    assert (code, "is there already" in told) == (2, True)
    assert (tmp_path / "mine_now" / "rule.sql").read_text(encoding="utf-8") == "mine"


def test_a_name_that_the_package_has_is_said_to_replace_its_rule(tmp_path: Path) -> None:
    code, told = run("rules", "new", "warehouse_lost", "--rules", tmp_path)
    assert code == 0
    assert "warehouse_lost is a rule of the package" in told


def test_the_claim_text_is_tested_with_the_cases(tmp_path: Path) -> None:
    run("rules", "new", "mine_now", "--rules", tmp_path)
    (tmp_path / "mine_now" / "claim.toml").write_text("[en\n", encoding="utf-8")
    code, told = run("rules", "test", "mine_now", "--rules", tmp_path)
    assert code == 1
    assert "FAIL mine_now/claim.toml" in told
