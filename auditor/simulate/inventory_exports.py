"""The exports about stock: ledger, shipping queue, shipment contents, and the seller's own costs."""

from __future__ import annotations

from auditor.simulate.account import Account
from auditor.simulate.calendar_of_account import ADJUSTMENTS_ONLY, AS_OF, Span
from auditor.simulate.printing import Row
from auditor.simulate.records import LedgerEvent, Shipment

LEDGER_COLUMNS = [
    "Date",
    "FNSKU",
    "ASIN",
    "MSKU",
    "Title",
    "Event Type",
    "Reference ID",
    "Quantity",
    "Fulfillment Center",
    "Disposition",
    "Reason",
    "Country",
    "Reconciled Quantity",
    "Unreconciled Quantity",
    "Date and Time",
    "Store",
]


def ledger(account: Account, span: Span) -> list[Row]:
    """Give the rows of one ledger export, its figures as of its own last day."""
    events = [event for event in account.ledger if event.day in span]
    if span == ADJUSTMENTS_ONLY:
        events = [event for event in events if event.event_type == "Adjustments"]
    rows = [LEDGER_COLUMNS, *(_ledger_row(account, event, span) for event in events)]
    # A layout has the first so many columns: the oldest ends at Country, the help page's before the time.
    if not account.figures:
        return [row[:12] for row in rows]
    if account.market.code == "UK" and span.last != AS_OF:
        return [row[:14] for row in rows]
    return [row[:15] for row in rows] if account.market.code == "DE" else rows


def _ledger_row(account: Account, event: LedgerEvent, span: Span) -> Row:
    product = event.product
    # Some listings were renamed: the title is no part of an event.
    renamed = span.last != AS_OF and product.asin.endswith(("A", "B", "C", "7"))
    return [
        event.day.strftime("%m/%d/%Y"),
        product.fnsku,
        product.asin,
        product.msku,
        product.title + " (2025)" if renamed else product.title,
        event.event_type,
        event.reference,
        str(event.quantity),
        event.centre,
        event.disposition,
        event.reason,
        event.country,
        *figures(event, span),
        event.day.isoformat() + account.market.ledger_time,
        "",
    ]


def figures(event: LedgerEvent, span: Span) -> tuple[str, str]:
    """Print Reconciled and Unreconciled Quantity as of an export's last day.

    Amazon leaves cells blank: a blank Unreconciled beside a filled Reconciled means 0, both blank mean
    that no unit is reconciled yet.
    """
    if event.explained is None:
        return "", ""
    units = abs(event.quantity)
    reconciled = min(units, event.reconciled_on(span.last))
    blank = event.reference.endswith(("1", "4", "7"))
    if blank and reconciled == 0:
        return "", ""
    if blank and reconciled == units:
        return str(reconciled), ""
    return str(reconciled), str(units - reconciled)


def shipping_queue(account: Account) -> list[Row]:
    """Give the shipping queue as the page exports it."""
    columns = "Shipment name,Shipment ID,Created,Last updated,Ship to,SKUs,Units expected,Units located,Status"
    rows = [columns.split(",")]
    form = account.market.queue_dates
    for shipment in sorted(account.shipments, key=lambda each: (each.created, each.shipment_id)):
        status = shipment.status.replace("_", " ").capitalize() if account.seed % 2 else shipment.status
        rows.append(
            [
                shipment.name,
                shipment.shipment_id,
                shipment.created.strftime(form),
                shipment.updated.strftime(form),
                shipment.centre,
                str(len(shipment.shipped)),
                str(sum(units for _, units in shipment.shipped)),
                str(shipment.located),
                status,
            ]
        )
    return rows


def shipment_contents(shipment: Shipment, less: int = 0) -> list[Row]:
    """Give one shipment's contents: a preamble, a blank line, then what was shipped.

    An outdated export may say so many units `less` of each product.
    """
    preamble = [
        ["Shipment ID", shipment.shipment_id],
        ["Name", shipment.name],
        ["Plan ID", "PL" + shipment.shipment_id[3:]],
        ["Ship To", f"Synthetic Fulfilment Road 1, {shipment.centre}"],
        ["Total SKUs", str(len(shipment.shipped))],
        ["Total Units", str(sum(units for _, units in shipment.shipped))],
        ["Pack list", "1 of 1"],
        [],
    ]
    columns = [
        *("Merchant SKU", "Title", "ASIN", "FNSKU", "external-id", "Condition"),
        *("Who will prep?", "Prep Type", "Who will label?", "Shipped"),
    ]
    items = [
        [p.msku, p.title, p.asin, p.fnsku, "--", "NewItem", "Merchant", "--", "Merchant", str(units - less)]
        for p, units in shipment.shipped
    ]
    return [*preamble, columns, *items]


def costs(account: Account) -> list[Row]:
    """Give the seller's own file of unit costs."""
    rows = [["sku", "unit-cost", "currency", "effective-from"]]
    rows += [[c.msku, str(c.unit_cost), c.currency, c.effective_from.isoformat()] for c in account.costs]
    return rows


def unknown_files() -> dict[str, str]:
    """Give files that are no exports and must be left alone."""
    return {
        "notes.txt": f"Synthetic account, complete to {AS_OF.isoformat()}.\nNothing in this folder is real.\n",
        "campaigns.csv": "Campaign,Impressions,Clicks,Spend\nOstrelle brand,1200,31,14.20\nPlimbo mugs,800,12,6.05\n",
        "to do.csv": "when;what\nMonday;photograph the new lids\n",
    }
