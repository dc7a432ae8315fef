"""Writes a synthetic account into a folder, each export in its market's own dialect."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from auditor.model import Problem, WrongUsage
from auditor.simulate.account import Account
from auditor.simulate.calendar_of_account import ADJUSTMENTS_ONLY, LEDGERS, ORDERS, REIMBURSEMENTS, WHOLE_ACCOUNT
from auditor.simulate.inventory_exports import costs, ledger, shipment_contents, shipping_queue, unknown_files
from auditor.simulate.printing import comma, quoted, tabbed
from auditor.simulate.sales_exports import orders, reimbursements, returns, settlement
from auditor.simulate.settlements import settle
from auditor.simulate.transactions import transaction_reports
from auditor.simulate.truth import truth_of, truth_text

TRUTH = "truth.json"


def write_account(account: Account, out: Path, transactions: str = "") -> list[str]:
    """Write all exports and truth.json; gives the names of the files, relative to `out`.

    With a language of `transaction_words.LANGUAGES` in `transactions` the transaction report is among them. An
    earlier synthetic account in the folder is replaced; a folder with anything else in it is refused.
    """
    _make_room(out)
    files = _exports(account, transactions)
    for name, content in files.items():
        (out / name).write_bytes(content)
    truth = truth_of(account, sorted(files))
    (out / TRUTH).write_bytes(truth_text(truth).encode())
    return [*sorted(files), TRUTH]


def _make_room(out: Path) -> None:
    earlier = out / TRUTH
    if out.exists() and not out.is_dir():
        raise WrongUsage(Problem(f"{out} is a file.", "Name a folder."))
    if earlier.is_file():
        for name in json.loads(earlier.read_text(encoding="utf-8")).get("files", []):
            path = out / name
            if path.resolve().is_relative_to(out.resolve()):
                path.unlink(missing_ok=True)
    elif out.is_dir() and any(out.iterdir()):
        raise WrongUsage(Problem(f"{out} is not empty.", "Name a new folder, or empty this one first."))
    out.mkdir(parents=True, exist_ok=True)


def _exports(account: Account, transactions: str) -> dict[str, bytes]:
    market, flat = account.market, account.market.flat_encoding
    quoted_ledger = market.code == "US" and account.seed % 2 == 1
    # Only Japanese files use one code page throughout; elsewhere it is a property of the report.
    plain = flat if market.code == "JP" else "utf-8"
    files: dict[str, bytes] = {}

    def add(text: str, encoding: str, ending: str = "txt") -> None:
        # Downloads are named by a report number that says nothing.
        number = account.unique("519########")
        files[f"{number}.{ending}"] = text.encode(encoding, "replace")

    for span in (*LEDGERS, ADJUSTMENTS_ONLY) if account.seed % 4 == 0 else LEDGERS:
        rows = ledger(account, span)
        if quoted_ledger:
            add(quoted([rows[0], *reversed(rows[1:])]), "utf-8-sig", "csv")
        else:
            add(tabbed(rows), plain)
    for span in REIMBURSEMENTS if account.seed % 2 else WHOLE_ACCOUNT:
        add(tabbed(reimbursements(account, span)), flat)
    rows = returns(account)
    if market.code == "UK":
        add(quoted(rows), "utf-8", "csv")
    else:
        add(tabbed(rows), plain if market.code == "US" else flat)
    for span in ORDERS:
        add(tabbed(orders(account, span), "\r\n" if market.code == "DE" else "\n"), plain)
    settlements = settle(account)
    # One settlement was downloaded twice: it is still one settlement.
    for each in [*settlements, settlements[len(settlements) // 2]]:
        add(tabbed(settlement(market, each)), "utf-8")
    add(comma(shipping_queue(account)), "utf-8", "csv")
    for text in _contents(account):
        add(text, plain, "tsv")
    for text, encoding in transaction_reports(account, settlements, transactions):
        add(text, encoding, "csv")
    files["costs.csv"] = comma(costs(account)).encode()
    files.update({name: text.encode() for name, text in unknown_files().items()})
    return files


def _contents(account: Account) -> Iterator[str]:
    for shipment in account.shipments:
        for copy in range(shipment.contents_files):
            yield tabbed(shipment_contents(shipment, less=copy * 3), "\r\n")
