"""The main job over the sample accounts, through the command that people use."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zlib
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import samples
from samples import (
    SAMPLES,
    cells,
    contents,
    copy_exports,
    day_of,
    halves,
    manifest,
    middle_day,
    run_audit,
    sample,
    table,
)

Audited = Callable[[str], Path]
MAY_BE_SPLIT = ("ledger_detail", "reimbursements", "customer_returns", "all_orders")


@pytest.fixture(params=SAMPLES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def out(name: str, audited: Audited) -> Path:
    return audited(name)


@pytest.fixture
def truth(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((sample(name) / "truth.json").read_bytes())
    return content


def test_the_results_folder_is_complete_and_holds_nothing_else(out: Path) -> None:
    assert {path.name for path in out.iterdir()} == {
        "findings.csv",
        "findings.parquet",
        "evidence.csv",
        "evidence.parquet",
        "not_claimed.csv",
        "claims",
        "summary.html",
        "findings.xlsx",
        "deadlines.ics",
        "rejects.csv",
        "missing_costs.csv",
        "run.json",
    }


def test_findings_are_exactly_what_is_owed(out: Path, truth: dict[str, Any]) -> None:
    """Rows of equal ledger events share a reference, so units and amounts are added up for each claim."""
    columns = ("rule", "reference_id", "msku", "status", "confidence", "claim_from", "claim_by", "currency")
    owed: dict[tuple[str, ...], tuple[int, Decimal]] = {}
    for entry in truth["owed"]:
        owed[tuple(entry[c] for c in columns)] = (entry["units"], Decimal(entry["amount"] or 0))
    found: dict[tuple[str, ...], tuple[int, Decimal]] = {}
    for row in table(out / "findings.csv"):
        key = tuple(row[c].removeprefix("'") for c in columns)
        units, amount = found.get(key, (0, Decimal(0)))
        found[key] = (units + int(row["units"]), amount + Decimal(row["amount"] or 0))
    assert found == owed


def test_findings_are_sorted_by_last_day_then_by_amount(out: Path) -> None:
    rows = table(out / "findings.csv")
    order = [(row["claim_by"] or "9999", -Decimal(row["amount"] or 0)) for row in rows]
    assert order == sorted(order)


def test_every_row_of_evidence_stands_at_its_line_of_the_original_export(name: str, out: Path) -> None:
    """Read with the encoding that run.json states, the line holds the very cells that the evidence shows."""
    inputs = {entry["file"]: entry for entry in manifest(out)["inputs"]}
    lines: dict[str, list[str]] = {}
    evidence = table(out / "evidence.csv")
    for row in evidence:
        about = inputs[row["file"]]
        if row["file"] not in lines:
            text = (sample(name) / row["file"]).read_bytes().decode(about["encoding"])
            lines[row["file"]] = text.split("\n")
        cells = parsed(lines[row["file"]][int(row["line"]) - 1], about["delimiter"])
        header = header_of(lines[row["file"]], json.loads(row["row"]), about["delimiter"])
        printed = dict(zip(header, cells, strict=False))
        shown = {column: cell for column, cell in json.loads(row["row"]).items() if column in printed}
        assert shown
        assert {column: printed[column].strip() for column in shown} == {c: v.strip() for c, v in shown.items()}
        assert row["sha256"] == about["sha256"]
    assert {row["finding_id"] for row in evidence} == {row["finding_id"] for row in table(out / "findings.csv")}


def parsed(line: str, delimiter: str) -> list[str]:
    line = line.removeprefix("\ufeff").rstrip("\r")
    return next(csv.reader(io.StringIO(line))) if delimiter == "," else line.split(delimiter)


def header_of(lines: list[str], row: dict[str, str], delimiter: str) -> list[str]:
    """The first line that names most of the row's columns: files of shipment contents begin with other lines."""
    return max((parsed(line, delimiter) for line in lines[:20] if line), key=lambda cells: len(set(cells) & set(row)))


