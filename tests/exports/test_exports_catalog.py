"""The catalog: one file per report, checked before it is used."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.exports import Catalog, load_catalog, reader_version
from auditor.exports.names import Header
from auditor.model import DataRefused, WrongUsage

ENTRY = """
id = "weights"
title = "Weights"
table = "weights"
download = "own file"
source = "the seller"
evidence = "own"
fingerprint = ["sku", "my-weight"]
fold = { kind = "multiset", identity = ["msku"] }
[columns.msku]
names = ["sku"]
type = "id"
"""

#: Tables that several reports fill, each in its way; every other table belongs to one report.
SHARED = {
    "ledger": {"ledger_detail", "inventory_adjustments", "inventory_receipts"},
    "shipments": {"shipping_queue", "shipping_queue_payload"},
    "shipment_contents": {"shipment_contents", "shipment_items_payload"},
}


def test_only_reports_of_one_kind_of_event_share_a_table(catalog: Catalog) -> None:
    filled_by: dict[str, set[str]] = {}
    for report in catalog.reports.values():
        filled_by.setdefault(report.table, set()).add(report.id)
    assert {table: reports for table, reports in filled_by.items() if len(reports) > 1} == SHARED


def test_no_header_of_one_report_is_claimed_by_another(catalog: Catalog) -> None:
    for report in catalog.reports.values():
        names = [name for column in report.columns.values() for name in column.names[:1]]
        header = Header([*names, *report.fingerprint, *report.shown, *report.personal])
        assert catalog.matching(header, report.kind) == [report]


def test_what_is_personal_is_never_loaded_or_shown(catalog: Catalog) -> None:
    for report in catalog.reports.values():
        header = Header(report.personal)
        assert not report.places(header)
        assert not report.visible(header)


def test_adding_a_report_is_adding_a_file(tmp_path: Path) -> None:
    (tmp_path / "weights.toml").write_text(ENTRY)
    report = load_catalog(tmp_path).recognise(["SKU", "My Weight"])
    assert report is not None
    assert report.id == "weights"


def test_a_header_that_two_reports_claim_names_both(tmp_path: Path) -> None:
    (tmp_path / "weights.toml").write_text(ENTRY.replace('"my-weight"', '"unit-cost"'))
    with pytest.raises(DataRefused, match=r"costs.*weights"):
        load_catalog(tmp_path).recognise(["sku", "unit-cost", "currency"])


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (('id = "weights"', 'id = "weights"\ncolour = "red"'), "colour"),
        (('type = "id"', 'type = "float"'), "columns.msku.type"),
        (('names = ["sku"]\n', ""), "columns.msku"),
        (('identity = ["msku"]', 'identity = ["size"]'), "fold.identity"),
        (('title = "Weights"', 'title = "Weights'), "TOML"),
    ],
)
def test_a_wrong_entry_names_its_file_and_key(tmp_path: Path, change: tuple[str, str], key: str) -> None:
    (tmp_path / "weights.toml").write_text(ENTRY.replace(*change))
    with pytest.raises(WrongUsage) as refused:
        load_catalog(tmp_path)
    assert "weights.toml" in str(refused.value)
    assert key in str(refused.value)


def test_the_reader_s_version_is_stable() -> None:
    assert reader_version() == reader_version()
    assert len(reader_version()) == 12


def test_every_entry_says_what_it_shows_and_where_it_is_downloaded(catalog: Catalog) -> None:
    for report in catalog.reports.values():
        assert report.shows[:1].islower()
        assert not report.shows.endswith(".")
        assert report.download
