"""Writes a synthetic account into a folder, each export in its market's own dialect."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from auditor.model import Problem, WrongUsage
from auditor.simulate.account import Account
from auditor.simulate.calendar_of_account import ADJUSTMENTS_ONLY, LEDGERS, ORDERS, REIMBURSEMENTS, WHOLE_ACCOUNT
from auditor.simulate.further_exports import further_export
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


@dataclass(frozen=True, slots=True)
class _File:
    text: str
    encoding: str
    ending: str = "txt"


def _exports(account: Account, transactions: str) -> dict[str, bytes]:
    """The files by name; downloads are named by a report number that says nothing."""
    files: dict[str, bytes] = {}
    for each in (*_stock(account), *_sales(account, transactions), *_further(account)):
        number = account.unique("519########")
        files[f"{number}.{each.ending}"] = each.text.encode(each.encoding, "replace")
    files["costs.csv"] = comma(costs(account)).encode()
    files.update({name: text.encode() for name, text in unknown_files().items()})
    return files


def _plain_encoding(account: Account) -> str:
    """Only Japanese files use one code page throughout; elsewhere the encoding is a property of the report."""
    return account.market.flat_encoding if account.market.code == "JP" else "utf-8"


def _stock(account: Account) -> Iterator[_File]:
    plain = _plain_encoding(account)
    quoted_ledger = account.market.code == "US" and account.seed % 2 == 1
    for span in (*LEDGERS, ADJUSTMENTS_ONLY) if account.seed % 4 == 0 else LEDGERS:
        rows = ledger(account, span)
        if quoted_ledger:
            yield _File(quoted([rows[0], *reversed(rows[1:])]), "utf-8-sig", "csv")
        else:
            yield _File(tabbed(rows), plain)
    yield _File(comma(shipping_queue(account)), "utf-8", "csv")
    for shipment in account.shipments:
        for copy in range(shipment.contents_files):
            yield _File(tabbed(shipment_contents(shipment, less=copy * 3), "\r\n"), plain, "tsv")


def _sales(account: Account, transactions: str) -> Iterator[_File]:
    market, flat, plain = account.market, account.market.flat_encoding, _plain_encoding(account)
    for span in REIMBURSEMENTS if account.seed % 2 else WHOLE_ACCOUNT:
        yield _File(tabbed(reimbursements(account, span)), flat)
    rows = returns(account)
    if market.code == "UK":
        yield _File(quoted(rows), "utf-8", "csv")
    else:
        yield _File(tabbed(rows), plain if market.code == "US" else flat)
    for span in ORDERS:
        yield _File(tabbed(orders(account, span), "\r\n" if market.code == "DE" else "\n"), plain)
    settlements = settle(account)
    # One settlement was downloaded twice: it is still one settlement.
    for each in [*settlements, settlements[len(settlements) // 2]]:
        yield _File(tabbed(settlement(market, each)), "utf-8")
    for text, encoding in transaction_reports(account, settlements, transactions):
        yield _File(text, encoding, "csv")


def _further(account: Account) -> Iterator[_File]:
    """The reports that only some stories need."""
    for report, rows in sorted(account.further.items()):
        yield _File(tabbed(further_export(report, rows)), _plain_encoding(account))
