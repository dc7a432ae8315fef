"""A results folder read back says what was written; damage and absence are told with a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.model import AuditError, Results, WrongUsage
from auditor.publish import reading
from auditor.publish.folder import write_results
from auditor.publish.reading import draft_file, read_results


@pytest.fixture
def out(results: Results, tmp_path: Path) -> Path:
    write_results(results, tmp_path / "out", extra={})
    return tmp_path / "out"


def test_everything_comes_back_as_it_was(results: Results, out: Path) -> None:
    read = read_results(out, evidence_of="F00000000001")
    assert read.findings == results.findings
    assert read.not_claimed == results.not_claimed
    assert read.manifest == results.manifest
    assert read.evidence == tuple(row for row in results.evidence if row.finding_id == "f00000000001")


def test_cells_keep_their_order(results: Results, out: Path) -> None:
    read = read_results(out, evidence_of="f00000000001")
    assert list(read.evidence[0].row) == list(results.evidence[0].row)


def test_no_finding_is_empty_results_too(empty: Results, tmp_path: Path) -> None:
    write_results(empty, tmp_path / "out", extra={})
    assert read_results(tmp_path / "out").findings == ()


def test_a_folder_without_results_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="no audit results"):
        read_results(tmp_path)


@pytest.mark.parametrize("name", ["findings.parquet", "evidence.parquet", "not_claimed.csv"])
@pytest.mark.parametrize("damage", ["gone", "cut", "empty"])
def test_a_damaged_file_is_told_with_a_remedy(out: Path, name: str, damage: str) -> None:
    path = out / name
    content = path.read_bytes()
    path.unlink()
    if damage != "gone":
        path.write_bytes(content[: len(content) // 2] if damage == "cut" else b"")
    with pytest.raises(AuditError, match="audit run"):
        read_results(out, evidence_of="f00000000001")


def test_a_folder_replaced_between_two_files_is_read_again(
    results: Results, empty: Results, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, times = reading._read, []

    def replaced_meanwhile(folder: Path, evidence_of: str) -> Results:
        found = read(folder, evidence_of)
        if not times:
            write_results(empty, out, extra={})
        times.append(1)
        return found

    monkeypatch.setattr(reading, "_read", replaced_meanwhile)
    assert read_results(out).findings == ()
    assert len(times) == 2


def test_the_draft_of_a_finding_is_found_by_its_id(results: Results, out: Path) -> None:
    assert draft_file(out, results.findings[0]) == "claims/2026-07-03_warehouse_lost_f00000000001.md"
    assert draft_file(out, results.findings[2]) == ""
