"""The files of a morning: for each person who has something to do a digest in every form, and a table of all alerts."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from auditor.accounts.alert import STANDING
from auditor.accounts.digest import Digest, digests
from auditor.accounts.digest_calendar import calendar
from auditor.accounts.digest_cards import slack, teams
from auditor.accounts.digest_mail import mail
from auditor.accounts.portfolio import Portfolio, urgency
from auditor.accounts.words import words_of
from auditor.formulas import neutralise

FOLDER = "digests"
COLUMNS = (
    "account", "name", "owner", "kind", "step", "state", "since", "until", "worth", "without_value", "title", "what",
    "do", "items", "key",
)  # fmt: skip


def morning_files(portfolio: Portfolio, page: str = "") -> Iterator[tuple[str, bytes]]:
    """Every file as (path with "/", content). Who has nothing new gets no digest."""
    for digest in digests(portfolio, page):
        yield from digest_files(digest)
    for person in portfolio.people.values():
        if content := calendar(portfolio, person):
            yield f"{FOLDER}/{file_name(person.id)}.ics", content
    if table := alerts_table(portfolio):
        yield "alerts.csv", table


def digest_files(digest: Digest) -> Iterator[tuple[str, bytes]]:
    """One digest in its forms."""
    name = f"{FOLDER}/{file_name(digest.person.id)}"
    yield f"{name}.eml", mail(digest)
    yield f"{name}.slack.json", slack(digest)
    yield f"{name}.teams.json", teams(digest)


def file_name(person_id: str) -> str:
    """A person's ID as a file name on every system."""
    return re.sub(r"[^\w-]", "_", person_id, flags=re.ASCII)[:60] or "_"


def alerts_table(portfolio: Portfolio) -> bytes:
    """All alerts that stand, as CSV in English, the most urgent first; nothing when there is none."""
    words = words_of("en")
    rows = sorted(
        ((view, kept) for view in portfolio.accounts for kept in view.kept if kept.state in STANDING),
        key=lambda pair: urgency(pair[1], portfolio.day),
    )
    if not rows:
        return b""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for view, kept in rows:
        alert, said = kept.alert, words.said(kept.alert)
        worth = "; ".join(f"{amount:f} {currency}" for currency, amount in alert.worth)
        cells = (
            alert.account, view.account.name, alert.owner, alert.kind, alert.step, kept.state, kept.since,
            alert.until or "", worth, alert.facts.get("unknown", "0"), said.title, said.what, said.do,
            " ".join(alert.items), alert.key,
        )  # fmt: skip
        writer.writerow([neutralise(str(cell)) for cell in cells])
    return out.getvalue().encode()
