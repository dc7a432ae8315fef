"""A small portfolio without files: views as `build` makes them, from what was seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from auditor.accounts.alert import Export, Kept, Loss, MissingCost, Seen, claimable
from auditor.accounts.performance import Figures
from auditor.accounts.portfolio import AccountView, Portfolio, at_risk
from auditor.accounts.raising import after, alerts_on
from auditor.accounts.settings import Contact, Person

from .alert_world import DAY, account, case, finding, seen

LANGUAGES = ("en", "de", "fr", "it", "es", "ja")


def view_of(view: Seen, day: date = DAY, before: Sequence[Kept] = ()) -> AccountView:
    kept = after(before, alerts_on(view, before, day), day)
    return AccountView(
        account=view.account,
        seen=view,
        before=before,
        kept=kept,
        at_risk=at_risk(view, day),
        next_until=min((f.safe_by for f in claimable(view, day) if f.safe_by), default=None),
        states=Counter(c.state for c in view.cases),
        figures=Figures(),
        page=f"{view.account.id}/summary.html",
    )


def person(language: str = "en", **what: Any) -> Person:
    zone = {"ja": "Asia/Tokyo", "en": "America/New_York"}.get(language, "Europe/Berlin")
    said = {"id": "mira", "name": "Mira", "email": "mira@example.com", "language": language, "time_zone": zone}
    return Person.model_validate(said | what)


def rich_view(language: str = "en", **said: Any) -> Seen:
    """An account in which one of almost everything happened."""
    start = DAY - timedelta(days=120)
    safe = DAY + timedelta(days=7)
    hit = [Loss(DAY, "LEX1", "lost", 6, 6, f"F{n:011}", "EUR", Decimal("310.50")) for n in (1, 2, 3)]
    findings = [
        finding(n, safe_by=safe, currency="EUR", amount=Decimal("310.50"), units=6, marketplace="DE") for n in (1, 2, 3)
    ]
    yen = finding(4, safe_by=DAY + timedelta(days=3), currency="JPY", amount=Decimal(1240), marketplace="JP")
    unknown = finding(5, safe_by=safe, amount=None, unit_value=None)
    own = {
        "name": "Kessel & Söhne <GmbH>",
        "language": language,
        "renewal": DAY + timedelta(days=30),
        "contact": Contact(name="Kim Beispiel"),
    }
    return seen(
        account=account("kettle", **(own | said)),
        findings=[*findings, yen, unknown],
        losses=hit,
        ledger=(start, DAY),
        to_export=[Export("customer_returns", "FBA customer returns", (("EUR", Decimal("88.00")),))],
        missing_costs=[MissingCost("SKU-5", 2, "USD", None, safe)],
        cases=[case(11, since=DAY - timedelta(days=4)), case(12, "info_needed", amount=Decimal("99.90"))],
    )


def portfolio(views: Sequence[AccountView], *people: Person, day: date = DAY) -> Portfolio:
    return Portfolio(day, tuple(views), {each.id: each for each in people or (person(),)})
