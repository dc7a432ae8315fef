"""A list of accounts and nights over it, as tests need them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from auditor.accounts.batch import Order
from auditor.accounts.listing import read_listing
from auditor.accounts.night import audit_accounts
from tests.accounts.faulty import ENTRY
from tests.samples import ROOT, contents

COLUMNS = (
    "Date", "FNSKU", "ASIN", "MSKU", "Title", "Event Type", "Reference ID", "Quantity", "Fulfillment Center",
    "Disposition", "Reason", "Country",
)  # fmt: skip


def ledger(path: Path, products: Sequence[str], country: str = "US") -> Path:
    """A ledger in which three units of each product were lost."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["\t".join(COLUMNS)]
    for number, product in enumerate(products):
        row = (f"05/{number % 28 + 1:02}/2026", product, f"B{number:09}", f"sku-{product}", "Jar", "Adjustments")
        lines.append("\t".join((*row, f"2026{number:06}", "-3", "ABE2", "SELLABLE", "M", country)))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def accounts(folder: Path, ids: Sequence[str], more: str = "") -> Path:
    """accounts.toml with these accounts, each with a folder that holds one file."""
    for account_id in ids:
        ledger(folder / "exports" / account_id / "ledger.txt", [account_id])
    path = folder / "accounts.toml"
    tables = [f"[[account]]\nid = '{account_id}'\nexports = 'exports/{account_id}'\n" for account_id in ids]
    path.write_text(more + "".join(tables), encoding="utf-8")
    return path


def order(path: Path, out: Path, **asked: Any) -> Order:
    workspace = out.with_name(f"{out.name}-workspace")
    workspace.mkdir(exist_ok=True)
    return Order(out, workspace, f"sqlite:///{workspace / 'cases.db'}", **asked)


def night(path: Path, out: Path, *, jobs: int = 2, cluster: str = "", **asked: Any) -> dict[str, Any]:
    return audit_accounts(read_listing(path), order(path, out, **asked), jobs=jobs, cluster=cluster, entry=ENTRY)


def started(path: Path, out: Path, cluster: str = "") -> subprocess.Popen[bytes]:
    """The same night in a process that a test may kill."""
    code = (
        "import sys; from pathlib import Path; from tests.accounts.nights import night; path, out, url = sys.argv[1:]; "
    )
    code += "night(Path(path), Path(out), cluster=url)"
    return subprocess.Popen([sys.executable, "-c", code, str(path), str(out), cluster], cwd=ROOT, env=dict(os.environ))


def did(content: dict[str, Any]) -> dict[str, str]:
    return {account_id: run["did"] for account_id, run in content["this_run"]["accounts"].items()}


def states(content: dict[str, Any]) -> dict[str, str]:
    return {entry["id"]: entry["state"] for entry in content["accounts"]}


def events(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "batch.log.jsonl").read_text(encoding="utf-8").splitlines()]


def standing(out: Path) -> dict[str, bytes]:
    """Everything below OUT that must not depend on how the night went."""
    files = {name: content for name, content in contents(out).items() if name != "batch.log.jsonl"}
    record = json.loads(files.pop("batch.json"))
    del record["this_run"]
    return files | {"batch.json": json.dumps(record).encode()}
