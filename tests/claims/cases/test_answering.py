"""Which reply a case waits for, and when none may be sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from auditor.claims.cases.answering import letter_for
from auditor.claims.cases.learning import learn
from auditor.claims.cases.log import Case, CaseLog
from auditor.claims.replies import packaged_replies
from auditor.model import WrongUsage

from .conftest import audited, finding

NEWEST = date(2026, 5, 12)


def filed(log: CaseLog, *moves: tuple[str, str, str]) -> Case:
    """A case that was filed and then moved: state, reason, note."""
    if not log.cases():
        learn(log, audited("2026-05-12", finding()))
    case = log.cases()[0]
    case = log.move(case, "filed", day=NEWEST, who="Mira", reason="filed", case_id="4711", filed_on=NEWEST)
    for state, reason, note in moves:
        case = log.move(case, state, day=NEWEST, who="Mira", reason=reason, note=note)
    return case


def name(log: CaseLog, case: Case, **what: str) -> str:
    letter = letter_for(case, log.history(case), packaged_replies(), "de", newest=NEWEST, **what)
    assert list(letter.words) == ["de", "en"]
    return letter.name


@pytest.mark.parametrize(
    ("moves", "told"),
    [
        ([], "silence"),
        ([("in_progress", "answer", "")], "silence"),
        ([("info_needed", "answer", "")], "information"),
        ([("approved", "answer", "")], "approved_unpaid"),
        ([("denied", "denied:too_late", "")], "too_late"),
        ([("denied", "answer", "the units were found")], "found"),
        ([("denied", "denied:too_late", ""), ("appealed", "appeal", "")], "silence"),
    ],
)
def test_the_state_and_the_reason_lead_to_the_reply(log: CaseLog, moves: list[tuple[str, str, str]], told: str) -> None:
    assert name(log, filed(log, *moves)) == told


def test_a_reason_that_is_not_clear_is_asked_for(log: CaseLog) -> None:
    case = filed(log, ("denied", "answer", "found, and already been reimbursed: the units were found"))
    with pytest.raises(WrongUsage, match="could be already_paid or found"):
        name(log, case)
    assert name(log, case, because="found") == "found"
    with pytest.raises(WrongUsage, match="no reply called"):
        name(log, case, because="mood")


def test_a_second_denial_and_a_closed_case_wait_for_nothing(log: CaseLog) -> None:
    case = filed(log, ("denied", "denied:found", ""), ("appealed", "appeal", ""), ("denied", "denied:found", ""))
    with pytest.raises(WrongUsage, match="one appeal"):
        name(log, case)
    case = log.move(case, "withdrawn", day=NEWEST, who="Mira", reason="closed")
    with pytest.raises(WrongUsage, match="waits for no reply"):
        name(log, case)


def test_a_denial_is_not_answered_when_the_newest_audit_claims_the_units_no_more(log: CaseLog) -> None:
    case = filed(log, ("denied", "denied:found", ""))
    gone = replace(case, last_seen=date(2026, 5, 1))
    with pytest.raises(WrongUsage, match="does not claim"):
        name(log, gone)
    with pytest.raises(WrongUsage, match="does not claim"):
        name(log, replace(case, last_seen=None))


def test_the_marketplace_decides_how_days_are_written(log: CaseLog) -> None:
    case = filed(log)
    letter = letter_for(case, log.history(case), packaged_replies(), "xx", newest=NEWEST)
    assert list(letter.words) == ["en"]
    assert "Filed on: May 12, 2026" in letter.words["en"][1]
    assert "## To paste, in English" in letter.sheet()
