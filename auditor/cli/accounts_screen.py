"""The accounts of a list, as a table and as JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console

from auditor.accounts.listing import Account, Listing
from auditor.model import Problem
from auditor.publish.layout import aligned, line

_COLUMNS = ("account", "stage", "markets", "owner", "exports")


def accounts_screen(listing: Listing, missing: Mapping[str, Sequence[Problem]], console: Console) -> None:
    """One line an account; those that a batch would leave out stand last."""
    rows: list[tuple[str, Sequence[str]]] = [("bold", _COLUMNS)]
    rows += [
        ("red" if missing[account.id] else "", _cells(account, bool(missing[account.id])))
        for account in listing.accounts
    ]
    rows += [("red", (name, "", "", "", "see below")) for name in listing.refused]
    aligned(console, rows, "<" * len(_COLUMNS), indent=0)
    faulty = len(listing.refused) + sum(map(bool, missing.values()))
    console.print()
    line(console, f"{len(listing.accounts) + len(listing.refused)} accounts, {faulty} of them with faults", indent=0)


def accounts_json(listing: Listing, missing: Mapping[str, Sequence[Problem]]) -> dict[str, Any]:
    """Everything that the list says about each account, its group and the defaults included."""
    accounts = [
        {
            "id": account.id,
            "name": account.name,
            "faults": [asdict(problem) for problem in missing[account.id]],
            **account.model_dump(mode="json", exclude={"id", "name", "paths", "case_log"}),
            "case_log": _without_password(account.case_log),
        }
        for account in listing.accounts
    ]
    refused = [{"id": name, "faults": [asdict(fault) for fault in faults]} for name, faults in listing.refused.items()]
    return {
        "file": str(listing.path),
        "accounts": accounts,
        "refused": refused,
        "people": [person.model_dump(mode="json") for person in listing.people.values()],
        "problems": [asdict(problem) for problem in listing.problems],
    }


def _cells(account: Account, missing: bool) -> tuple[str, ...]:
    where = "missing" if missing else ", ".join(account.exports)
    return account.id, account.stage, " ".join(account.marketplaces) or "-", account.owner or "-", where


def _without_password(url: str) -> str:
    return re.sub(r"(?<=:)[^:@/]+(?=@)", "***", url)
