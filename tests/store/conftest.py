"""Small exports that a test spells out, read and folded as an audit does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from auditor.exports.catalog import Catalog, load_catalog
from auditor.exports.sources import find_sources
from auditor.policy import Policy, load_policy
from auditor.store.reading import ReadExport, read_exports
from auditor.store.tables import Tables, build_tables
from auditor.store.workspace import Workspace, open_workspace

# How fast the machine is proves nothing.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")

LEDGER = (
    "Date", "FNSKU", "ASIN", "MSKU", "Title", "Event Type", "Reference ID", "Quantity", "Fulfillment Center",
    "Disposition", "Reason", "Country", "Reconciled Quantity", "Unreconciled Quantity", "Date and Time", "Store",
)  # fmt: skip
LEDGER_ROW = {
    "Date": "04/10/2026", "FNSKU": "X000000001", "ASIN": "B000000001", "MSKU": "SKU-1", "Title": "Pan",
    "Event Type": "Adjustments", "Reference ID": "20000000000001", "Quantity": "-1", "Fulfillment Center": "PHL7",
    "Disposition": "SELLABLE", "Reason": "M", "Country": "US", "Reconciled Quantity": "0", "Unreconciled Quantity": "1",
    "Date and Time": "", "Store": "",
}  # fmt: skip
SETTLEMENT = (
    "settlement-id", "settlement-start-date", "settlement-end-date", "deposit-date", "total-amount", "currency",
    "transaction-type", "order-id", "merchant-order-id", "adjustment-id", "shipment-id", "marketplace-name",
    "amount-type", "amount-description", "amount", "fulfillment-id", "posted-date", "posted-date-time",
    "order-item-code", "merchant-order-item-id", "merchant-adjustment-item-id", "sku",
    "quantity-purchased", "promotion-id",
)  # fmt: skip
ORDERS = (
    "amazon-order-id", "purchase-date", "last-updated-date", "order-status", "fulfillment-channel", "sales-channel",
    "sku", "asin", "item-status", "quantity", "currency", "item-price",
)  # fmt: skip
ORDER_ROW = {
    "amazon-order-id": "111-0000001-0000001", "purchase-date": "2026-04-01T08:00:00+00:00",
    "last-updated-date": "2026-04-02T08:00:00+00:00", "order-status": "Shipped", "fulfillment-channel": "Amazon",
    "sales-channel": "Amazon.com", "sku": "SKU-1", "asin": "B000000001", "item-status": "Shipped", "quantity": "1",
    "currency": "USD", "item-price": "10.00",
}  # fmt: skip


def table(header: Iterable[str], rows: Iterable[dict[str, str]]) -> str:
    """Tab-separated text; cells that a row does not name are empty."""
    names = list(header)
    lines = ["\t".join(names), *("\t".join(row.get(name, "") for name in names) for row in rows)]
    return "\n".join(lines) + "\n"


def ledger(*rows: dict[str, str], columns: int = 16) -> str:
    """A ledger export; 12 columns have no reconciliation figures."""
    return table(LEDGER[:columns], (LEDGER_ROW | row for row in rows))


def event(day: str, quantity: int = -1, **cells: str) -> dict[str, str]:
    """A ledger row of a day in 2026 (`04-10`); `ref`, `sku`, `left` and `event` are short for their columns."""
    short = {"ref": "Reference ID", "left": "Unreconciled Quantity", "event": "Event Type", "reason": "Reason"}
    month, number = day.split("-")
    row = {"Date": f"{month}/{number}/2026", "Quantity": str(quantity)}
    for name, cell in cells.items():
        if name == "sku":
            row |= {"MSKU": cell, "FNSKU": f"X-{cell}"}
        else:
            row[short.get(name, name.capitalize())] = cell
    return row


def contents(shipment: str, *rows: tuple[str, int]) -> str:
    """A shipment contents file with its lines above the header."""
    header = (
        "Merchant SKU\tTitle\tASIN\tFNSKU\texternal-id\tCondition\tWho will prep?\tPrep Type\tWho will label?\tShipped"
    )
    lines = [f"{sku}\tPan\tB000000001\tX-{sku}\t\tNew\tNone\t\tSeller\t{units}" for sku, units in rows]
    return "\n".join([f"Shipment ID\t{shipment}", "Name\tMine", "", header, *lines]) + "\n"


@dataclass(frozen=True)
class Shelf:
    """A folder of exports and the workspace they are read into."""

    folder: Path
    catalog: Catalog
    workspace: Workspace

    def put(self, **files: str) -> Shelf:
        """Write exports, by name without ending."""
        for name, text in files.items():
            (self.folder / f"{name}.txt").write_text(text, encoding="utf-8")
        return self

    def read(self) -> list[ReadExport]:
        return read_exports(find_sources([self.folder]).sources, self.catalog, self.workspace)

    def tables(self, as_of: date = date(2026, 12, 31)) -> Tables:
        return build_tables(self.read(), self.catalog, as_of)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query over the folded tables gives."""
        return self.tables().con.execute(query).fetchall()


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="session")
def policy() -> Policy:
    return load_policy()


@pytest.fixture
def shelf(tmp_path: Path, catalog: Catalog) -> Shelf:
    return new_shelf(tmp_path, catalog)


@pytest.fixture(scope="session")
def shelves(tmp_path_factory: pytest.TempPathFactory, catalog: Catalog) -> Callable[[], Shelf]:
    """Gives a fresh shelf each time, for properties."""
    return lambda: new_shelf(tmp_path_factory.mktemp("shelf"), catalog)


def new_shelf(folder: Path, catalog: Catalog) -> Shelf:
    (folder / "in").mkdir()
    return Shelf(folder / "in", catalog, open_workspace(folder / "workspace"))