def test_every_row_read_is_loaded_repeated_or_rejected(name: str, out: Path) -> None:
    told = manifest(out)
    for entry in told["inputs"]:
        rows = entry["rows"]
        assert rows["read"] == rows["loaded"] + rows["repeated"] + rows["rejected"]
    files = {entry["file"] for key in ("inputs", "unknown_files") for entry in told[key]}
    assert files == set(contents(sample(name)))


def test_every_lost_unit_ends_in_one_place(out: Path) -> None:
    balance = manifest(out)["unit_balance"]
    assert balance
    for row in balance:
        ends = ("found", "paid", "corrected", "open", "waiting", "expired")
        assert row["units"] == sum(row[end] for end in ends)
        assert row["reconciled_by_amazon"] <= row["found"]


def test_the_balance_and_the_findings_speak_of_the_same_units(out: Path) -> None:
    balance = Counter[tuple[str, str]]()
    for row in manifest(out)["unit_balance"]:
        for state in ("open", "waiting", "expired"):
            balance[f"warehouse_{row['family']}", state] += row[state]
    found = Counter[tuple[str, str]]()
    for row in table(out / "findings.csv"):
        if row["rule"].startswith("warehouse_"):
            found[row["rule"], row["status"]] += int(row["units"])
    assert +balance == found


def test_totals_never_mix_currencies_and_add_up_to_the_findings(out: Path) -> None:
    findings = table(out / "findings.csv")
    for total in manifest(out)["totals"]:
        keys = ("currency", "rule", "status", "confidence")
        rows = [row for row in findings if all(row[key] == total[key] for key in keys)]
        assert len(rows) == total["findings"]
        assert sum(int(row["units"]) for row in rows) == total["units"]
        known = [Decimal(row["amount"]) for row in rows if row["amount"]]
        assert len(rows) - len(known) == total["without_value"]
        assert Decimal(total["amount"] or 0) == sum(known)


def test_every_claim_that_is_fit_to_file_has_a_draft_and_nothing_else_has(out: Path) -> None:
    findings = {row["finding_id"]: row for row in table(out / "findings.csv")}
    index = table(out / "claims" / "index.csv")
    drafts = {path.name for path in (out / "claims").glob("*.md")}
    assert {row["file"] for row in index} == drafts
    for row in index:
        finding = findings[row["finding_id"]]
        assert (finding["status"], finding["confidence"]) == ("open", "high")
        assert row["file"] == f"{finding['claim_by']}_{finding['rule']}_{finding['finding_id']}.md"
        rows = table(out / "claims" / row["file"].replace(".md", ".csv"))
        assert {evidence["finding_id"] for evidence in rows} == {row["finding_id"]}


def test_every_finding_stands_in_the_page(out: Path) -> None:
    page = (out / "summary.html").read_text(encoding="utf-8")
    assert [row["finding_id"] for row in table(out / "findings.csv") if row["finding_id"] not in page] == []


def test_no_file_names_a_folder_of_this_machine(out: Path) -> None:
    for name, content in contents(out).items():
        assert str(out.parent).encode() not in content, name
        assert str(samples.ROOT).encode() not in content, name


def test_two_runs_write_the_same_bytes(name: str, out: Path, tmp_path: Path) -> None:
    """Into another folder, with an empty workspace."""
    assert run_audit(sample(name), tmp_path / "again").exit_code == 0
    assert contents(tmp_path / "again") == contents(out)


def key_of_findings(out: Path) -> list[tuple[str, ...]]:
    kept = ("finding_id", "status", "units", "amount", "currency", "claim_by")
    return sorted(tuple(row[column] for column in kept) for row in table(out / "findings.csv"))


def other_exports(
    name: str, out: Path, place: Path, reading_cache: Path, change: Callable[[str, bytes], list[bytes]]
) -> Path:
    """The results of the same account exported in another way, under names that say nothing, in another order."""
    reports = {entry["file"]: entry["report"] for entry in manifest(out)["inputs"]}
    copy_exports(sample(name), place / "exports", reports, change)
    assert run_audit(place / "exports", place / "other", cache=reading_cache).exit_code == 0
    return place / "other"


