"""The scorer sees every kind of fault; a perfect result has none."""

from __future__ import annotations

from typing import Any

import pytest
from scorers import scorer

from auditor.simulate import build_account
from auditor.simulate.truth import truth_of

Row = dict[str, Any]


accuracy = scorer("accuracy")
TRUTH = truth_of(build_account(2, "US", 0), [])


def perfect() -> tuple[list[Row], list[Row]]:
    """Findings and rejections as a faultless audit would print them."""
    columns = ("rule", "reference_id", "fnsku", "msku", "status", "claim_by", "claim_from", "confidence")
    more = ("currency", "unit_value", "amount")
    findings = [{**{c: entry[c] for c in (*columns, *more)}, "units": str(entry["units"])} for entry in TRUTH["owed"]]
    told = [
        {"rule": e["rule"], "reference_id": e["reference_id"], "fnsku": e["fnsku"], "reason": e["reason"]}
        for e in TRUTH["not_owed"]
        if e["candidate"]
    ]
    return findings, told


def faults(findings: list[Row], told: list[Row]) -> list[str]:
    result = accuracy.Score()
    accuracy.score("test", TRUTH, findings, told, result)
    mismatches: list[str] = result.mismatches
    return mismatches


def test_a_perfect_result_has_no_fault() -> None:
    assert faults(*perfect()) == []


def test_an_audit_that_finds_nothing_misses_everything() -> None:
    _, told = perfect()
    missed = faults([], told)
    assert len(missed) == len(TRUTH["owed"])
    assert all("missed" in line for line in missed)


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [
        ("units", "99", "units wrong"),
        ("status", "paid", "state wrong"),
        ("claim_by", "2030-01-01", "deadline wrong"),
        ("claim_from", "2020-01-01", "deadline wrong"),
        ("confidence", "maybe", "confidence wrong"),
        ("amount", "0.01", "amount wrong"),
        ("unit_value", "0.01", "value wrong"),
        ("currency", "XYZ", "value wrong"),
    ],
)
def test_one_wrong_cell_is_one_fault(column: str, value: str, kind: str) -> None:
    findings, told = perfect()
    findings[0][column] = value
    (fault,) = faults(findings, told)
    assert kind in fault
    assert TRUTH["owed"][0]["scenario"] in fault


def test_a_guess_where_the_value_is_unknown_is_a_fault() -> None:
    findings, told = perfect()
    unknown = next(row for row in findings if row["amount"] == "")
    unknown.update(currency="USD", unit_value="1.00", amount=f"{unknown['units']}.00")
    assert any("amount wrong" in fault for fault in faults(findings, told))


def test_a_claimed_lookalike_is_named_as_such() -> None:
    findings, told = perfect()
    decoy = TRUTH["not_owed"][0]
    findings.append({**findings[0], **{c: decoy[c] for c in ("rule", "reference_id", "fnsku", "msku")}})
    (fault,) = faults(findings, told)
    assert "LOOKALIKE CLAIMED" in fault


def test_a_claim_that_nobody_planted_is_false() -> None:
    findings, told = perfect()
    findings.append({**findings[0], "reference_id": "20000000000000", "summary": "made up"})
    (fault,) = faults(findings, told)
    assert "FALSE CLAIM" in fault


def test_a_claim_made_twice_counts_its_units_twice() -> None:
    findings, told = perfect()
    findings.append(dict(findings[0]))
    assert any("units wrong" in fault for fault in faults(findings, told))


def test_a_rejected_candidate_must_say_why() -> None:
    findings, told = perfect()
    (fault,) = faults(findings, told[1:])
    assert "nothing says so" in fault


def test_findings_of_other_rules_are_not_scored() -> None:
    findings, told = perfect()
    findings.append({**findings[0], "rule": "a_rule_of_the_user"})
    assert faults(findings, told) == []


def test_the_table_has_a_line_for_each_rule_and_one_for_all() -> None:
    result = accuracy.Score()
    findings, told = perfect()
    accuracy.score("test", TRUTH, findings[1:], told, result)
    table = accuracy.table(result)
    assert all(f"| `{rule}` | **all** |" in table for rule in accuracy.RULES)
    owed = len(TRUTH["owed"])
    assert f"| **all** | **all** | {owed} | {owed - 1} | 1.000 | {(owed - 1) / owed:.3f} |" in table
