"""Cases move as people and audits say, whole or not at all, in a file as on a server."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from auditor.claims.cases.deciding import decide
from auditor.claims.cases.learning import known_states, learn
from auditor.claims.cases.log import CaseLog
from auditor.claims.cases.payments import Payment
from auditor.claims.cases.schema import HEAD, metadata
from auditor.claims.cases.states import MOVES
from auditor.model import AuditError, NotClaimed, WrongUsage

from .conftest import audited, finding, payment
from .walking import story_holds, walk

Move = Callable[..., None]


def gone(reason: str, number: int = 1) -> NotClaimed:
    one = finding(number)
    return NotClaimed(one.rule, "US", one.fnsku, one.msku, one.reference_id, 2, reason, one.event_date, "2 of 2 units")


def reasons(log: CaseLog, finding_id: str) -> list[str]:
    return [entry.reason for entry in log.history(log.case(finding_id))]


def test_the_migrations_make_the_tables_that_the_log_uses(log: CaseLog) -> None:
    there = sa.inspect(log.engine)
    for table in metadata.tables.values():
        columns = {column["name"]: column["nullable"] for column in there.get_columns(table.name)}
        assert columns == {column.name: column.nullable for column in table.columns}, table.name
        assert there.get_pk_constraint(table.name)["constrained_columns"] == [c.name for c in table.primary_key]


def test_a_log_opens_again_and_one_of_a_newer_version_is_refused(log: CaseLog) -> None:
    learn(log, audited("2026-05-10", finding()))
    assert [case.finding_id for case in CaseLog(log.url).cases()] == ["FAAAAAAAAA01"]
    with log.changing() as con:
        con.execute(sa.text("update alembic_version set version_num = '9999'"))
    with pytest.raises(AuditError, match=f"newer version of this tool .tables 9999, known here {HEAD}"):
        CaseLog(log.url)


def test_an_audit_begins_cases_and_the_same_audit_again_changes_nothing(log: CaseLog) -> None:
    first = audited("2026-05-10", finding(1), finding(2, status="waiting"))
    assert learn(log, first) == {"FAAAAAAAAA01": "open", "FAAAAAAAAA02": "waiting"}
    before = [(case, log.history(case)) for case in log.cases()]
    assert learn(log, first) == {"FAAAAAAAAA01": "open", "FAAAAAAAAA02": "waiting"}
    assert [(case, log.history(case)) for case in log.cases()] == before
    assert log.case("faaaaaaaaa01").amount == Decimal("20.00")


def test_dates_move_a_case_that_nobody_has_filed(log: CaseLog) -> None:
    for day, state in (("2026-03-01", "waiting"), ("2026-05-10", "open"), ("2026-06-01", "expired")):
        assert learn(log, audited(day, finding(status=state))) == {"FAAAAAAAAA01": state}
    states = [(entry.from_state, entry.to_state) for entry in log.history(log.case("FAAAAAAAAA01"))]
    assert states == [("", "waiting"), ("waiting", "open"), ("open", "expired")]


def test_an_audit_as_of_an_earlier_day_leaves_the_log_alone(log: CaseLog) -> None:
    learn(log, audited("2026-06-01", finding(status="expired")))
    assert learn(log, audited("2026-05-10", finding(1), finding(2))) == {}
    assert [(case.finding_id, case.state) for case in log.cases()] == [("FAAAAAAAAA01", "expired")]


def test_what_is_filed_stays_filed_whatever_the_dates_say(log: CaseLog, moved: Move) -> None:
    learn(log, audited("2026-05-10", finding()))
    moved("FAAAAAAAAA01", "filed", "2026-05-11", case_id="4711", filed_on=date(2026, 5, 11))
    assert learn(log, audited("2026-06-01", finding(status="expired"))) == {"FAAAAAAAAA01": "filed"}


@pytest.mark.parametrize(
    ("reason", "state", "why"),
    [
        ("found_later", "withdrawn", "found"),
        ("paid", "paid", "paid_automatically"),
        ("paid_in_inventory", "paid", "paid_automatically"),
        ("too_small", "withdrawn", "too_small"),
    ],
)
def test_an_audit_closes_what_it_says_is_gone(log: CaseLog, reason: str, state: str, why: str) -> None:
    learn(log, audited("2026-05-10", finding()))
    learn(log, audited("2026-05-20", not_claimed=[gone(reason)]))
    assert (log.case("FAAAAAAAAA01").state, reasons(log, "FAAAAAAAAA01")[-1]) == (state, why)


def test_no_text_of_an_export_is_too_long_for_the_log(log: CaseLog) -> None:
    long = finding(msku="S" * 400, fnsku="X" * 300, reference_id="R" * 500, marketplace="M" * 40, rule="r" * 200)
    assert learn(log, audited("2026-05-10", long)) == {"FAAAAAAAAA01": "open"}
    assert learn(log, audited("2026-05-11", long)) == {"FAAAAAAAAA01": "open"}
    case = log.case("FAAAAAAAAA01")
    assert (case.msku, case.fnsku, case.reference_id) == (long.msku, long.fnsku, long.reference_id)


def test_a_deadline_that_ended_before_its_day_is_told_until_the_day(log: CaseLog) -> None:
    told: list[list[str]] = []
    learn(log, audited("2026-05-10", finding(1), finding(2)))
    for day in ("2026-05-20", "2026-05-29", "2026-05-30"):
        on_over = lambda cases: told.append([case.finding_id for case in cases])  # noqa: E731
        learn(log, audited(day, finding(2), not_claimed=[gone("found_later")], on_over=on_over))
    assert told == [["FAAAAAAAAA01"], ["FAAAAAAAAA01"], []]


def test_a_case_that_an_audit_says_nothing_about_stays_as_it_is(log: CaseLog) -> None:
    learn(log, audited("2026-05-10", finding()))
    learn(log, audited("2026-05-20", not_claimed=[gone("found_later", 2)]))
    assert log.case("FAAAAAAAAA01").state == "open"


def test_a_case_that_the_audit_closed_opens_when_it_is_found_again_and_one_that_a_person_closed_does_not(
    log: CaseLog, moved: Move
) -> None:
    learn(log, audited("2026-05-10", finding(1), finding(2)))
    learn(log, audited("2026-05-20", finding(2), not_claimed=[gone("found_later")]))
    moved("FAAAAAAAAA02", "withdrawn", "2026-05-20")
    states = learn(log, audited("2026-05-21", finding(1), finding(2)))
    assert states == {"FAAAAAAAAA01": "open", "FAAAAAAAAA02": "withdrawn"}


def test_a_find_of_a_filed_unit_is_told_once_and_a_person_decides(log: CaseLog, moved: Move) -> None:
    learn(log, audited("2026-05-10", finding()))
    moved("FAAAAAAAAA01", "filed", "2026-05-11")
    for day in ("2026-05-20", "2026-05-21"):
        learn(log, audited(day, not_claimed=[gone("found_later")]))
    assert log.case("FAAAAAAAAA01").state == "filed"
    assert reasons(log, "FAAAAAAAAA01").count("found") == 1


def test_a_payment_pays_the_case_that_it_names(log: CaseLog, moved: Move) -> None:
    learn(log, audited("2026-05-10", finding()))
    moved("FAAAAAAAAA01", "filed", "2026-05-11", case_id="4711", filed_on=date(2026, 5, 11))
    learn(log, audited("2026-05-25", payments=(payment(case_id="4711"),)))
    assert log.case("FAAAAAAAAA01").state == "paid"
    assert [(p.units, p.amount, p.how) for p in log.paid()] == [(2, Decimal(20), "case ID")]
    learn(log, audited("2026-05-26", payments=(payment(case_id="4711"),)))
    assert len(log.paid()) == 1


def test_part_of_a_claim_is_no_claim_and_the_rest_pays_it(log: CaseLog, moved: Move) -> None:
    learn(log, audited("2026-05-10", finding()))
    moved("FAAAAAAAAA01", "filed", "2026-05-11")
    one, two = payment(units=1), payment(2, units=1, fnsku="X000000001")
    learn(log, audited("2026-05-25", payments=(one,)))
    assert (log.case("FAAAAAAAAA01").state, reasons(log, "FAAAAAAAAA01")[-1]) == ("filed", "partially_paid")
    learn(log, audited("2026-05-26", payments=(one, two)))
    assert (log.case("FAAAAAAAAA01").state, reasons(log, "FAAAAAAAAA01")[-1]) == ("paid", "paid")


def test_a_payment_below_the_claim_says_so(log: CaseLog, moved: Move) -> None:
    learn(log, audited("2026-05-10", finding()))
    moved("FAAAAAAAAA01", "filed", "2026-05-11")
    learn(log, audited("2026-05-25", payments=(payment(amount=Decimal("19.99")),)))
    assert (log.case("FAAAAAAAAA01").state, reasons(log, "FAAAAAAAAA01")[-1]) == ("paid", "underpaid")


def test_a_reversal_opens_the_case_again_once(log: CaseLog, moved: Move) -> None:
    learn(log, audited("2026-05-10", finding()))
    moved("FAAAAAAAAA01", "filed", "2026-05-11")
    back = payment(2, units=-2, day="2026-05-28", family="reversal", original_id="900001", fnsku="X000000001")
    learn(log, audited("2026-05-25", payments=(payment(),)))
    learn(log, audited("2026-05-29", payments=(payment(), back)))
    assert (log.case("FAAAAAAAAA01").state, reasons(log, "FAAAAAAAAA01")[-1]) == ("open", "reversed")
    moved("FAAAAAAAAA01", "filed", "2026-05-30")
    moved("FAAAAAAAAA01", "paid", "2026-06-03")
    learn(log, audited("2026-06-04", payments=(payment(), back)))
    assert log.case("FAAAAAAAAA01").state == "paid"


def file_two_of_one_product(log: CaseLog, moved: Move) -> None:
    """Two filed cases that a payment for their product may both mean."""
    learn(log, audited("2026-05-10", finding(1), finding(2, fnsku="X000000001", msku="SKU-1")))
    for number in (1, 2):
        moved(f"FAAAAAAAAA0{number}", "filed", "2026-05-11", filed_on=date(2026, 5, 11))


def back(units: int, number: int = 1, day: str = "2026-05-28", original: str = "900001") -> Payment:
    """A reversal of that payment."""
    product = {"fnsku": "X000000001", "msku": "SKU-1"}
    ident = f"8000{number:02}"
    return payment(1, -units, day, family="reversal", original_id=original, reimbursement_id=ident, **product)


def test_what_was_taken_back_can_be_paid_again(log: CaseLog, moved: Move) -> None:
    learn(log, audited("2026-05-10", finding()))
    moved("FAAAAAAAAA01", "filed", "2026-05-11", filed_on=date(2026, 5, 11))
    again = payment(day="2026-06-02", reimbursement_id="900009")
    learn(log, audited("2026-06-03", payments=(payment(), back(2), again)))
    assert log.case("FAAAAAAAAA01").state == "paid"
    assert reasons(log, "FAAAAAAAAA01")[-3:] == ["paid", "reversed", "paid"]
    assert [(p.units, p.amount, p.how) for p in log.paid()] == [
        (2, Decimal(20), "product and reason"),
        (-2, Decimal(-20), "reversal"),
        (2, Decimal(20), "product and reason"),
    ]


def test_what_was_filed_once_is_not_closed_because_the_audit_counts_the_payment_that_was_taken_back(
    log: CaseLog, moved: Move
) -> None:
    learn(log, audited("2026-05-10", finding()))
    moved("FAAAAAAAAA01", "filed", "2026-05-11", filed_on=date(2026, 5, 11))
    told = audited("2026-05-29", payments=(payment(), back(2)), not_claimed=(gone("paid"),))
    for _ in range(2):
        learn(log, told)
        assert (log.case("FAAAAAAAAA01").state, reasons(log, "FAAAAAAAAA01")[-1]) == ("open", "reversed")


def test_a_reversal_of_a_payment_that_several_cases_share_is_not_divided_by_guess(log: CaseLog, moved: Move) -> None:
    file_two_of_one_product(log, moved)
    learn(log, audited("2026-05-25", payments=(payment(units=4),)))
    learn(log, audited("2026-05-29", payments=(payment(units=4), back(1))))
    assert [(p.finding_id, p.units) for p in log.paid() if p.units < 0] == [("", -1)]
    assert {case.state for case in log.cases()} == {"paid"}
    on = {"day": date(2026, 5, 30), "who": "Mira"}
    with pytest.raises(WrongUsage, match="takes 1 units back, FAAAAAAAAA01 has 2 paid"):
        decide(log, log.case("FAAAAAAAAA01"), "800001", 2, **on)
    assert decide(log, log.case("FAAAAAAAAA01"), "800001", None, **on).state == "open"
    assert reasons(log, "FAAAAAAAAA01")[-1] == "reversed"
    assert log.case("FAAAAAAAAA02").state == "paid"
    learn(log, audited("2026-05-31", payments=(payment(units=4), back(1))))
    assert [(p.finding_id, p.units) for p in log.paid() if p.units < 0] == [("FAAAAAAAAA01", -1)]


@pytest.mark.parametrize(
    ("taken", "state", "kept"), [(5, "open", [("FAAAAAAAAA01", -2)]), (2, "paid", [("", -2)]), (4, "paid", [("", -4)])]
)
def test_a_reversal_of_a_payment_that_was_for_other_losses_too(
    log: CaseLog, moved: Move, taken: int, state: str, kept: list[tuple[str, int]]
) -> None:
    learn(log, audited("2026-05-10", finding()))
    moved("FAAAAAAAAA01", "filed", "2026-05-11", filed_on=date(2026, 5, 11))
    for day in ("2026-05-29", "2026-05-30"):
        learn(log, audited(day, payments=(payment(units=5), back(taken))))
        assert log.case("FAAAAAAAAA01").state == state
        assert [(p.finding_id, p.units) for p in log.paid() if p.units < 0] == kept


def test_a_part_of_a_payment_is_taken_back_from_its_only_case(log: CaseLog, moved: Move) -> None:
    learn(log, audited("2026-05-10", finding()))
    moved("FAAAAAAAAA01", "filed", "2026-05-11", filed_on=date(2026, 5, 11))
    learn(log, audited("2026-05-29", payments=(payment(), back(1), back(1, 2))))
    assert [(p.finding_id, p.units) for p in log.paid() if p.units < 0] == [("FAAAAAAAAA01", -1)] * 2


def test_what_amazon_paid_before_anybody_filed_it_is_in_the_log_with_its_money(log: CaseLog) -> None:
    learn(log, audited("2026-05-10", finding()))
    told = audited("2026-05-25", payments=(payment(),), not_claimed=(gone("paid"),))
    for _ in range(2):
        learn(log, told)
        assert [(p.finding_id, p.units, p.amount) for p in log.paid()] == [("FAAAAAAAAA01", 2, Decimal(20))]
        assert reasons(log, "FAAAAAAAAA01") == ["found_by_audit", "paid_automatically"]
    learn(log, audited("2026-05-26", finding(), payments=(payment(),)))
    assert (log.case("FAAAAAAAAA01").state, log.paid()) == ("open", [])


def test_what_two_cases_could_mean_waits_for_a_person_and_goes_once_it_is_clear(log: CaseLog, moved: Move) -> None:
    file_two_of_one_product(log, moved)
    learn(log, audited("2026-05-25", payments=(payment(units=3),)))
    assert [(p.finding_id, p.units) for p in log.paid()] == [("", 3)]
    moved("FAAAAAAAAA02", "withdrawn", "2026-05-26")
    learn(log, audited("2026-05-27", payments=(payment(units=3),)))
    assert [(p.finding_id, p.units) for p in log.paid()] == [("FAAAAAAAAA01", 2)]


def test_a_person_gives_an_undecided_payment_to_its_cases(log: CaseLog, moved: Move) -> None:
    file_two_of_one_product(log, moved)
    learn(log, audited("2026-05-25", payments=(payment(units=3, amount=Decimal("10.00")),)))
    on = {"day": date(2026, 5, 26), "who": "Mira"}
    with pytest.raises(WrongUsage, match="has 3 units to give, FAAAAAAAAA01 has 2 unpaid"):
        decide(log, log.case("FAAAAAAAAA01"), "900001", 3, **on)
    assert decide(log, log.case("FAAAAAAAAA01"), "900001", None, **on).state == "paid"
    assert decide(log, log.case("FAAAAAAAAA02"), "900001", None, **on).state == "filed"
    assert {(p.finding_id, p.units, p.amount) for p in log.paid()} == {
        ("FAAAAAAAAA01", 2, Decimal("6.66")),
        ("FAAAAAAAAA02", 1, Decimal("3.34")),
    }
    with pytest.raises(WrongUsage, match="No payment 900001 waits"):
        decide(log, log.case("FAAAAAAAAA02"), "900001", None, **on)
    learn(log, audited("2026-05-27", payments=(payment(units=3, amount=Decimal("10.00")),)))
    assert len(log.paid()) == 2


def test_an_impossible_move_names_those_that_are_possible(log: CaseLog, moved: Move) -> None:
    learn(log, audited("2026-05-10", finding()))
    with pytest.raises(WrongUsage, match="is open; it cannot become denied") as refused:
        moved("FAAAAAAAAA01", "denied", "2026-05-11")
    assert all(state in str(refused.value) for state in MOVES["open"])
    assert len(log.history(log.case("FAAAAAAAAA01"))) == 1


def test_a_case_is_appealed_once(log: CaseLog, moved: Move) -> None:
    learn(log, audited("2026-05-10", finding()))
    for state in ("filed", "denied", "appealed", "denied"):
        moved("FAAAAAAAAA01", state, "2026-05-11")
    with pytest.raises(WrongUsage, match="was appealed before"):
        moved("FAAAAAAAAA01", "appealed", "2026-05-12")


def test_an_unknown_id_names_those_that_look_like_it(log: CaseLog) -> None:
    learn(log, audited("2026-05-10", finding(1), finding(2)))
    with pytest.raises(WrongUsage, match="Did you mean FAAAAAAAAA02"):
        log.case("FAAAAAAAA02")


def test_one_id_in_two_accounts_asks_which(log: CaseLog) -> None:
    for name in ("north", "south"):
        learn(log, audited("2026-05-10", finding(), account=name))
    with pytest.raises(WrongUsage, match="'north', 'south'"):
        log.case("FAAAAAAAAA01")
    assert log.case("FAAAAAAAAA01", "south").account == "south"


def test_of_two_who_move_one_case_at_once_one_is_told(log: CaseLog, moved: Move) -> None:
    learn(log, audited("2026-05-10", finding()))
    seen = log.case("FAAAAAAAAA01")
    moved("FAAAAAAAAA01", "filed", "2026-05-11")
    with pytest.raises(AuditError, match="changed by somebody else"):
        log.move(seen, "withdrawn", day=date(2026, 5, 11), who="Ole")
    assert log.case("FAAAAAAAAA01").state == "filed"


def test_many_processes_at_once_lose_no_move_and_double_none(log: CaseLog) -> None:
    learn(log, audited("2026-05-10", *(finding(number) for number in range(1, 7))))
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        done = sum(pool.map(walk, [log.url] * 4, range(4)))
    assert done > 40
    assert story_holds(log) == 6 + done


def test_a_kill_at_any_moment_leaves_the_log_whole(log: CaseLog) -> None:
    learn(log, audited("2026-05-10", *(finding(number) for number in range(1, 7))))
    code = (
        "import sys; from tests.claims.cases.walking import walk; url, seed = sys.argv[1], int(sys.argv[2]);"
        "walk(url, seed, most=1); print('moving', flush=True); [walk(url, seed + n) for n in range(1, 10**6)]"
    )
    root, chance, lines = Path(__file__).parents[3], Random(7), [6]
    while len(lines) < 6 or (lines[-1] < 40 and len(lines) < 60):  # a busy machine gets fewer moves in before a kill
        seed = str(len(lines) * 10**6)
        process = subprocess.Popen([sys.executable, "-c", code, log.url, seed], cwd=root, stdout=subprocess.PIPE)
        assert process.stdout
        assert process.stdout.readline() == b"moving\n"
        time.sleep(0.1 + chance.random())
        process.send_signal(signal.SIGKILL)
        process.communicate()
        lines.append(story_holds(log))
    assert lines == sorted(lines)
    assert lines[-1] > 20


def test_a_log_that_cannot_be_reached_is_named_and_the_audit_goes_on() -> None:
    states, problems = known_states("postgresql://audit:secret@127.0.0.1:1/cases", audited("2026-05-10", finding()))
    assert states == {}
    assert "127.0.0.1" in str(problems[0])
    assert "secret" not in str(problems[0])
    assert "what the dates alone say" in str(problems[0])


def test_a_url_that_is_none_is_named() -> None:
    with pytest.raises(AuditError, match="URL cannot be used"):
        CaseLog("cases.db")
