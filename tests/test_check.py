"""`audit check` tells an analyst what is there, what is missing for which rule, and what to do about each file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from samples import manifest, run_audit, sample, table

from auditor.cli import cli
from auditor.rulebook.rules import load_rules

PLANNING = ("snapshot-date", "sku", "fnsku", "asin", "available", "inv-age-0-to-90-days", "currency", "marketplace")
FOREIGN = ("approval-date", "reimbursement-id", "reason", "fnsku", "currency-unit", "amount-per-unit")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workspace")


@pytest.fixture(scope="module")
def reports(workspace: Path) -> dict[str, list[str]]:
    """The files of the US sample by report."""
    found: dict[str, list[str]] = {}
    for file in checked(sample("us"), workspace)["files"]:
        found.setdefault(str(file["report"]), []).append(file["file"])
    return found


def check(folder: Path, workspace: Path, *options: str, columns: int = 80) -> Result:
    """`audit check` on a screen of some width."""
    command = ["check", str(folder), "--workspace", str(workspace), *options]
    return CliRunner().invoke(cli, command, env={"COLUMNS": str(columns)})


def checked(folder: Path, workspace: Path, code: int = 0) -> dict[str, Any]:
    result = check(folder, workspace, "--json")
    assert result.exit_code == code
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def copied(target: Path, change: Callable[[str, list[bytes]], list[bytes] | None] = lambda _, rows: rows) -> Path:
    """The US sample, each file changed line by line; None leaves it out."""
    target.mkdir()
    for path in sorted(sample("us").iterdir()):
        rows = change(path.name, path.read_bytes().splitlines(keepends=True))
        if rows is not None:
            (target / path.name).write_bytes(b"".join(rows))
    return target


def need(report: dict[str, Any], rule: str, export: str) -> dict[str, Any]:
    return next(n for n in report["needs"] if (n["rule"], n["report"]) == (rule, export))


def test_every_rule_is_told_whether_what_it_concludes_from_absence_is_covered(workspace: Path) -> None:
    report = checked(sample("us"), workspace)
    rules = {"customer_return_missing", "inbound_missing", "warehouse_damaged", "warehouse_lost", "removal_lost"}
    needs = [n for n in report["needs"] if n["from_absence"] and n["rule"] in rules]
    from_absence = {(n["rule"], n["report"]): n["without"] for n in needs}
    assert from_absence == {
        ("customer_return_missing", "customer_returns"): "no_finding",
        ("customer_return_missing", "reimbursements"): "review",
        ("inbound_missing", "ledger_detail"): "no_finding",
        ("inbound_missing", "reimbursements"): "review",
        ("removal_lost", "removal_receipts"): "no_finding",
        ("removal_lost", "reimbursements"): "review",
        ("warehouse_damaged", "ledger_detail"): "review",
        ("warehouse_damaged", "reimbursements"): "review",
        ("warehouse_lost", "ledger_detail"): "review",
        ("warehouse_lost", "reimbursements"): "review",
    }
    assert need(report, "customer_return_missing", "customer_returns")["state"] == "covered"


def test_run_json_and_check_say_the_same(audited: Callable[[str], Path], workspace: Path) -> None:
    report, told = checked(sample("us"), workspace), manifest(audited("us"))
    for theirs, ours in (("reports", "coverage"), ("needs", "needs"), ("to_export", "to_export")):
        assert report[theirs] == told[ours]


def test_a_gap_is_named_with_the_days_to_export_and_what_waits_for_them(
    tmp_path: Path, workspace: Path, reports: dict[str, list[str]]
) -> None:
    (name,) = reports["customer_returns"]
    folder = copied(tmp_path / "in")
    header, *rows = (folder / name).read_bytes().splitlines(keepends=True)
    for file, kept in ((name, (b"2026-03",)), ("later.txt", (b"2026-05", b"2026-06"))):
        (folder / file).write_bytes(header + b"".join(row for row in rows if row.startswith(kept)))
    report = checked(folder, workspace)
    returns = need(report, "customer_return_missing", "customer_returns")
    ((gap_from, gap_to),) = [(day["from"], day["to"]) for day in returns["days"]]
    assert (returns["state"], gap_from <= "2026-04-05", gap_to >= "2026-04-25") == ("has gaps", True, True)
    assert f"export the days {gap_from} to {gap_to}: Reports > Fulfilment" in returns["remedy"]
    covered = next(line for line in report["reports"] if line["report"] == "customer_returns")
    assert covered["gaps"] == [{"from": gap_from, "to": gap_to}]
    line = next(x for x in report["to_export"] if x["report"] == "customer_returns")
    assert (line["rule"], line["units"] > 0, float(line["worth"]["USD"]) > 0) == ("customer_return_missing", True, True)


def test_an_export_that_is_missing_is_named_for_every_rule_that_needs_it(
    tmp_path: Path, workspace: Path, reports: dict[str, list[str]]
) -> None:
    gone = {*reports["customer_returns"], *reports["costs"]}
    report = checked(copied(tmp_path / "in", lambda name, rows: None if name in gone else rows), workspace)
    assert need(report, "customer_return_missing", "customer_returns")["state"] == "missing"
    costs = {line["rule"] for line in report["to_export"] if line["report"] == "costs"}
    assert costs == {rule.rule_id for rule in load_rules()[0] if "costs" in rule.facts.tables}
    assert {"inbound_missing", "warehouse_damaged", "warehouse_lost"} <= costs
    assert need(report, "warehouse_lost", "costs")["remedy"].startswith("add it: Your own file")


def test_transaction_reports_do_instead_of_settlements_and_cover_their_own_days(
    tmp_path: Path, workspace: Path, reports: dict[str, list[str]]
) -> None:
    folder = copied(tmp_path / "in", lambda name, rows: None if name in reports["settlement_v2"] else rows)
    lacking = need(checked(folder, workspace), "customer_return_missing", "settlement_v2")
    assert (lacking["state"], lacking["instead"]) == ("missing", ["transactions"])
    assert "All Statements (flat file V2), or Payments > Reports Repository" in lacking["remedy"]
    header = '"date/time","settlement id","type","order id","sku","quantity","marketplace","product sales","total"\n'
    row = (
        '"{} 1, 2026 8:00:00 AM PST","20000000001","Refund","111-0000001-0000001","SKU-1","1","amazon.com","-5","-5"\n'
    )
    for month in ("Mar", "Apr"):
        (folder / f"{month}.csv").write_text(header + row.format(month), encoding="utf-8")
    report = checked(folder, workspace)
    refunds = need(report, "customer_return_missing", "settlement_v2")
    assert refunds["state"] == "ends early"
    assert refunds["days"] == [{"from": "2026-03-02", "to": "2026-03-31"}, {"from": "2026-04-02", "to": "2026-06-30"}]
    assert refunds["title"] == "Settlement V2 or Transaction report (date range)"


def test_a_file_that_a_spreadsheet_mangled_is_named_with_its_line_and_the_remedy(
    tmp_path: Path, workspace: Path, reports: dict[str, list[str]]
) -> None:
    name = reports["customer_returns"][0]

    def mangled(file: str, rows: list[bytes]) -> list[bytes]:
        if file != name:
            return rows
        cells = rows[3].split(b"\t")
        return [*rows[:3], b"\t".join([cells[0], b"1.11302E+16", *cells[2:]]), *rows[4:]]

    (warning,) = checked(copied(tmp_path / "in", mangled), workspace)["warnings"]
    assert warning.startswith(f"{name}:4: a spreadsheet has damaged 1 identifiers, the first in column order-id.")
    assert warning.endswith("Download this export again; do not save it from a spreadsheet.")


def largest(names: list[str]) -> str:
    """The file with the most rows of the US sample: it holds refunds of many orders."""
    return max(names, key=lambda name: (len((sample("us") / name).read_bytes().splitlines()), name))


def truncated_settlement(reports: dict[str, list[str]]) -> Callable[[str, list[bytes]], list[bytes]]:
    name = largest(reports["settlement_v2"])
    return lambda file, rows: rows[:-3] if file == name else rows


def test_a_truncated_settlement_is_named_and_its_refunds_need_a_person(
    tmp_path: Path, workspace: Path, reports: dict[str, list[str]]
) -> None:
    name = largest(reports["settlement_v2"])
    folder = copied(tmp_path / "in", truncated_settlement(reports))
    (warning,) = checked(folder, workspace)["warnings"]
    assert name in warning
    assert "add up to" in warning
    assert "Download the settlement again" in warning
    assert run_audit(folder, tmp_path / "out").exit_code == 0
    findings = {row["finding_id"]: row for row in table(tmp_path / "out" / "findings.csv")}
    doubted = {key for key, row in findings.items() if "settlement_incomplete" in row["reasons"]}
    assert doubted
    assert {findings[key]["confidence"] for key in doubted} == {"review"}
    assert "customer_return_missing" in {findings[key]["rule"] for key in doubted}
    assert doubted.isdisjoint(row["finding_id"] for row in table(tmp_path / "out" / "claims" / "index.csv"))


def test_a_truncated_planning_file_is_named(tmp_path: Path, workspace: Path) -> None:
    folder = copied(tmp_path / "in")
    rows = [f"2026-06-30\tSKU-{n}\tX00000000{n}\tB00000000{n}\t1\t1\tUSD\tUS" for n in range(4)]
    text = "\n".join(["\t".join(PLANNING), *rows])
    (folder / "planning.txt").write_text(text[: text.rindex("\t", 0, text.rindex("\t"))], encoding="utf-8")
    report = checked(folder, workspace)
    (file,) = [file for file in report["files"] if file["file"] == "planning.txt"]
    assert (file["report"], file["rows_read"], file["rows_rejected"]) == ("inventory_planning", 4, 1)
    assert "planning.txt: The last row is cut off: the file is not complete. Download it again." in report["warnings"]


def test_a_file_of_another_account_and_one_that_is_spoiled_are_both_refused_by_name(
    tmp_path: Path, workspace: Path
) -> None:
    folder = copied(tmp_path / "in")
    row = "2026-06-01\t11000000001\tLost_Warehouse\tX000000001\tJPY\t900\n"
    (folder / "foreign.txt").write_text("\t".join(FOREIGN) + "\n" + row, encoding="utf-8")
    (folder / "spoiled.txt").write_text("\t".join(FOREIGN) + "\n" + row.replace("2026", "x") * 3, encoding="utf-8")
    report = checked(folder, workspace, code=3)
    spoiled, foreign = report["refusals"]
    assert spoiled.startswith("spoiled.txt:2: 3 of 3 rows cannot be read")
    assert "FE: JPY in foreign.txt" in foreign
    assert "a folder of its own" in foreign
    assert [n["state"] for n in report["needs"]]
    ran = run_audit(folder, tmp_path / "out")
    assert (ran.exit_code, (tmp_path / "out").exists()) == (3, False)


@pytest.mark.parametrize("columns", [80, 120])
def test_the_tables_fit_the_screen_and_break_no_name_of_a_rule(workspace: Path, columns: int) -> None:
    result = check(sample("us"), workspace, columns=columns)
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= columns
    for title in ("Files", "Days covered", "What each rule needs", "What to export next"):
        assert f"\n{title}" in f"\n{result.stdout}"
    for rule in ("customer_return_missing", "inbound_missing", "warehouse_damaged", "warehouse_lost"):
        assert f"\n{rule} " in result.stdout
