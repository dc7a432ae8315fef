"""SP-API payloads of inbound shipments, saved in whatever way a tool saves them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from auditor.exports import Reading, read, rows_at

from .conftest import Desk, rows
from .payloads import ITEM, SAVED, SHIPMENT, response


def items(*objects: dict[str, Any]) -> dict[str, Any]:
    return response("ItemData", objects)


def test_shipments_and_their_items_fill_the_tables_of_the_queue_and_the_contents(desk: Desk) -> None:
    shipments = desk.read(json.dumps({"payload": {"ShipmentData": [SHIPMENT]}}, indent=2))
    (row,) = rows(shipments)
    assert shipments.report_id == "shipping_queue_payload"
    assert desk.catalog.reports["shipping_queue_payload"].table == "shipments"
    assert (row["shipment_id"], row["status"], row["ship_to"]) == ("FBA15LN6M80T", "CLOSED", "PHL7")
    assert (row["created"], row["updated"]) == (None, None)
    contents = desk.read(json.dumps(items(ITEM)))
    (row,) = rows(contents)
    assert desk.catalog.reports[contents.report_id or ""].table == "shipment_contents"
    assert [row[c] for c in ("shipment_id", "msku", "fnsku", "quantity", "received")] == [
        "FBA15LN6M80T", "SKU-1", "X000000001", 10, 9,
    ]  # fmt: skip


def test_reports_of_one_table_have_the_same_columns(desk: Desk) -> None:
    reports = desk.catalog.reports
    for one, other in (("shipping_queue", "shipping_queue_payload"), ("shipment_contents", "shipment_items_payload")):
        mine, theirs = reports[one], reports[other]
        assert mine.table == theirs.table
        assert {n: c.type for n, c in mine.columns.items()} == {n: c.type for n, c in theirs.columns.items()}
        assert (mine.fold, mine.covers, mine.event_dates) == (theirs.fold, theirs.covers, theirs.event_dates)


@pytest.mark.parametrize("saved", SAVED)
@pytest.mark.parametrize("count", [1, 3])
def test_a_payload_is_recognised_however_it_was_saved(desk: Desk, saved: str, count: int) -> None:
    for key, example, report in (
        ("ItemData", ITEM, "shipment_items_payload"),
        ("ShipmentData", SHIPMENT, "shipping_queue_payload"),
    ):
        text = SAVED[saved](key, [example | {"ShipmentId": f"FBA1500000{n}"} for n in range(count)])
        for written in ("utf-8", "utf-16"):
            reading = desk.read(text, written)
            assert (reading.report_id, reading.rows_read, reading.form) == (report, count, "json")
            assert [row["shipment_id"] for row in rows(reading)] == [f"FBA1500000{n}" for n in range(count)]


def test_several_pages_and_json_lines_are_one_file(desk: Desk) -> None:
    objects = [ITEM | {"SellerSKU": f"SKU-{n}"} for n in range(4)]
    pages = [json.dumps(items(*objects[:2])), json.dumps(items(*objects[2:]))]
    for saved in ("\n".join(pages), "[" + ",".join(pages) + "]", "\n".join(map(json.dumps, objects))):
        assert [r["msku"] for r in desk.rows(saved)] == ["SKU-0", "SKU-1", "SKU-2", "SKU-3"]


def test_the_line_is_where_the_object_begins_or_its_place_where_objects_share_lines(desk: Desk) -> None:
    objects = [ITEM, ITEM | {"SellerSKU": "SKU-2"}]
    indented = json.dumps(items(*objects), indent=1)
    starts = [n for n, line in enumerate(indented.splitlines(), 1) if line == "   {"]
    source = desk.source(indented, "items.json")
    reading = read(source, desk.catalog, desk.cache)
    assert [r["line"] for r in rows(reading)] == starts[:1] + [n for n in starts if n > starts[0]][:1]
    assert rows_at(source, reading, starts)[starts[1]]["SellerSKU"] == "SKU-2"
    assert [r["line"] for r in desk.rows(json.dumps(items(*objects)))] == [1, 2]
    assert Reading.from_json(reading.to_json(), desk.cache) == reading


def test_an_unknown_count_of_received_units_is_not_zero(desk: Desk) -> None:
    without = {k: v for k, v in ITEM.items() if k != "QuantityReceived"}
    assert [r["received"] for r in desk.rows(json.dumps(items(without)))] == [None]
    both = [
        without,
        ITEM | {"SellerSKU": "S2", "QuantityReceived": None},
        ITEM | {"SellerSKU": "S3", "QuantityReceived": 0},
    ]
    assert [r["received"] for r in desk.rows(json.dumps(items(*both)))] == [None, None, 0]


def test_an_item_that_names_no_shipment_is_never_given_one(desk: Desk) -> None:
    nameless = {k: v for k, v in ITEM.items() if k != "ShipmentId"}
    reading = desk.read(json.dumps(items(ITEM, nameless | {"SellerSKU": "S2"})))
    (reject,) = reading.rejects
    assert (reading.rows_read, reading.rows_rejected, reject.line, reject.column) == (2, 1, 2, "ShipmentId")
    assert "getShipmentItems" in reject.reason
    alone = desk.read(json.dumps(items(nameless)))
    assert alone.refused
    assert "ShipmentId" in alone.problems[0].what
    assert "getShipmentItems" in alone.problems[0].remedy


def test_pages_that_overlap_count_an_item_once(desk: Desk) -> None:
    saved = json.dumps([items(ITEM | {"QuantityReceived": 3}), items(ITEM)])
    reading = desk.read(saved)
    assert [(r["quantity"], r["received"]) for r in rows(reading)] == [(10, 9)]
    assert "twice" in reading.problems[0].what


def test_an_empty_page_is_an_empty_report(desk: Desk) -> None:
    reading = desk.read(json.dumps({"payload": {"ShipmentData": []}}))
    assert (reading.report_id, reading.problems, rows(reading)) == ("shipping_queue_payload", (), [])


def test_addresses_are_never_read_or_shown(desk: Desk) -> None:
    saved = json.dumps({"payload": {"ShipmentData": [SHIPMENT, SHIPMENT | {"ShipmentId": ""}]}})
    source = desk.source(saved, "shipments.json")
    reading = read(source, desk.catalog, desk.cache)
    assert len(reading.rejects) == 1
    assert "Planted" not in reading.to_json() + str(rows(reading)) + str(rows_at(source, reading, [1]))


@pytest.mark.parametrize(
    "saved", ["{}", "[]", '{"a": 1}', "[1, 2]", '{"payload": 5}', "{broken", '{"a": [' * 5_000, "[" * 100]
)
def test_other_json_is_unknown(desk: Desk, saved: str) -> None:
    reading = desk.read(saved)
    assert (reading.report_id, reading.problems) == (None, ())
    assert "JSON" in reading.why_unknown


def test_half_a_payload_and_two_payloads_in_one_file_are_problems(desk: Desk) -> None:
    half = desk.read(json.dumps(items(ITEM, ITEM))[:-60])
    assert half.refused
    assert "cut off" in half.problems[0].what
    both = desk.read(json.dumps([items(ITEM), {"payload": {"ShipmentData": [SHIPMENT]}}]))
    assert both.refused
    assert "ItemData" in both.problems[0].what
    assert "ShipmentData" in both.problems[0].what


def test_counts_as_floats_and_texts_are_read_and_others_are_rejected(desk: Desk) -> None:
    reading = desk.read(
        json.dumps(
            items(*(ITEM | {"SellerSKU": f"S{i}", "QuantityShipped": q} for i, q in enumerate((10.0, "7", 1.5, True))))
        )
    )
    assert [r["quantity"] for r in rows(reading)] == [10, 7]
    assert [r.line for r in reading.rejects] == [3, 4]
