"""Every case of every rule, and that the runner of cases can fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from auditor.model import AuditError
from auditor.rulebook.case_files import Case, load_cases, read_table
from auditor.rulebook.cases import CaseRoom
from auditor.rulebook.rules import Rule, load_rules

RULES, PROBLEMS = load_rules()
CASES = [(rule, case) for rule in RULES for case in load_cases(rule)]
LOST = next(rule for rule in RULES if rule.rule_id == "warehouse_lost")
ONE_LOST = Case(
    name="One unit is lost",
    rule_id="warehouse_lost",
    as_of=date(2026, 5, 10),
    tables={"ledger": [{"date": "2026-04-10", "reason": "M", "quantity": "-1", "reference_id": "20000000000001"}]},
    covers={},
    marketplace=None,
    findings=[{"units": "1", "reference_id": "20000000000001"}],
    not_claimed=[],
)


@pytest.mark.parametrize(("rule", "case"), CASES, ids=[f"{rule.rule_id}: {case.name}" for rule, case in CASES])
def test_case(room: CaseRoom, rule: Rule, case: Case) -> None:
    assert room.mismatches(case, rule) == []


def test_every_packaged_rule_can_be_loaded() -> None:
    assert PROBLEMS == ()
    assert {"warehouse_lost", "warehouse_damaged", "customer_return_missing", "inbound_missing"} <= {
        rule.rule_id for rule in RULES
    }


@pytest.mark.parametrize("rule", RULES, ids=[rule.rule_id for rule in RULES])
def test_a_rule_is_a_folder_with_its_query_its_claim_and_its_cases(rule: Rule) -> None:
    # An exposure is no claim, so nothing is written to Amazon about it.
    wanted = ["rule.sql", "cases.toml", *(["claim.toml"] if rule.facts.kind == "claim" else [])]
    assert [name for name in wanted if not (rule.folder / name).is_file()] == []


@pytest.mark.parametrize("rule", RULES, ids=[rule.rule_id for rule in RULES])
def test_a_rule_has_at_least_twelve_cases_each_with_its_own_sentence(rule: Rule) -> None:
    names = [case.name for case in load_cases(rule)]
    assert len(names) >= 12
    assert len(set(names)) == len(names)
    assert [name for name in names if len(name.split()) < 4] == []


@pytest.mark.parametrize("rule", RULES, ids=[rule.rule_id for rule in RULES])
def test_the_cases_of_a_rule_show_what_is_claimed_and_what_is_not(rule: Rule) -> None:
    cases = load_cases(rule)
    assert any(case.findings for case in cases)
    assert any(not case.findings and case.tables for case in cases)


def test_a_case_that_expects_what_is_found_holds(room: CaseRoom) -> None:
    assert room.mismatches(ONE_LOST, LOST) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"findings": []}, "finding not expected"),
        ({"findings": [{"units": "2"}]}, "finding expected but missing"),
        ({"findings": [{"units": "1"}, {"units": "1"}]}, "finding expected but missing"),
        ({"findings": [{"units": "1", "amount": "*"}]}, "finding expected but missing"),
        ({"findings": [{"units": "1", "reasons": ""}]}, "finding expected but missing"),
        ({"not_claimed": [{"reason": "found_later"}]}, "not claimed expected but missing"),
        ({"findings": [{"status": "expired"}]}, "finding expected but missing"),
    ],
)
def test_a_case_that_expects_something_else_fails(room: CaseRoom, wrong: dict[str, object], said: str) -> None:
    differences = room.mismatches(replace(ONE_LOST, **wrong), LOST)  # type: ignore[arg-type]
    assert any(said in difference for difference in differences), differences


def test_a_candidate_that_is_unexpectedly_rejected_fails_the_case(room: CaseRoom) -> None:
    moved = {"date": "2026-04-10", "reason": "Q", "quantity": "-1"}
    case = replace(ONE_LOST, tables={"ledger": [*ONE_LOST.tables["ledger"], moved]})
    assert any("not claimed not expected" in difference for difference in room.mismatches(case, LOST))
    assert room.mismatches(replace(case, not_claimed=None), LOST) == []


def test_evidence_that_does_not_add_up_to_the_claim_fails_the_case(room: CaseRoom) -> None:
    fewer = replace(
        LOST, query=LOST.query.replace("  evidence\nfrom judged", "  evidence[2:] as evidence\nfrom judged")
    )
    assert fewer.query != LOST.query
    assert "the evidence adds up to 0 units, the claim to 1" in " ".join(room.mismatches(ONE_LOST, fewer))


def test_two_findings_of_one_identity_fail_the_case(room: CaseRoom) -> None:
    twice = {**ONE_LOST.tables["ledger"][0], "reference_id": "20000000000002"}
    case = replace(ONE_LOST, tables={"ledger": [*ONE_LOST.tables["ledger"], twice]}, findings=[{"units": "1"}] * 2)
    assert room.mismatches(case, LOST) == []
    same = replace(LOST, query=LOST.query.replace("group_key as identity", "'same' as identity", 1))
    assert "of candidate same: 2 claims share this identity" in " ".join(room.mismatches(case, same))


def test_a_rule_that_does_not_run_fails_its_cases(room: CaseRoom) -> None:
    broken = replace(LOST, query="select nothing")
    assert room.mismatches(ONE_LOST, broken) != []


def test_one_case_leaves_nothing_behind_for_the_next(room: CaseRoom) -> None:
    nothing = replace(ONE_LOST, tables={}, findings=[])
    assert [room.mismatches(case, LOST) for case in (ONE_LOST, nothing, ONE_LOST)] == [[], [], []]


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"ledger": [{"date": "yesterday"}]}, "ledger: 'yesterday' in the column date is no date like 2026-05-10"),
        ({"ledger": [{"quantity": "ten"}]}, "ledger: 'ten' in the column quantity is no whole number"),
        ({"ledger": [{"quantty": "1"}]}, "ledger: there is no column 'quantty'. Did you mean quantity? It has: date, "),
        ({"ledgers": [{"quantity": "1"}]}, "ledgers: there is no such table. Did you mean ledger?"),
        ({"finding": [{"units": "1"}]}, "finding: there is no such table. Did you mean findings?"),
    ],
)
def test_a_row_that_does_not_fit_its_table_names_column_and_cell(
    room: CaseRoom, tables: dict[str, list[dict[str, str]]], said: str
) -> None:
    with pytest.raises(AuditError) as caught:
        room.mismatches(replace(ONE_LOST, tables=tables), LOST)
    assert f"case 'One unit is lost', {said}" in str(caught.value)


def test_a_case_reaches_no_file(room: CaseRoom, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("secret\n1\n", encoding="utf-8")
    nosy = replace(LOST, query=LOST.query.replace("\nfrom judged", f"\nfrom judged, read_csv('{tmp_path}/secret.csv')"))
    assert nosy.query != LOST.query
    said = " ".join(room.mismatches(ONE_LOST, nosy))
    assert "disabled" in said
    assert "Candidate bindings" not in said


def test_a_text_table_is_rows_by_column_and_a_ragged_one_is_refused() -> None:
    assert read_table("a | b\n1 |\n  | 2\n") == [{"a": "1", "b": ""}, {"a": "", "b": "2"}]
    assert read_table("") == []
    with pytest.raises(AuditError, match="'1' has 1 cells, its header 2"):
        read_table("a | b\n1")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("as_of = '10.5.2026'\nfindings = ''", "as_of: '10.5.2026' is no date"),
        ("finding = ''", r"has no findings\. Did you mean it by finding\?"),
        (
            'findings = """\nevidence_rows\n1\n"""',
            r"findings: there is no column 'evidence_rows'\. It has: finding_id, ",
        ),
        ('findings = \'\'\nnot_claimed = """\noutcome\npaid\n"""', "not_claimed: there is no column 'outcome'"),
        ("findings = ''\nledgers = { least = 4 }", "ledgers: this is no table"),
        ("findings = ''\noptions = { least = 4 }", "options: the rule warehouse_lost has no option least"),
        ("findings = ''\noptions = 4", "options: this is no table of options"),
        ('findings = \'\'\nledger = """\nquantity | date\n-3\n"""', "ledger: the row '-3' has 1 cells, its header 2"),
    ],
)
def test_a_case_that_cannot_be_read_names_file_case_and_table(tmp_path: Path, lines: str, said: str) -> None:
    folder = tmp_path / "my_rule"
    folder.mkdir()
    day = "" if lines.startswith("as_of") else "as_of = 2026-05-01\n"
    (folder / "cases.toml").write_text(f"\n[[case]]\nname = 'Three are lost'\n{day}{lines}\n", "utf-8")
    with pytest.raises(AuditError, match=f"case 'Three are lost',? {said}") as caught:
        load_cases(replace(LOST, folder=folder))
    assert {problem.file for problem in caught.value.problems} == {"warehouse_lost/cases.toml"}
    assert all((problem.line or 0) > 1 for problem in caught.value.problems)
