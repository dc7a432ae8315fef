"""The case log as a person meets it: on the command line, from one audit to the next."""

from __future__ import annotations

import csv
import json
from collections import Counter
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
    calendar = (place / "out" / "deadlines.ics").read_text(encoding="utf-8")
    [event] = [event for event in calendar.split("BEGIN:VEVENT") if f"UID:{chosen}@" in event]
    assert "STATUS:CANCELLED" in event
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


def test_a_claim_is_packed_before_and_after_it_is_filed(place: Path, tmp_path: Path) -> None:
    chosen = min(drafted(place))
    packed = claims(place, "pack", chosen, "--out", str(place / "out"), "--to", str(tmp_path))
    assert packed.exit_code == 0, packed.output
    (folder,) = tmp_path.iterdir()
    sheet = next((place / "out" / "claims").glob(f"*_{chosen}.md"))
    assert (folder / "README.md").read_bytes() == sheet.read_bytes()
    assert (folder / "evidence.csv").read_bytes() == sheet.with_suffix(".csv").read_bytes()
    assert (folder / "text.txt").read_text(encoding="utf-8").strip() in sheet.read_text(encoding="utf-8")
    assert "## Reseller" in (folder / "documents" / "README.md").read_text(encoding="utf-8")
    assert not (folder / "reply.md").exists()
    assert claims(place, "file", chosen, "--case-id", "4713", "--on", "2026-06-20").exit_code == 0
    assert claims(place, "answer", chosen, "denied", "--because", "found").exit_code == 0
    again = claims(place, "pack", chosen, "--out", str(place / "out"), "--to", str(tmp_path))
    assert again.exit_code == 0, again.output
    assert "filed > denied" in (folder / "history.txt").read_text(encoding="utf-8")
    assert "Case 4713" in (folder / "reply.md").read_text(encoding="utf-8")
    told = claims(place, "reply", chosen, "--json")
    assert json.loads(told.output)["reply"] == "found"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["pack", "FZZZZZZZZZZZ"], "hold no finding"),
        (["reply", "FZZZZZZZZZZZ"], "no finding"),
        (["answer", "FZZZZZZZZZZZ", "denied", "--because", "mood"], "no reason of a denial"),
        (["answer", "FZZZZZZZZZZZ", "approved", "--because", "found"], "only a denial"),
    ],
)
def test_what_cannot_be_meant_is_answered_in_words(place: Path, arguments: list[str], told: str) -> None:
    done = claims(place, *arguments, "--out", str(place / "out"))
    assert done.exit_code == 2
    assert told in done.output


def test_two_days_of_the_log_are_compared(place: Path) -> None:
    command = ["diff", "2026-01-01", "2026-12-31", "--workspace", str(place / "work"), "--json"]
    told = json.loads(CliRunner().invoke(cli, command).output)
    assert told["before"] == {}
    assert {change["kind"] for change in told["changes"]} >= {"new"}
    for currency, after in told["after"].items():
        assert sum(c["units"] for c in told["changes"] if c["currency"] == currency) == after["units"]


def test_what_is_overdue_says_so_beside_its_owner(place: Path) -> None:
    still_open = json.loads(claims(place, "list", "--state", "open", "--json").output)["cases"]
    chosen = min(case["finding_id"] for case in still_open)
    assert claims(place, "file", chosen, "--case-id", "4714", "--on", "2026-06-20", "--owner", "Mira").exit_code == 0
    assert claims(place, "answer", chosen, "info_needed", "--on", "2026-06-22").exit_code == 0
    line = next(x for x in claims(place, "next", "--on", "2026-06-30").output.splitlines() if chosen in x)
    assert "2026-06-29, overdue" in line
    assert "Mira" in line
    assert "overdue" not in next(
        x for x in claims(place, "next", "--on", "2026-06-29").output.splitlines() if chosen in x
    )


def test_the_pace_comes_from_the_settings_file(place: Path, tmp_path: Path) -> None:
    settings = tmp_path / "audit.toml"
    settings.write_text("[claims.next]\nper_day = 2\n")
    command = ["--config", str(settings), "claims", "next", "--workspace", str(place / "work"), "--on", "2026-06-21"]
    told = json.loads(CliRunner().invoke(cli, [*command, "--json"]).output)["actions"]
    assert Counter(action["day"] for action in told if action["step"] == "file")["2026-06-22"] == 2
