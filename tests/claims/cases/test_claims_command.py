"""The case log as a person meets it: on the command line, from one audit to the next."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from auditor.cli import cli
from auditor.simulate import build_account, write_account


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exports of a small account, and its results."""
    folder = tmp_path_factory.mktemp("claims")
    write_account(build_account(3, "US", 40), folder / "exports")
    audit(folder)
    return folder


def audit(folder: Path, *options: str) -> None:
    command = ["run", str(folder / "exports"), "--out", str(folder / "out"), "--workspace", str(folder / "work")]
    done = CliRunner().invoke(cli, [*command, "--quiet", *options])
    assert (done.exit_code, done.output) == (0, "")


def claims(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["claims", *arguments, "--workspace", str(folder / "work")])


def findings(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "out" / "findings.csv").open(encoding="utf-8", newline="") as file:
        return {row["finding_id"]: row for row in csv.DictReader(file)}


def drafted(folder: Path) -> set[str]:
    return {path.stem.rsplit("_", 1)[1] for path in (folder / "out" / "claims").glob("*.md")}


def test_every_finding_is_a_case_in_its_state(place: Path) -> None:
    told = json.loads(claims(place, "list", "--json").output)["cases"]
    rows = findings(place)
    assert {case["finding_id"] for case in told} <= set(rows)
    assert {row["rule"] for row in rows.values()} - {case["rule"] for case in told} <= {"payout_exposure"}
    for case in told:
        row = rows[case["finding_id"]]
        assert (case["state"], str(case["units"]), case["amount"] or "") == (row["status"], row["units"], row["amount"])


def test_a_filed_claim_is_filed_in_the_next_results_and_not_drafted_again(place: Path) -> None:
    chosen = min(drafted(place))
    filed = claims(place, "file", chosen.lower(), "--case-id", "4711", "--on", "2026-06-29", "--by", "Mira")
    assert (filed.exit_code, filed.output) == (0, f"{chosen} is filed, case 4711.\n")
    before = drafted(place)
    audit(place)
    assert findings(place)[chosen]["status"] == "filed"
    assert drafted(place) == before - {chosen}
    page = (place / "out" / "summary.html").read_text(encoding="utf-8")
    assert chosen in page
    history = json.loads(claims(place, "show", chosen, "--json").output)["history"]
    assert [(line["who"], line["to_state"]) for line in history] == [("audit", "open"), ("Mira", "filed")]


def test_moves_answer_in_words_and_refuse_with_the_possible_moves(place: Path) -> None:
    chosen = min(drafted(place))
    assert claims(place, "file", chosen, "--case-id", "4712").exit_code == 0
    asked = claims(place, "answer", chosen, "info_needed", "--note", "wants the invoice", "--on", "2026-07-01")
    assert asked.output == f"{chosen} is info_needed, case 4712.\n"
    told = claims(place, "next", "--on", "2026-07-02").output
    assert "answer" in told
    assert "Amazon asked for information" in told
    refused = claims(place, "file", chosen, "--case-id", "4713")
    assert refused.exit_code == 2
    assert "It can become: in_progress" in refused.output
    assert "wants the invoice" in claims(place, "show", chosen).output


def test_a_list_that_another_program_reads_is_never_folded(place: Path) -> None:
    for line in claims(place, "list", "--state", "open").output.splitlines()[1:]:
        assert line.split()[1] == "open"


def test_an_unknown_state_and_a_log_that_is_not_there_are_wrong_usage(place: Path, tmp_path: Path) -> None:
    strange = claims(place, "list", "--state", "lost")
    assert (strange.exit_code, "is no state" in strange.output) == (2, True)
    nowhere = claims(tmp_path, "next")
    assert (nowhere.exit_code, "Run `audit run PATH` first" in nowhere.output) == (2, True)


def test_the_log_is_found_from_the_results_folder(place: Path) -> None:
    audit(place)
    told = CliRunner().invoke(cli, ["claims", "list", "--out", str(place / "out")])
    assert told.exit_code == 0
    assert "warehouse_lost" in told.output


def test_a_log_that_cannot_be_used_stops_no_audit(place: Path) -> None:
    command = [
        "run",
        str(place / "exports"),
        "--out",
        str(place / "other"),
        "--workspace",
        str(place / "work"),
        "--quiet",
    ]
    done = CliRunner().invoke(cli, [*command, "--database-url", "postgresql://audit@127.0.0.1:1/cases"])
    assert done.exit_code == 0
    warnings = json.loads((place / "other" / "run.json").read_bytes())["warnings"]
    assert [text for text in warnings if "case log" in text and "127.0.0.1" in text]
