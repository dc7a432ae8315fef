"""Made-up accounts, findings and cases, as little as an alert needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from auditor.accounts.alert import Kept, Loss, Seen
from auditor.accounts.raising import after, alerts_on
from auditor.accounts.settings import Account
from auditor.claims.cases.log import Case
from auditor.model import Finding

DAY = date(2026, 5, 4)


def account(account_id: str = "kettle", **said: Any) -> Account:
    return Account.model_validate({"id": account_id, "name": account_id, "owner": "mira"} | said)


def finding(number: int = 1, **what: Any) -> Finding:
    """An open finding of its own, worth 20 dollars, safe until a month after DAY."""
    safe = what.get("safe_by", DAY + timedelta(days=60))
    made = Finding(
        finding_id=f"F{number:011}",
        account="kettle",
        marketplace="US",
        rule="warehouse_lost",
        confidence="high",
        status="open",
        fnsku=f"X{number:09}",
        msku=f"SKU-{number}",
        asin="B000000001",
        title="Pan",
        reference_id=str(20000000000000 + number),
        event_date=DAY - timedelta(days=5),
        units=2,
        currency="USD",
        unit_value=Decimal("10.00"),
        amount=Decimal("20.00"),
        value_basis="cost",
        anchor_date=None,
        claim_from=None,
        safe_by=safe,
        claim_by=safe + timedelta(days=2) if safe else None,
        days_left=None,
        reasons="",
        summary="2 lost = 2 open",
    )
    return replace(made, **what)


def case(number: int = 1, state: str = "filed", since: date = DAY, **what: Any) -> Case:
    """The case of a finding, in a state since a day."""
    own = finding(number)
    shared = {name: getattr(own, name) for name in Case.__slots__ if hasattr(own, name)}
    made = shared | {
        "state": state,
        "state_since": since,
        "case_id": f"1234567{number:04}",
        "filed_on": since,
        "owner": "",
        "appeals": 0,
        "last_seen": since,
        "version": 1,
    }
    return Case(**(made | what))


def loss(day: date, units: int, building: str = "LEX1", **what: Any) -> Loss:
    return replace(Loss(day, building, "lost", units), **what)


def seen(**what: Any) -> Seen:
    """An account audited on DAY in which nothing happened, spoken to yesterday."""
    usual = {"account": account(), "as_of": DAY, "newest": DAY, "last_contact": DAY - timedelta(days=1)}
    return Seen(**(usual | what))


def day_after_day(views: list[tuple[date, Seen]], kept: list[Kept] | None = None) -> list[list[Kept]]:
    """What is kept after each day."""
    current = kept or []
    days = []
    for day, view in views:
        current = after(current, alerts_on(view, current, day), day)
        days.append(current)
    return days


def told(kept: list[Kept], day: date) -> list[str]:
    """The keys of the alerts that are new on a day."""
    return sorted(k.alert.key for k in kept if k.alert.first_day == day)


def standing(kept: list[Kept]) -> list[str]:
    return sorted(k.alert.key for k in kept if k.state == "open")
