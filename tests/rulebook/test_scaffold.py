"""A rule of one's own: begun with one command, finished without Python, found in the page."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from auditor.cli import cli
from tests.samples import sample

CONDITION = "    -- Put here what makes a row a claim, and take the next line out.\n    and false\n"


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(cli, [str(a) for a in arguments])
    return result.exit_code, result.output


def finished(folder: Path, name: str, reason: str = "D") -> Path:
    """A new rule about one reason of the ledger, with everything said; gives its query file."""
    run("rules", "new", name, "--rules", folder)
    query = folder / name / "rule.sql"
    text = query.read_text(encoding="utf-8")
    assert CONDITION in text
    query.write_text(text.replace(CONDITION, f"    and upper(trim(reason)) = '{reason}'\n"), encoding="utf-8")
    cases = query.with_name("cases.toml")
    cases.write_text(cases.read_text(encoding="utf-8").replace("| M      |", f"| {reason}      |"), encoding="utf-8")
    for file in query.parent.iterdir():
        file.write_text(file.read_text(encoding="utf-8").replace("TODO: ", ""), encoding="utf-8")
    return query


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of rules: one is finished, one breaks, one has something left to say, and one its claim text."""
    folder = tmp_path_factory.mktemp("rules")
    finished(folder, "disposals")
    _replace(finished(folder, "broken"), "with ", "wiht ")
    _replace(finished(folder, "unfinished"), 'why = "', 'why = "TODO: ')
    speechless = finished(folder, "speechless", "Q")
    _replace(speechless, "'review' as confidence", "'high' as confidence")
    _replace(speechless.with_name("claim.toml"), 'page = "', 'page = "TODO: ')
    return folder


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@dataclass(frozen=True)
class Audited:
    """An audit of the US sample with the rules of a folder."""

    out: Path
    told: str
    findings: dict[str, list[dict[str, str]]]


@pytest.fixture(scope="module")
def audited(rules: Path, tmp_path_factory: pytest.TempPathFactory) -> Audited:
    out = tmp_path_factory.mktemp("audited") / "out"
    place = ["--out", out, "--workspace", out.with_name("workspace"), "--quiet"]
    code, told = run("run", sample("us"), "--rules", rules, *place)
    assert code == 0
    findings: dict[str, list[dict[str, str]]] = {}
    with (out / "findings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            findings.setdefault(row["rule"], []).append(row)
    return Audited(out, told, findings)


def test_a_new_rule_loads_and_its_cases_fail_until_the_query_finds_something(tmp_path: Path) -> None:
    assert run("rules", "new", "big_losses", "--rules", tmp_path)[0] == 0
    code, told = run("rules", "test", "big_losses", "--rules", tmp_path)
    assert (code, told.count("FAIL big_losses: ")) == (1, 2)
    assert told.count("still say TODO") + told.count("still says TODO") == 6
    assert "0 passed, 8 failed" in told


def test_a_finished_rule_stands_in_the_page_with_its_findings(rules: Path, audited: Audited) -> None:
    assert run("rules", "test", "disposals", "--rules", rules) == (0, "2 passed, 0 failed\n")
    page = (audited.out / "summary.html").read_text(encoding="utf-8")
    found = audited.findings["disposals"]
    assert "Disposals" in page
    assert all("new_rule: a person has to look" in finding["reasons"] for finding in found)
    assert all(finding["finding_id"] in page for finding in found)


def test_rows_that_are_alike_in_everything_are_one_claim_of_a_new_rule(tmp_path: Path) -> None:
    query = finished(tmp_path, "disposals")
    cases = query.with_name("cases.toml")
    row = "2026-04-10 | D      | -"
    text = cases.read_text(encoding="utf-8")
    assert f"{row}2" in text
    cases.write_text(text.replace(f"{row}2", f"{row}1\n{row}1"), encoding="utf-8")
    assert run("rules", "test", "disposals", "--rules", tmp_path) == (0, "2 passed, 0 failed\n")


def test_a_rule_that_cannot_run_is_named_even_when_the_run_is_quiet_and_the_others_run(
    rules: Path, audited: Audited
) -> None:
    assert "audit: broken/rule.sql:25: " in audited.told
    assert "warehouse_lost" in audited.findings
    assert "broken" not in audited.findings
    code, told = run("rules", "test", "broken", "--rules", rules)
    assert (code, told.count("wiht"), told.count("the same as above")) == (1, 1, 1)


def test_a_rule_that_still_says_todo_does_not_run(audited: Audited) -> None:
    assert "unfinished/rule.sql: the rule is not finished: why still say TODO" in audited.told
    assert "unfinished" not in audited.findings


def test_a_claim_text_that_still_says_todo_is_sent_to_nobody(audited: Audited) -> None:
    assert "speechless/claim.toml:5: filing.page: it still says TODO" in audited.told
    assert {finding["confidence"] for finding in audited.findings["speechless"]} == {"high"}
    assert not list((audited.out / "claims").glob("*_speechless_*"))


def test_a_rule_that_cannot_be_read_is_not_called_a_rule_that_is_not_there(tmp_path: Path) -> None:
    run("rules", "new", "disposals", "--rules", tmp_path)
    query = tmp_path / "disposals" / "rule.sql"
    query.write_text(query.read_text(encoding="utf-8").replace("title =", "titel =", 1), encoding="utf-8")
    code, told = run("rules", "test", "disposals", "--rules", tmp_path)
    assert code == 2
    assert "titel" in told
    assert "the rule disposals cannot be read" in told
    assert told.count("Did you mean") == 1


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
