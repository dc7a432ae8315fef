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
#: SKU 0007380 of the American sample: a unit of it was refunded and came back.
SHORT, WHOLE, ORDER = "7380", "0007380", "118-0350544-4742353"


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
def as_exported() -> tuple[dict[tuple[str, ...], Finding], dict[str, list[str]]]:
    """The claims of the sample, and its files by report."""
    with TemporaryDirectory() as workspace:
        found = results(sample("us"), Path(workspace))
    files: dict[str, list[str]] = {}
    for file in found.manifest["inputs"]:
        files.setdefault(file["report"], []).append(file["file"])
    return claims(found), files


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
    true, _ = as_exported()
    assert set(claims(found)) <= set(true)
    for claim, finding in claims(found).items():
        assert finding.amount in {None, true[claim].amount}


def test_a_return_whose_sku_lost_its_zeros_still_is_the_return_of_its_order(tmp_path: Path) -> None:
    folder = with_saved_again(tmp_path / "exports", ("customer_returns",), european=False)
    assert any(f",{SHORT},".encode() in (folder / name).read_bytes() for name in as_exported()[1]["customer_returns"])
    found = results(folder, tmp_path / "workspace")
    assert ORDER not in {f.reference_id for f in found.findings}
    assert [n.reason for n in found.not_claimed if n.reference_id == ORDER] == ["returned"]
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
