# ruff: noqa: E501 - rows of exports are long
"""Every report, in the variants that Amazon or a spreadsheet makes of it."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from .conftest import LEDGER_16, Desk, ledger_row

RETURNS = (
    "return-date\torder-id\tsku\tasin\tfnsku\tproduct-name\tquantity\tfulfillment-center-id\tdetailed-disposition"
    "\treason\tstatus\tlicense-plate-number\tcustomer-comments"
)
SETTLEMENT = (
    "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\ttransaction-type"
    "\torder-id\tmerchant-order-id\tadjustment-id\tshipment-id\tmarketplace-name\tamount-type\tamount-description\tamount"
    "\tfulfillment-id\tposted-date\tposted-date-time\torder-item-code\tmerchant-order-item-id\tmerchant-adjustment-item-id"
    "\tsku\tquantity-purchased\tpromotion-id"
)
REIMBURSEMENTS = (
    "approval-date,reimbursement-id,case-id,amazon-order-id,reason,sku,fnsku,asin,product-name,condition,currency-unit,"
    "amount-per-unit,amount-total,quantity-reimbursed-cash,quantity-reimbursed-inventory,quantity-reimbursed-total,"
    "original-reimbursement-id,original-reimbursement-type"
)
ORDERS = (
    "amazon-order-id\tmerchant-order-id\tpurchase-date\tlast-updated-date\torder-status\tfulfillment-channel\tsales-channel"
    "\torder-channel\tship-service-level\tproduct-name\tsku\tasin\titem-status\tquantity\tcurrency\titem-price\titem-tax"
    "\tshipping-price\tshipping-tax\tgift-wrap-price\tgift-wrap-tax\titem-promotion-discount\tship-promotion-discount"
    "\tship-city\tship-state\tship-postal-code\tship-country\tpromotion-ids\tcpf\tis-business-order\tpurchase-order-number"
    "\tprice-designation\tsignature-confirmation-recommended"
)
CONTENTS = (
    "Shipment ID\tFBA15LN6M80T\nName\tFBA STA (1/20/2024 04:07)-LBE1\nPlan ID\t-\nShip To\tLBE1\nTotal SKUs\t1\n"
    "Total Units\t12\nPack list\t1 of 1\n\n"
    "Merchant SKU\tTitle\tASIN\tFNSKU\texternal-id\tCondition\tWho will prep?\tPrep Type\tWho will label?\tShipped"
)


def settlement_row(**cells: str) -> str:
    names = [name.replace("-", "_") for name in SETTLEMENT.split("\t")]
    return "\t".join(cells.get(name, "") for name in names)


def order_row(**cells: str) -> str:
    names = [name.replace("-", "_") for name in ORDERS.split("\t")]
    return "\t".join(cells.get(name, "") for name in names)


def as_csv(tab_text: str, delimiter: str = ",", quoting: int = csv.QUOTE_ALL) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator="\r\n").writerows(  # type: ignore[arg-type]
        line.split("\t") for line in tab_text.rstrip("\n").split("\n")
    )
    return out.getvalue()


@pytest.mark.parametrize("width", [16, 15, 14, 12])
@pytest.mark.parametrize("form", ["tab", "quoted comma", "minimal comma", "semicolon"])
def test_a_ledger_reads_the_same_in_every_width_and_delimiter(desk: Desk, width: int, form: str) -> None:
    text = "\n".join([LEDGER_16, ledger_row(title='10" pan, blue'), ledger_row(qty="2", reason="F", date="07/17/2026")])
    text = "\n".join("\t".join(line.split("\t")[:width]) for line in text.split("\n")) + "\n"
    written = {
        "tab": text,
        "quoted comma": as_csv(text),
        "minimal comma": as_csv(text, quoting=csv.QUOTE_MINIMAL),
        "semicolon": as_csv(text, ";", csv.QUOTE_MINIMAL),
    }[form]
    reading = desk.read(written)
    first, second = desk.rows(written)
    assert (reading.report_id, reading.rows_read, reading.rows_rejected) == ("ledger_detail", 2, 0)
    assert (first["date"], first["quantity"], first["title"]) == (date(2026, 7, 16), -1, '10" pan, blue')
    assert (second["date"], second["quantity"], second["reason"]) == (date(2026, 7, 17), 2, "F")
    assert first["unreconciled"] == (1 if width >= 14 else None)
    assert (reading.first_date, reading.last_date, reading.newest_event) == (
        date(2026, 7, 16), date(2026, 7, 17), date(2026, 7, 17),
    )  # fmt: skip


@pytest.mark.parametrize(
    "fold",
    [str.lower, str.upper, lambda s: s.replace(" ", ""), lambda s: s.replace(" ", "_"), lambda s: s.replace(" ", "-")],
)
def test_header_names_are_one_name_in_every_spelling(desk: Desk, fold: object) -> None:
    assert callable(fold)
    (row,) = desk.rows(fold(LEDGER_16) + "\n" + ledger_row() + "\n")
    assert (row["event_type"], row["reference_id"], row["reconciled"]) == ("Adjustments", "20076865361276", 0)


def test_columns_are_found_by_name_in_any_order_and_strange_ones_are_ignored(desk: Desk) -> None:
    table = [LEDGER_16.split("\t"), ledger_row(store="LCS").split("\t")]
    turned = "\n".join("\t".join(["extra" + str(i), *reversed(line)]) for i, line in enumerate(table))
    (row,) = desk.rows(turned)
    assert (row["date"], row["store"], row["fnsku"]) == (date(2026, 7, 16), "LCS", "X000000001")


def test_a_missing_required_column_is_a_problem_that_names_file_column_and_header(desk: Desk) -> None:
    text = "\n".join(
        "\t".join(c for i, c in enumerate(line.split("\t")) if i != 7) for line in (LEDGER_16, ledger_row())
    )
    reading = desk.read(text)
    (problem,) = reading.problems
    assert reading.refused
    assert reading.report_id == "ledger_detail"
    assert problem.file == "file.txt"
    assert "'Quantity'" in problem.what
    assert "Fulfillment Center" in problem.what


def test_a_header_without_rows_is_a_valid_empty_report(desk: Desk) -> None:
    reading = desk.read(LEDGER_16 + "\n")
    assert (reading.rows_read, reading.rows_rejected, reading.first_date, reading.refused) == (0, 0, None, False)
    assert desk.rows(LEDGER_16) == []


def test_reimbursements_read_with_amounts_and_both_kinds_of_units(desk: Desk) -> None:
    text = (
        REIMBURSEMENTS
        + "\n2026-05-12T09:59:13+00:00,51234567890,,,Lost_Warehouse,S-1,X000000001,B000000001,Café,NewItem,USD,15.45,30.90,2,0,2,,\n"
        + "2026-05-13T23:59:13-07:00,51234567891,,,Reimbursement_Reversal,S-1,X000000001,B000000001,Café,NewItem,USD,-15.45,-15.45,-1,1,0,51234567890,Lost_Warehouse\n"
    )
    first, second = desk.rows(text, "cp1252")
    assert (first["amount_total"], first["quantity_cash"], first["title"]) == (Decimal("30.9"), 2, "Café")
    assert (second["date"], second["quantity_inventory"], second["original_reason"]) == (
        date(2026, 5, 13),
        1,
        "Lost_Warehouse",
    )
    assert first["case_id"] is None


def test_a_japanese_header_of_reimbursements_is_known_and_what_it_lacks_is_named(desk: Desk) -> None:
    header, row = (
        "承認日,補てんID,理由,出品者SKU,補てん合計額,現金補てん数量",
        "2026/05/12,11234567890,倉庫破損,SKU-1,1200,1",
    )
    reading = desk.read(f"{header}\n{row}\n", "cp932")
    assert reading.report_id == "reimbursements"
    assert "'fnsku' is missing" in reading.problems[0].what
    assert "承認日" in reading.problems[0].what
    (read,) = desk.rows(f"{header},FNSKU\n{row},X000000001\n", "cp932")
    assert (read["date"], read["msku"], read["quantity_cash"]) == (date(2026, 5, 12), "SKU-1", 1)


def test_customer_returns_lose_their_comments(desk: Desk) -> None:
    row = "2025-06-05T23:31:40+00:00\t114-2962899-5762619\tS-1\tB000000001\tB000000001\tPad\t1\tLEX1\tSELLABLE\tDEFECTIVE\tsold to Jane\tLPN1\tJane Doe was unhappy"
    reading = desk.read(RETURNS + "\n" + row + "\n")
    (loaded,) = desk.rows(RETURNS + "\n" + row + "\n")
    assert loaded["date"] == date(2025, 6, 5)
    assert "Jane Doe" not in str(loaded)
    assert reading.unknown_values == {"status": {"sold to Jane": 1}}


def test_orders_read_without_addresses_and_with_blank_prices(desk: Desk) -> None:
    shipped = order_row(
        amazon_order_id="111-1111111-1111111", purchase_date="2026-05-01T01:02:03+00:00", last_updated_date="2026-05-03T01:02:03+00:00",
        order_status="Shipped", fulfillment_channel="Amazon", sales_channel="Amazon.com", sku="0012", quantity="2", currency="USD",
        item_price="25.0", ship_city="Springfield", item_status="Shipped",
    )  # fmt: skip
    pending = order_row(
        amazon_order_id="111-1111111-1111112",
        purchase_date="2026-05-02T01:02:03+00:00",
        order_status="Pending",
        sku="0012",
    )
    reading = desk.read("\n".join((ORDERS, shipped, pending)))
    first, second = desk.rows("\n".join((ORDERS, shipped, pending)))
    assert (first["msku"], first["item_price"], first["updated"]) == ("0012", Decimal(25), "2026-05-03T01:02:03+00:00")
    assert (second["item_price"], second["currency"], second["quantity"]) == (None, None, None)
    assert "ship_city" not in first
    assert reading.rows_rejected == 0


def test_an_orders_header_that_ends_with_a_tab_reads_rows_with_and_without_it(desk: Desk) -> None:
    row = order_row(amazon_order_id="111-1111111-1111111", purchase_date="2026-05-01", sku="S", quantity="1")
    reading = desk.read(f"{ORDERS}\t\n{row}\t\n{row}\n{row}\t\n")
    assert (reading.rows_read, reading.rows_rejected) == (3, 0)


@pytest.mark.parametrize(
    ("start", "posted", "amount"),
    [
        ("2026-03-13 20:21:38 UTC", "2026-03-14", "95.00"),
        ("2026/03/13 20:21:38 UTC", "2026/03/14", "95.00"),
        ("13.03.2026 20:21:38 UTC", "14.03.2026", "95,00"),
        ("13.03.2026", "14.03.2026 UTC", "95,00"),
        ("03/13/2026", "03/14/2026", "95.00"),
    ],
)
def test_a_settlement_spreads_its_summary_row_whatever_its_country(
    desk: Desk, start: str, posted: str, amount: str
) -> None:
    text = "\n".join([
        SETTLEMENT,
        settlement_row(settlement_id="25889786381", settlement_start_date=start, settlement_end_date=start, deposit_date=start, total_amount=amount, currency="EUR"),
        settlement_row(settlement_id="25889786381", transaction_type="Refund", order_id="111-1111111-1111111", amount_type="ItemPrice", amount_description="Principal", amount=amount, posted_date=posted, quantity_purchased="1"),
    ])  # fmt: skip
    reading = desk.read(text)
    summary, refund = desk.rows(text)
    assert reading.problems == ()
    assert (summary["transaction_type"], summary["amount"], summary["total_amount"]) == (None, None, Decimal(95))
    assert (refund["currency"], refund["amount"], refund["date"]) == ("EUR", Decimal(95), date(2026, 3, 14))
    assert (refund["period_start"], refund["deposit_date"]) == (date(2026, 3, 13), date(2026, 3, 13))
    assert (reading.first_date, reading.newest_event) == (date(2026, 3, 13), date(2026, 3, 14))


def test_two_settlements_in_one_file_keep_their_own_currency(desk: Desk) -> None:
    text = "\n".join([
        SETTLEMENT,
        settlement_row(settlement_id="1", settlement_start_date="2026-03-01", total_amount="1", currency="EUR"),
        settlement_row(settlement_id="1", transaction_type="Order", amount="1"),
        settlement_row(settlement_id="2", settlement_start_date="2026-04-01", total_amount="2.50", currency="GBP"),
        settlement_row(settlement_id="2", transaction_type="Order", amount="2.50"),
    ])  # fmt: skip
    assert [r["currency"] for r in desk.rows(text)] == ["EUR", "EUR", "GBP", "GBP"]
    assert desk.read(text).problems == ()


def test_the_rest_of_a_split_settlement_reads_without_what_its_summary_row_states(desk: Desk) -> None:
    rest = settlement_row(settlement_id="1", transaction_type="Order", amount="7.50")
    reading = desk.read(f"{SETTLEMENT}\n{rest}\n")
    (row,) = desk.rows(f"{SETTLEMENT}\n{rest}\n")
    assert (row["amount"], row["currency"], row["period_start"]) == (Decimal("7.5"), None, None)
    assert (reading.problems, reading.rows_rejected) == ((), 0)


def test_what_a_settlement_states_once_tells_none_of_its_rows_apart(desk: Desk) -> None:
    report = desk.catalog.reports["settlement_v2"]
    assert report.summary is not None
    assert not set(report.summary.spread) & set(report.fold.identity)


def test_shipment_contents_take_shipment_and_name_from_the_lines_above(desk: Desk) -> None:
    row = "S-1\tPan\tB000000001\tX000000001\t--\tNewItem\tBy seller\t--\tBy seller\t12"
    for text in (
        f"{CONTENTS}\n{row}\n",
        f"{CONTENTS}\n{row}\n".replace("\n", "\r\n"),
        as_csv(f"{CONTENTS}\n{row}", ",", csv.QUOTE_MINIMAL),
    ):
        (loaded,) = desk.rows(text)
        assert (loaded["shipment_id"], loaded["name"]) == ("FBA15LN6M80T", "FBA STA (1/20/2024 04:07)-LBE1")
        assert (loaded["msku"], loaded["quantity"], loaded["line"]) == ("S-1", 12, 10)


def test_shipment_contents_without_their_shipment_are_refused(desk: Desk) -> None:
    reading = desk.read("Name\tx\n\n" + CONTENTS.rsplit("\n", 1)[1] + "\n")
    assert reading.refused
    assert "Shipment ID" in reading.problems[0].what


def test_box_columns_and_another_spelling_of_contents_are_no_obstacle(desk: Desk) -> None:
    header = CONTENTS.replace("Who will prep?", "Who Will Prep?") + "\tFBA15LN6M80TU001 - Unit Quantity"
    (row,) = desk.rows(header + "\nS-1\tPan\tB1\tX1\t--\tNewItem\tA\tB\tC\t12\t12\n")
    assert row["quantity"] == 12


@pytest.mark.parametrize(
    "created",
    ["Jan 20, 2024", "20 Jan 2024", "2024-01-20", "20.01.2024", "1/20/2024", "20/01/2024", "Jan 20, 2024 4:07 PM PST"],
)
def test_a_shipping_queue_reads_dates_in_the_display_format_of_the_account(desk: Desk, created: str) -> None:
    text = as_csv(
        "Shipment name\tShipment ID\tCreated\tLast updated\tShip to\tSKUs\tUnits expected\tUnits located\tStatus\n"
        f"One\tFBA15LN6M80T\t{created}\t{created}\tLBE1\t1\t12\t11\tClosed"
    )
    (row,) = desk.rows(text)
    assert (row["created"], row["units_located"], row["status"]) == (date(2024, 1, 20), 11, "Closed")
    assert desk.read(text).unknown_values == {}


def test_costs_read_with_optional_dates(desk: Desk) -> None:
    first, second = desk.rows("SKU,Unit Cost,Currency,Effective From\n0012345,12.50,EUR,2026-01-01\nMAR-05,3,EUR,\n")
    assert (first["msku"], first["unit_cost"], first["effective_from"]) == (
        "0012345",
        Decimal("12.5"),
        date(2026, 1, 1),
    )
    assert (second["unit_cost"], second["effective_from"]) == (Decimal(3), None)


def test_unknown_codes_are_kept_and_counted(desk: Desk) -> None:
    text = "\n".join(
        [LEDGER_16, ledger_row(reason="Z"), ledger_row(reason="Z"), ledger_row(event="Teleports", disp="sellable")]
    )
    reading = desk.read(text)
    assert reading.unknown_values == {"event_type": {"Teleports": 1}, "reason": {"Z": 2}}
    assert reading.rows_rejected == 0
