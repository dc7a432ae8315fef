"""Between two runs nothing appears and nothing vanishes: what changed adds up to the unit and the cent."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from auditor.cli import cli
from auditor.model import Finding, NotClaimed, Results, WrongUsage
from auditor.publish.difference import Change, difference

STATES = ("waiting", "open", "expired", "filed", "paid", "denied", "withdrawn")
ONE = Finding(
    finding_id="F1",
    account="",
    marketplace="US",
    rule="warehouse_lost",
    confidence="high",
    status="open",
    fnsku="X000000001",
    msku="SKU-1",
    asin="B000000001",
    title="Pan",
    reference_id="20000000000001",
    event_date=date(2026, 4, 1),
    units=4,
    currency="USD",
    unit_value=Decimal("2.50"),
    amount=Decimal("10.00"),
    value_basis="cost",
    anchor_date=date(2026, 4, 1),
    claim_from=date(2026, 4, 1),
    safe_by=date(2026, 5, 29),
    claim_by=date(2026, 5, 31),
    days_left=20,
    reasons="",
    summary="4 lost = 4 open",
)


def results(*findings: Finding, as_of: str = "2026-05-10", gone: str = "", **manifest: Any) -> Results:
    rule = {"rule": "warehouse_lost", "version": "1", "kind": "claim"}
    exposure = {"rule": "payout_exposure", "version": "1", "kind": "exposure"}
    told = {"account": "", "as_of": as_of, "rules": [rule, exposure], "policy": {"version": "1"}} | manifest
    note = NotClaimed("warehouse_lost", "US", ONE.fnsku, ONE.msku, ONE.reference_id, 4, gone, None, "4 of 4 units")
    return Results(findings, (), (note,) if gone else (), (), (), told)


def changes(old: Results, new: Results) -> list[tuple[str, int, Decimal]]:
    return [(change.kind, change.units, change.amount) for change in difference(old, new).changes]


@pytest.mark.parametrize(
    ("after", "gone", "told"),
    [
        (ONE, "", []),
        (replace(ONE, status="waiting"), "", []),
        (replace(ONE, status="expired"), "", [("expired", -4, Decimal("-10.00"))]),
        (replace(ONE, status="info_needed"), "", [("filed", -4, Decimal("-10.00"))]),
        (replace(ONE, status="paid"), "", [("paid", -4, Decimal("-10.00"))]),
        (replace(ONE, status="withdrawn"), "", [("closed", -4, Decimal("-10.00"))]),
        (None, "found_later", [("found", -4, Decimal("-10.00"))]),
        (None, "paid", [("paid", -4, Decimal("-10.00"))]),
        (None, "too_small", [("no_longer_claimed", -4, Decimal("-10.00"))]),
        (None, "", [("not_in_exports", -4, Decimal("-10.00"))]),
        (replace(ONE, units=3, amount=Decimal("7.50")), "", [("recounted", -1, Decimal("-2.50"))]),
        (replace(ONE, units=3, amount=Decimal("7.50")), "paid", [("paid", -1, Decimal("-2.50"))]),
        (replace(ONE, units=5, amount=Decimal("12.50")), "paid", [("recounted", 1, Decimal("2.50"))]),
        (
            replace(ONE, unit_value=Decimal("3.00"), amount=Decimal("12.00")),
            "",
            [("value_changed", 0, Decimal("2.00"))],
        ),
        (
            replace(ONE, units=2, unit_value=Decimal("3.00"), amount=Decimal("6.00")),
            "",
            [("recounted", -2, Decimal("-5.00")), ("value_changed", 0, Decimal("1.00"))],
        ),
        (replace(ONE, unit_value=None, amount=None), "", [("value_changed", 0, Decimal("-10.00"))]),
    ],
)
def test_each_change_has_its_name(after: Finding | None, gone: str, told: list[tuple[str, int, Decimal]]) -> None:
    assert changes(results(ONE), results(*([after] if after else []), gone=gone)) == told


def test_what_is_new_and_what_opens_again() -> None:
    assert changes(results(), results(ONE)) == [("new", 4, Decimal("10.00"))]
    assert changes(results(replace(ONE, status="paid")), results(ONE)) == [("reopened", 4, Decimal("10.00"))]


def test_what_may_be_taken_back_is_nothing_to_file() -> None:
    assert changes(results(), results(replace(ONE, rule="payout_exposure"))) == []


def test_another_window_another_policy_and_another_rule_are_said() -> None:
    rules = [{"rule": "warehouse_lost", "version": "2", "kind": "claim"}]
    moved = replace(ONE, claim_by=date(2026, 7, 31))
    told = difference(results(ONE), results(moved, policy={"version": "2"}, rules=rules))
    assert [(m.before, m.after) for m in told.moved] == [(date(2026, 5, 31), date(2026, 7, 31))]
    assert told.policy_changed
    assert told.rules_changed == ("payout_exposure", "warehouse_lost")


def test_two_accounts_and_the_newer_run_first_are_refused() -> None:
    with pytest.raises(WrongUsage, match="two accounts: '' and 'north'"):
        difference(results(), results(account="north"))
    with pytest.raises(WrongUsage, match="Name the older results first"):
        difference(results(as_of="2026-05-11"), results(as_of="2026-05-10"))


findings = st.builds(
    lambda number, status, units, value, currency: replace(
        ONE,
        finding_id=f"F{number}",
        fnsku=f"X{number % 3}",
        status=status,
        units=units,
        unit_value=value,
        amount=None if value is None else value * units,
        currency="" if value is None else currency,
    ),
    st.integers(1, 9),
    st.sampled_from(STATES),
    st.integers(1, 9),
    st.none() | st.decimals("0.01", "99", places=2),
    st.sampled_from(("USD", "EUR")),
)
several = st.lists(findings, max_size=9, unique_by=lambda finding: finding.finding_id)


@given(several, several)
def test_before_and_all_changes_make_after(old: list[Finding], new: list[Finding]) -> None:
    told = difference(results(*old), results(*new, gone="paid"))
    for currency in told.before.keys() | told.after.keys() | {change.currency for change in told.changes}:
        mine: list[Change] = [change for change in told.changes if change.currency == currency]
        before, after = told.before.get(currency), told.after.get(currency)
        assert (before.units if before else 0) + sum(c.units for c in mine) == (after.units if after else 0)
        assert (before.amount if before else 0) + sum(c.amount for c in mine) == (after.amount if after else 0)


def test_the_command_tells_it_on_the_screen_and_as_json(audited: Any, tmp_path: Path) -> None:
    out = audited("us")
    sample = Path(__file__).parents[2] / "sample_data" / "us"
    where = ["--out", str(tmp_path / "old"), "--workspace", str(out.parent / "workspace"), "--quiet"]
    assert CliRunner().invoke(cli, ["run", str(sample), "--as-of", "2026-05-20", *where]).exit_code == 0
    screen = CliRunner().invoke(cli, ["diff", str(tmp_path / "old"), str(out)])
    assert screen.exit_code == 0
    assert "What can be filed, from 2026-05-20 to" in screen.output
    told = json.loads(CliRunner().invoke(cli, ["diff", str(tmp_path / "old"), str(out), "--json"]).output)
    for currency, after in told["after"].items():
        mine = [change for change in told["changes"] if change["currency"] == currency]
        assert told["before"][currency]["units"] + sum(c["units"] for c in mine) == after["units"]
        money = sum((Decimal(c["amount"]) for c in mine), Decimal(told["before"][currency]["amount"]))
        assert money == Decimal(after["amount"])
    nothing = CliRunner().invoke(cli, ["diff", str(out), str(out)])
    assert "Nothing changed." in nothing.output
