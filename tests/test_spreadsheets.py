"""Exports that went through a spreadsheet never make a claim that the exports themselves do not make."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from samples import sample
from spreadsheet import saved_again

from auditor.audit import audit
from auditor.model import Finding, Results
from auditor.request import Request
from auditor.store.workspace import open_workspace

REPORTS = (
    "reimbursements", "customer_returns", "settlement_v2", "all_orders", "ledger_detail", "shipment_contents",
    "shipping_queue",
)  # fmt: skip


def results(folder: Path, workspace: Path) -> Results:
    return audit(Request(paths=[folder], workspace=open_workspace(workspace)))


def claims(found: Results) -> dict[tuple[str, ...], Finding]:
    """What would be filed, by what is claimed."""
    return {
        (f.rule, f.msku, f.reference_id, str(f.event_date), str(f.units)): f
        for f in found.findings
        if f.confidence == "high"
    }


@cache
def as_exported() -> tuple[Results, dict[str, list[str]]]:
    """What is found in the sample, and its files by report."""
    with TemporaryDirectory() as workspace:
        found = results(sample("us"), Path(workspace))
    files: dict[str, list[str]] = {}
    for file in found.manifest["inputs"]:
        files.setdefault(file["report"], []).append(file["file"])
    return found, files


def came_back() -> dict[str, str]:
    """Orders of which all refunded units came back, of SKUs with leading zeros: the SKU by order."""
    back = [n for n in as_exported()[0].not_claimed if n.rule == "customer_return_missing" and n.reason == "returned"]
    whole = [n for n in back if f"{n.units} of {n.units}" in n.explanation]
    return {
        n.reference_id: n.msku for n in whole if n.msku.startswith("0") and f"{n.units} of {n.units}" in n.explanation
    }


def with_saved_again(folder: Path, reports: tuple[str, ...], european: bool) -> Path:
    """The sample, with the files of some reports as a spreadsheet saved them."""
    shutil.copytree(sample("us"), folder)
    for report in reports:
        for name in as_exported()[1][report]:
            (folder / name).write_bytes(saved_again((folder / name).read_bytes(), european))
    return folder


@pytest.mark.parametrize(
    ("report", "european"),
    [*((report, False) for report in REPORTS), ("customer_returns", True), ("settlement_v2", True)],
)
def test_a_report_that_was_saved_again_makes_no_claim_of_its_own(tmp_path: Path, report: str, european: bool) -> None:
    found = results(with_saved_again(tmp_path / "exports", (report,), european), tmp_path / "workspace")
    true = claims(as_exported()[0])
    assert set(claims(found)) <= set(true)
    for claim, finding in claims(found).items():
        assert finding.amount in {None, true[claim].amount}


def test_a_return_whose_sku_lost_its_zeros_still_is_the_return_of_its_order(tmp_path: Path) -> None:
    folder = with_saved_again(tmp_path / "exports", ("customer_returns",), european=False)
    saved = b"".join((folder / name).read_bytes() for name in as_exported()[1]["customer_returns"])
    assert len(came_back()) > 3
    assert [sku for sku in came_back().values() if f",{sku.lstrip('0')},".encode() not in saved] == []
    found = results(folder, tmp_path / "workspace")
    missing = {f.reference_id for f in found.findings if f.rule == "customer_return_missing"}
    assert missing & set(came_back()) == set()
    assert set(came_back()) <= {n.reference_id for n in found.not_claimed if n.reason == "returned"}
    told = [text for text in found.manifest["warnings"] if "leading zeros" in text]
    assert len(told) == 1
    assert found.manifest["warnings"].count(told[0]) == 1


def test_a_finding_that_rests_on_a_sku_with_zeros_put_back_needs_a_person(tmp_path: Path) -> None:
    folder = with_saved_again(tmp_path / "exports", ("settlement_v2",), european=False)
    found = results(folder, tmp_path / "workspace")
    touched = [f for f in found.findings if "its leading zeros were put back" in f.reasons]
    assert touched
    assert {f.confidence for f in touched} == {"review"}
    assert all(f.msku.startswith("0") for f in touched)
