"""What a batch leaves for programs: batch.log.jsonl, a line an event, and batch.json, what stands now."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from auditor import __version__
from auditor.accounts.batch import Ended, Order
from auditor.accounts.kept import read_json, write_json
from auditor.accounts.listing import Listing
from auditor.publish.lock import held

LOG, RECORD = "batch.log.jsonl", "batch.json"
_PATIENCE = 60.0


class BatchLog:
    """Appends events; each is one write, so that two batches at once do not mix their lines."""

    def __init__(self, out: Path) -> None:
        self._path = out / LOG
        out.mkdir(parents=True, exist_ok=True)

    def tell(self, event: str, about: Mapping[str, Any]) -> None:
        """Write one line: when, which process, what happened."""
        line = {"at": now(), "batch": os.getpid(), "event": event, **about}
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            os.write(handle, (json.dumps(line, ensure_ascii=False) + "\n").encode("utf-8", "replace"))
        finally:
            os.close(handle)


def now() -> str:
    """The time in UTC, to the second: for the log and for durations, never for results."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def write_record(listing: Listing, order: Order, ended: Mapping[str, Ended], run: Mapping[str, Any]) -> dict[str, Any]:
    """Write batch.json and give its content.

    Everything but `this_run` depends on the accounts alone, not on who was audited tonight, how often or how fast.
    Accounts that this batch left alone keep what the last one said of them.
    """
    with held(order.out / ".batch.lock", _PATIENCE, "Another batch is writing batch.json."):
        before = {str(entry.get("id")): entry for entry in read_json(order.out / RECORD).get("accounts", ())}
        content = _content(listing, order, ended, before) | {
            "this_run": {
                **run,
                "accounts": {
                    account_id: {
                        "did": end.outcome.did,
                        "attempts": end.attempts,
                        "seconds": end.outcome.seconds,
                        "peak_memory_mb": end.outcome.peak_memory,
                    }
                    for account_id, end in sorted(ended.items())
                },
            }
        }
        write_json(order.out / RECORD, content)
    return content


def _content(
    listing: Listing, order: Order, ended: Mapping[str, Ended], before: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    accounts: list[dict[str, Any]] = []
    for account in listing.accounts:
        entry: dict[str, Any] = {"id": account.id, "name": account.name, "owner": account.owner, "stage": account.stage}
        old = before.get(account.id, {})
        if end := ended.get(account.id):
            entry["state"] = end.outcome.state
            entry["problems"] = [str(problem) for problem in end.outcome.problems]
            entry["profile"] = end.outcome.profile or old.get("profile")
        elif account.stage == "cancelled":
            entry |= {"state": "cancelled", "problems": [], "profile": old.get("profile")}
        elif old:
            entry |= {key: old.get(key) for key in ("state", "problems", "profile")}
        else:
            continue
        accounts.append(entry)
    accounts += [
        {"id": name, "state": "faulty", "problems": [str(fault) for fault in faults], "profile": None}
        for name, faults in listing.refused.items()
    ]
    wanted = [e for e in accounts if not order.only or e["id"] in order.only or e.get("name") in order.only]
    return {
        "tool": {"name": "audit batch", "version": __version__},
        "list": listing.path.name,
        "accounts": accounts,
        "failed": [e["id"] for e in wanted if e["state"] not in {"ok", "cancelled"}],
    }
