"""truth.json: what is owed and what is not, in plain words and numbers."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from auditor.simulate.account import Account
from auditor.simulate.calendar_of_account import AS_OF
from auditor.simulate.records import NotOwed, Owed


def truth_of(account: Account, files: list[str]) -> dict[str, Any]:
    """Give the truth as JSON values: money as text, blank where unknown; each entry's rule is its family."""
    return {
        "seed": account.seed,
        "market": account.market.code,
        "as_of": AS_OF.isoformat(),
        "rows": len(account.ledger),
        "owed": [_plain(entry, account.market.digits) for entry in account.owed],
        "not_owed": [_plain(entry, account.market.digits) for entry in account.not_owed],
        "scenarios": account.scenarios,
        "files": files,
    }


def truth_text(truth: dict[str, Any]) -> str:
    """Print the truth, one entry a line where it has many."""
    parts = []
    for key, value in truth.items():
        if isinstance(value, list):
            lines = ",\n  ".join(json.dumps(each, ensure_ascii=False) for each in value)
            parts.append(f'"{key}": [\n  {lines}\n ]')
        else:
            parts.append(f'"{key}": {json.dumps(value)}')
    return "{\n " + ",\n ".join(parts) + "\n}\n"


def _plain(entry: Owed | NotOwed, digits: int) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in asdict(entry).items():
        if isinstance(value, date):
            made[key] = value.isoformat()
        elif isinstance(value, Decimal):
            made[key] = f"{value:.{digits}f}"
        else:
            made[key] = "" if value is None else value
        if key == "family":
            made["rule"] = value
    return made
