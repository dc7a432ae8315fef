"""What a batch shows on the terminal: one line an account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from auditor.publish.layout import aligned, line

_COLUMNS = ("account", "state", "open", "safe by", "open money")


def batch_screen(content: Mapping[str, Any], out: Path, console: Console) -> None:
    """The accounts in the order of the list, what is open there and until when, and where it is written."""
    rows: list[tuple[str, Sequence[str]]] = [("bold", _COLUMNS)]
    for entry in content["accounts"]:
        style = "red" if entry["id"] in content["failed"] else ""
        rows.append((style, _cells(entry, content["this_run"]["accounts"].get(entry["id"], {}))))
    aligned(console, rows, "<<><<", indent=0)
    run = content["this_run"]
    did = Counter(one["did"] for one in run["accounts"].values())
    console.print()
    told = f"{len(run['accounts'])} accounts in {run['seconds']:.1f} s: {did['audited']} audited, "
    told += f"{did['unchanged']} unchanged, {len(content['failed'])} failed"
    line(console, told, indent=0)
    line(console, f"Results: {out}", indent=0)


def _cells(entry: Mapping[str, Any], run: Mapping[str, Any]) -> tuple[str, ...]:
    profile = entry["profile"] or {}
    state = "unchanged" if entry["state"] == "ok" and run.get("did") == "unchanged" else entry["state"]
    money = "  ".join(f"{amount} {currency}" for currency, amount in profile.get("money", {}).get("open", {}).items())
    counted = profile.get("by_status", {}).get("open", 0) if profile else "-"
    return entry["id"], state, str(counted), profile.get("next_deadline") or "-", money or "-"
