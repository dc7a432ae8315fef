"""Exports that went through a spreadsheet never make a claim that the exports themselves do not make."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

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


@dataclass(frozen=True)
class Exported:
    """The US sample as it was exported: what is found in it, and its files by report."""

    results: Results
    files: dict[str, list[str]]

    def came_back(self) -> dict[str, str]:
        """Orders of which all refunded units came back, of SKUs with leading zeros: the SKU by order."""
        rejected = [n for n in self.results.not_claimed if n.rule == "customer_return_missing"]
        back = [n for n in rejected if n.reason == "returned" and f"{n.units} of {n.units}" in n.explanation]
        return {n.reference_id: n.msku for n in back if n.msku.startswith("0")}

    def saved_again(self, folder: Path, reports: tuple[str, ...], european: bool) -> Path:
        """The sample, with the files of some reports as a spreadsheet saved them."""
        shutil.copytree(sample("us"), folder)
        for report in reports:
            for name in self.files[report]:
                (folder / name).write_bytes(saved_again((folder / name).read_bytes(), european))
        return folder


@pytest.fixture(scope="module")
def exported(reading_cache: Path) -> Exported:
    found = results(sample("us"), reading_cache)
    files: dict[str, list[str]] = {}
    for file in found.manifest["inputs"]:
        files.setdefault(file["report"], []).append(file["file"])
    return Exported(found, files)


@pytest.mark.parametrize(
    ("report", "european"),
    [*((report, False) for report in REPORTS), ("customer_returns", True), ("settlement_v2", True)],
)
def test_a_report_that_was_saved_again_makes_no_claim_of_its_own(
    exported: Exported, tmp_path: Path, reading_cache: Path, report: str, european: bool
) -> None:
    found = results(exported.saved_again(tmp_path / "exports", (report,), european), reading_cache)
    true = claims(exported.results)
    assert set(claims(found)) <= set(true)
    for claim, finding in claims(found).items():
        assert finding.amount in {None, true[claim].amount}


def test_a_return_whose_sku_lost_its_zeros_still_is_the_return_of_its_order(
    exported: Exported, tmp_path: Path, reading_cache: Path
) -> None:
    folder = exported.saved_again(tmp_path / "exports", ("customer_returns",), european=False)
    saved = b"".join((folder / name).read_bytes() for name in exported.files["customer_returns"])
    assert len(exported.came_back()) > 3
    assert [sku for sku in exported.came_back().values() if f",{sku.lstrip('0')},".encode() not in saved] == []
    found = results(folder, reading_cache)
    missing = {f.reference_id for f in found.findings if f.rule == "customer_return_missing"}
    assert missing & set(exported.came_back()) == set()
    assert set(exported.came_back()) <= {n.reference_id for n in found.not_claimed if n.reason == "returned"}
    told = [text for text in found.manifest["warnings"] if "leading zeros" in text]
    assert len(told) == 1
    assert found.manifest["warnings"].count(told[0]) == 1


def test_a_finding_that_rests_on_a_sku_with_zeros_put_back_needs_a_person(
    exported: Exported, tmp_path: Path, reading_cache: Path
) -> None:
    folder = exported.saved_again(tmp_path / "exports", ("settlement_v2",), european=False)
    found = results(folder, reading_cache)
    touched = [f for f in found.findings if "its leading zeros were put back" in f.reasons]
    assert touched
    assert {f.confidence for f in touched} == {"review"}
    assert all(f.msku.startswith("0") for f in touched)