def test_renamed_reordered_and_doubled_files_change_no_finding(
    name: str, out: Path, tmp_path: Path, reading_cache: Path
) -> None:
    other = other_exports(name, out, tmp_path, reading_cache, lambda report, content: [content] * (2 if report else 1))
    assert key_of_findings(other) == key_of_findings(out)


def test_files_split_into_any_two_parts_change_no_finding(
    name: str, out: Path, tmp_path: Path, reading_cache: Path
) -> None:
    """Rows of one product and day stay together: equal ones are different events, and in two exports they are one."""

    def split(report: str, content: bytes) -> list[bytes]:
        def early(row: bytes) -> bool:
            return zlib.crc32(b"|".join(cells(row)[:4])) % 2 == 0

        return halves(content, early) if report in MAY_BE_SPLIT else [content]

    assert key_of_findings(other_exports(name, out, tmp_path, reading_cache, split)) == key_of_findings(out)


def test_files_split_by_day_change_no_finding_but_those_that_rest_on_a_fresh_figure(
    name: str, out: Path, tmp_path: Path, reading_cache: Path
) -> None:
    """The earlier half of a ledger is an older export, and Amazon's figures in an older export are stale.

    So a loss that only Amazon's fresh figure keeps open, against the finds and payments of the rows, may close.
    """

    def split(report: str, content: bytes) -> list[bytes]:
        middle = middle_day(content) if report in MAY_BE_SPLIT else ""
        return halves(content, lambda row: day_of(row) < middle) if middle else [content]

    by_figure = {row["finding_id"] for row in table(out / "findings.csv") if "Amazon still counts" in row["reasons"]}
    before, after = (
        [key for key in key_of_findings(folder) if key[0] not in by_figure]
        for folder in (out, other_exports(name, out, tmp_path, reading_cache, split))
    )
    assert after == before


def test_files_that_are_no_exports_are_named_and_left_alone(out: Path, sample_manifest: dict[str, Any]) -> None:
    unknown = {entry["file"] for entry in sample_manifest["unknown_files"]}
    assert {"truth.json", "notes.txt", "campaigns.csv"} <= unknown


def refused(exports: Path, out: Path) -> str:
    """Run into results that are already there, and see that they stand as they were."""
    before = contents(out)
    result = run_audit(exports, out)
    assert result.exit_code == 3
    assert "Traceback" not in result.output
    assert contents(out) == before
    return result.output


@pytest.fixture
def old_results(audited: Audited, tmp_path: Path) -> Path:
    return Path(shutil.copytree(audited("us"), tmp_path / "results"))


def test_an_empty_folder_is_refused_and_old_results_stay(old_results: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "no files" in refused(tmp_path / "empty", old_results)


def test_a_folder_without_any_export_is_refused_with_the_names_of_its_files(old_results: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "holiday.txt").write_text("Dear diary\n", encoding="utf-8")
    assert "holiday.txt" in refused(tmp_path / "other", old_results)


def test_two_accounts_in_one_folder_are_refused_with_their_marketplaces(old_results: Path, tmp_path: Path) -> None:
    for name in ("us", "de"):
        shutil.copytree(sample(name), tmp_path / "mixed" / name)
    said = refused(tmp_path / "mixed", old_results)
    assert "US in " in said
    assert "DE in " in said


def test_a_refused_first_run_leaves_no_results_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run_audit(tmp_path / "empty", tmp_path / "out").exit_code == 3
    assert not (tmp_path / "out").exists()


def test_a_finding_that_ends_soon_gives_exit_code_4_and_still_writes_the_results(tmp_path: Path) -> None:
    assert run_audit(sample("us"), tmp_path / "out", "--fail-within", "7").exit_code == 4
    assert (tmp_path / "out" / "run.json").is_file()


def test_results_replace_older_results_and_keep_a_persons_own_files(old_results: Path) -> None:
    (old_results / "my notes.txt").write_text("called Amazon", encoding="utf-8")
    assert run_audit(sample("us"), old_results, "--account", "Blue Kettle").exit_code == 0
    assert manifest(old_results)["account"] == "Blue Kettle"
    assert (old_results / "my notes.txt").read_text(encoding="utf-8") == "called Amazon"
